/* reading.h
 * Reads from the tree what Wireshark's own dissectors decoded: names, products,
 * causes, addresses. So nothing that upstream decodes is decoded again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_READING_H
#define MSICCP_READING_H

#include "readers/meanings.h"

/* A tree that a dissector writes to and that can be read afterwards. */
typedef struct {
    proto_tree *tree;           /* to be handed to the dissector */
    hf_ref_type *wanted_before; /* of each field that is read; packet scope */
    proto_node *before;         /* the last item that was there before; NULL: none */
} reading_t;

/* Called in handoff, when the fields of all protocols are registered. */
void reading_handoff(void);

/*
 * Makes the tree readable. Where there is none (no tree is wanted for this
 * packet), one is lent that lives until the packet is done.
 */
reading_t reading_begin(packet_info *pinfo, proto_tree *tree);

/* The first node that has been written since then; NULL: none has. */
const proto_node *reading_first(const reading_t *reading);

/* Fills the message with what has been written to the tree since reading_begin(). */
void reading_end(const reading_t *reading, wmem_allocator_t *scope, message_t *message);

typedef void (*dissect_message_t)(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

/*
 * Has a message dissected, and fills in what it tells: from the tree, or, where one laid out alike
 * has been read before, from what that one told (recall.h). False: it tells nothing. What the
 * dissector throws goes on; the message then has what was told so far.
 */
bool reading_dissect(dissect_message_t dissect, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                     message_t *message);

#endif
