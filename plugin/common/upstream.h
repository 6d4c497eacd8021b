/* upstream.h
 * What Wireshark's own dissectors are asked for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_UPSTREAM_H
#define MSICCP_UPSTREAM_H

#include "common/compat.h"

#include <epan/conversation.h>

void upstream_register(void);

/*
 * The names that fields give to their values: the tables behind them are not
 * exported by every release; the fields are.
 *
 * The name of a value of this field; NULL: it has none, or there is no such field. Static.
 */
const char *upstream_value_name(const header_field_info *field, uint32_t value);

/*
 * Dissectors in our place: they are offered the reassembly that was offered to us,
 * which Wireshark offers to nobody further up. What they return is what they would
 * return if they were called by TCP or UDP itself.
 */
int upstream_dissect(dissector_handle_t dissector, tvbuff_t *tvb, packet_info *pinfo,
                     proto_tree *tree, void *data);
bool upstream_try_heuristics(heur_dissector_list_t heuristics, tvbuff_t *tvb, packet_info *pinfo,
                             proto_tree *tree, void *data);

/*
 * The conversation that the packet is of, as find_conversation_pinfo() finds it; NULL: none. Which
 * costs as much as several dissectors, and is done once for what the first pass asks of a segment.
 */
conversation_t *upstream_conversation(packet_info *pinfo);

/*
 * First pass only: the same of a segment that TCP's dissector does not have yet, by the ports in
 * it. It is that of upstream_conversation() behind TCP, unless the segment begins a connection.
 */
conversation_t *upstream_conversation_ahead(const packet_info *pinfo, uint32_t from_port,
                                            uint32_t to_port, bool begins);

/*
 * Our dissector, which has no protocol of its own and so adds no layer, takes the place that
 * Wireshark's has in a table, and is to call that: it is returned.
 */
dissector_handle_t upstream_stand_before(const char *table, uint32_t value, dissector_t ours,
                                         const char *name, const char *description);

#endif
