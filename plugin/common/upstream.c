/* upstream.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/upstream.h"

#include <epan/exceptions.h>

const char *
upstream_value_name(const header_field_info *field, uint32_t value)
{
    if (!field || !field->strings)
        return NULL;
    if (field->display & BASE_EXT_STRING)
        return try_val_to_str_ext(value, (value_string_ext *)(uintptr_t)field->strings);
    return try_val_to_str(value, field->strings);
}

dissector_handle_t
upstream_stand_before(const char *table, uint32_t value, dissector_t ours, const char *name,
                      const char *description)
{
    dissector_handle_t upstream = dissector_get_uint_handle(find_dissector_table(table), value);

    dissector_delete_uint(table, value, upstream);
    dissector_add_uint(
        table, value,
        create_dissector_handle_with_name_and_description(ours, -1, name, description));
    return upstream;
}

/* What was offered to whom Wireshark called last: to us, where we have called nobody yet. */
typedef struct {
    uint16_t can_desegment;
    uint16_t saved_can_desegment;
} reassembly_t;

static reassembly_t
hand_on_reassembly(packet_info *pinfo)
{
    reassembly_t ours = {.can_desegment = pinfo->can_desegment,
                         .saved_can_desegment = pinfo->saved_can_desegment};

    pinfo->can_desegment = pinfo->saved_can_desegment;
    return ours;
}

static void
take_back_reassembly(packet_info *pinfo, const reassembly_t *ours)
{
    pinfo->can_desegment = ours->can_desegment;
    pinfo->saved_can_desegment = ours->saved_can_desegment;
}

int
upstream_dissect(dissector_handle_t dissector, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                 void *data)
{
    const reassembly_t ours = hand_on_reassembly(pinfo);
    volatile int length = 0;

    TRY
    {
        length = call_dissector_only(dissector, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        take_back_reassembly(pinfo, &ours);
    }
    ENDTRY;
    return length;
}

bool
upstream_try_heuristics(heur_dissector_list_t heuristics, tvbuff_t *tvb, packet_info *pinfo,
                        proto_tree *tree, void *data)
{
    const reassembly_t ours = hand_on_reassembly(pinfo);
    heur_dtbl_entry_t *entry;
    volatile bool taken = false;

    TRY
    {
        taken = dissector_try_heuristic(heuristics, tvb, pinfo, tree, &entry, data);
    }
    FINALLY
    {
        take_back_reassembly(pinfo, &ours);
    }
    ENDTRY;
    return taken;
}

/* The last that was found, and for which packet. */
static struct {
    uint32_t frame; /* 0: none */
    uint32_t srcport;
    uint32_t destport;
    const void *src; /* an address, by its place: also where a frame holds several packets */
    const void *dst;
    conversation_t *conversation;
} latest;

static void
begin_file(void)
{
    latest.frame = 0;
}

void
upstream_register(void)
{
    register_init_routine(begin_file);
}

static bool
is_latest(const packet_info *pinfo)
{
    return latest.frame == pinfo->num && !PINFO_FD_VISITED(pinfo) &&
           latest.srcport == pinfo->srcport && latest.destport == pinfo->destport &&
           latest.src == pinfo->src.data && latest.dst == pinfo->dst.data;
}

static void
keep_latest(const packet_info *pinfo, uint32_t from_port, uint32_t to_port,
            conversation_t *conversation)
{
    latest.frame = conversation ? pinfo->num : 0;
    latest.srcport = from_port;
    latest.destport = to_port;
    latest.src = pinfo->src.data;
    latest.dst = pinfo->dst.data;
    latest.conversation = conversation;
}

conversation_t *
upstream_conversation(packet_info *pinfo)
{
    conversation_t *conversation;

    if (is_latest(pinfo))
        return latest.conversation;
    conversation = find_conversation_pinfo(pinfo, 0);
    keep_latest(pinfo, pinfo->srcport, pinfo->destport,
                pinfo->ptype == PT_TCP ? conversation : NULL);
    return conversation;
}

conversation_t *
upstream_conversation_ahead(const packet_info *pinfo, uint32_t from_port, uint32_t to_port,
                            bool begins)
{
    conversation_t *conversation = find_conversation(pinfo->num, &pinfo->src, &pinfo->dst,
                                                     CONVERSATION_TCP, from_port, to_port, 0);

    keep_latest(pinfo, from_port, to_port, begins ? NULL : conversation);
    return conversation;
}
