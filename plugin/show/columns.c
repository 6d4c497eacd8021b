/* columns.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "show/columns.h"

#include "common/text.h"

#include <epan/to_str.h>
#include <wsutil/utf8_entities.h>

static const char *
party_label(wmem_allocator_t *scope, const step_t *step, side_t side)
{
    if (step->known->names[side])
        return text_shown(scope, step->known->names[side]);
    if (step->session->parties[side].addr.type == AT_NONE)
        return "unknown";
    return address_to_str(scope, &step->session->parties[side].addr);
}

/* columns_event() between what stands before and behind it. */
static const char *
event_between(wmem_allocator_t *scope, const char *before, const message_t *message,
              const step_t *step, const char *behind)
{
    const char *gap = *behind ? "  " : "";

    if (!step || !step->session)
        return wmem_strconcat(scope, before, message->type_name ? message->type_name : "message",
                              gap, behind, NULL);
    return wmem_strconcat(scope, before, val_to_str_const(step->event, event_vals, "other"),
                          message->coding == CODING_OPAQUE ? INFERRED : "", " ",
                          party_label(scope, step, SIDE_CALLER), " " UTF8_RIGHTWARDS_ARROW " ",
                          party_label(scope, step, SIDE_CALLEE), gap, behind, NULL);
}

const char *
columns_event(wmem_allocator_t *scope, const message_t *message, const step_t *step)
{
    return event_between(scope, "", message, step, "");
}

const char *
columns_begin(packet_info *pinfo)
{
    const char *before;

    col_clear(pinfo->cinfo, COL_INFO);
    before = col_get_text(pinfo->cinfo, COL_INFO);
    if (before && *before) {
        col_append_str(pinfo->cinfo, COL_INFO, ", ");
        col_set_fence(pinfo->cinfo, COL_INFO);
        before = col_get_text(pinfo->cinfo, COL_INFO);
    }
    return before ? wmem_strdup(pinfo->pool, before) : NULL;
}

void
columns_finish(packet_info *pinfo, const char *before, const message_t *message, const step_t *step)
{
    const char *info = col_get_text(pinfo->cinfo, COL_INFO);
    const char *protocol = col_get_text(pinfo->cinfo, COL_PROTOCOL);

    if (before && info && g_str_has_prefix(info, before)) {
        info = message->coding == CODING_NATIVE && step && step->session && message->type_name
                   ? message->type_name
                   : g_strchomp(wmem_strdup(pinfo->pool, info + strlen(before)));
        col_clear_fence(pinfo->cinfo, COL_INFO);
        col_add_str(pinfo->cinfo, COL_INFO,
                    event_between(pinfo->pool, before, message, step, info));
        col_set_fence(pinfo->cinfo, COL_INFO);
    }
    if (message->coding == CODING_OPAQUE || message->coding == CODING_NATIVE) {
        col_set_str(pinfo->cinfo, COL_PROTOCOL, "MSICCP");
    } else if (protocol && !g_str_has_prefix(protocol, "MSICCP")) {
        protocol = wmem_strconcat(pinfo->pool, "MSICCP/", protocol, NULL);
        col_clear_fence(pinfo->cinfo, COL_PROTOCOL);
        col_add_str(pinfo->cinfo, COL_PROTOCOL, protocol);
    }
}
