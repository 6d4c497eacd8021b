/* foreign.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/foreign.h"

#include "common/protocol.h"
#include "common/upstream.h"

#include <epan/exceptions.h>

static dissector_handle_t *handles; /* a row of the table each; epan scope */
static heur_dissector_list_t tcp_heuristics;
static heur_dissector_list_t udp_heuristics;

void
foreign_handoff(void)
{
    unsigned count;
    const foreign_t *rows = signatures(&count);

    handles = wmem_alloc0_array(wmem_epan_scope(), dissector_handle_t, count);
    for (unsigned i = 0; i < count; i++) {
        if (rows[i].dissector)
            handles[i] = find_dissector_add_dependency(rows[i].dissector, proto_msiccp);
        else if (rows[i].table)
            handles[i] = dissector_get_default_uint_handle(rows[i].table, rows[i].port);
    }
    tcp_heuristics = find_heur_dissector_list("tcp");
    udp_heuristics = find_heur_dissector_list("udp");
}

match_t
foreign_identify(tvbuff_t *tvb, transport_t transport, strength_t weakest,
                 const foreign_t **foreign)
{
    payload_t payload = {.captured = tvb_captured_length(tvb),
                         .reported = tvb_reported_length(tvb)};

    payload.length = MIN(payload.captured, SIGNATURE_LENGTH);
    payload.bytes = tvb_get_ptr(tvb, 0, (int)payload.length);
    return signature_match(&payload, transport, weakest, foreign);
}

bool
foreign_is_dissecting(packet_info *pinfo)
{
    return p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_IN_FOREIGN) != NULL;
}

static void
set_dissecting(packet_info *pinfo, bool is_dissecting)
{
    p_set_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_IN_FOREIGN,
                     GINT_TO_POINTER(is_dissecting));
}

int
foreign_dissect(const foreign_t *foreign, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                void *data)
{
    unsigned count;
    dissector_handle_t handle = handles[foreign - signatures(&count)];
    volatile int length = 0;

    if (!handle)
        return 0;
    set_dissecting(pinfo, true);
    TRY
    {
        length = upstream_dissect(handle, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        set_dissecting(pinfo, false);
    }
    ENDTRY;
    return length;
}

bool
foreign_dissect_by_heuristics(transport_t transport, tvbuff_t *tvb, packet_info *pinfo,
                              proto_tree *tree, void *data)
{
    return upstream_try_heuristics(transport == OVER_TCP ? tcp_heuristics : udp_heuristics, tvb,
                                   pinfo, tree, data);
}
