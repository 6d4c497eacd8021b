/* foreign.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/foreign.h"

#include "common/protocol.h"
#include "common/upstream.h"

#include <epan/conversation.h>
#include <epan/exceptions.h>

static dissector_handle_t *handles; /* a row of the table each; epan scope */
static dissector_handle_t snmp_handle;
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
    snmp_handle = find_dissector("snmp");
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

/* Dissectors claim a conversation from here on, whatever frame they see. */
#define FROM_THE_START 0
#define FIRST_FRAME 1

/* Who is to dissect a conversation. */
typedef struct {
    conversation_t *conversation;      /* NULL: there is none */
    dissector_handle_t from_the_start; /* whoever claimed it; not all frames need be that one's */
    dissector_handle_t at_first;
    dissector_handle_t now;
} claims_t;

static claims_t
claims_of(packet_info *pinfo)
{
    claims_t claims = {.conversation = upstream_conversation(pinfo)};

    if (claims.conversation) {
        claims.from_the_start = conversation_get_dissector(claims.conversation, FROM_THE_START);
        claims.at_first = conversation_get_dissector(claims.conversation, FIRST_FRAME);
        claims.now = conversation_get_dissector(claims.conversation, pinfo->num);
    }
    return claims;
}

static void
give(const claims_t *claims, uint32_t frame, dissector_handle_t handle)
{
    if (conversation_get_dissector(claims->conversation, frame) != handle)
        conversation_set_dissector_from_frame_number(claims->conversation, frame, handle);
}

/*
 * The frames up to this one stay with whom they came to, or in later passes a dissector would get
 * what it was not asked about. Returns whom the conversation was given to. What is claimed from the
 * start is left: some dissectors claim it again with each message.
 */
static dissector_handle_t
take_back(const claims_t *claims, const packet_info *pinfo)
{
    dissector_handle_t claimer = conversation_get_dissector(claims->conversation, FROM_THE_START);

    if (claimer == claims->from_the_start)
        claimer = conversation_get_dissector(claims->conversation, pinfo->num);
    give(claims, FIRST_FRAME, claims->at_first);
    give(claims, pinfo->num, claims->now);
    return claimer;
}

/* This frame stays with whom it came to; of the same frame, there may be more to come. */
static void
give_from_next_frame(const claims_t *claims, const packet_info *pinfo, dissector_handle_t claimer)
{
    if (claimer != claims->now && !PINFO_FD_VISITED(pinfo))
        give(claims, pinfo->num + 1, claimer);
}

/* SNMP's dissector makes a new conversation where one is not its own, and what is known of it would
 * be lost. */
static void
lend_to_snmp(const claims_t *claims, const packet_info *pinfo, dissector_handle_t handle)
{
    if (claims->conversation && handle == snmp_handle)
        give(claims, pinfo->num, handle);
}

/*
 * A dissector that claims its connection for itself takes it from us, and with it what
 * a later payload may tell: it is handed each payload anyway. Others that it hands the
 * connection on to, such as TLS after STARTTLS, keep it.
 */
static void
reclaim(const claims_t *claims, packet_info *pinfo, dissector_handle_t handle)
{
    dissector_handle_t claimer = claims->conversation ? take_back(claims, pinfo) : handle;

    if (claimer != handle)
        give_from_next_frame(claims, pinfo, claimer);
}

int
foreign_dissect(const foreign_t *foreign, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                void *data)
{
    unsigned count;
    dissector_handle_t handle = handles[foreign - signatures(&count)];
    const claims_t claims = claims_of(pinfo);
    volatile int length = 0;

    if (!handle)
        return 0;
    set_dissecting(pinfo, true);
    lend_to_snmp(&claims, pinfo, handle);
    TRY
    {
        length = upstream_dissect(handle, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        set_dissecting(pinfo, false);
        reclaim(&claims, pinfo, handle);
    }
    ENDTRY;
    return length;
}

bool
foreign_dissect_by_heuristics(transport_t transport, tvbuff_t *tvb, packet_info *pinfo,
                              proto_tree *tree, void *data)
{
    const claims_t claims = claims_of(pinfo);
    volatile bool is_taken = false;

    TRY
    {
        is_taken = upstream_try_heuristics(transport == OVER_TCP ? tcp_heuristics : udp_heuristics,
                                           tvb, pinfo, tree, data);
    }
    FINALLY
    {
        if (claims.conversation)
            give_from_next_frame(&claims, pinfo, take_back(&claims, pinfo));
    }
    ENDTRY;
    return is_taken;
}

void
foreign_before_quoted(packet_info *pinfo)
{
    const claims_t claims = claims_of(pinfo);

    if (claims.conversation)
        p_set_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_QUOTED_CLAIMS,
                         wmem_memdup(pinfo->pool, &claims, sizeof claims));
}

void
foreign_behind_quoted(packet_info *pinfo)
{
    const claims_t *claims = p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_QUOTED_CLAIMS);

    if (!claims)
        return;
    give_from_next_frame(claims, pinfo, take_back(claims, pinfo));
    p_remove_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_QUOTED_CLAIMS);
}
