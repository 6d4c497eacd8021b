/* voip.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "taps/voip.h"

#include "common/text.h"

#include <epan/asn1.h>
#include <epan/dissectors/packet-h245.h>
#include <epan/tap-voip.h>
#include <epan/tap.h>
#include <epan/to_str.h>

static int voip_tap;
static int tunnelled_h245_tap;

/*
 * Nobody registers the tap "voip" in Wireshark, and its RTSP dissector feeds it
 * if somebody has done so before it looks. It has looked by now, and so what
 * the window lists of RTSP stays as it is.
 */
void
voip_handoff(void)
{
    voip_tap = register_tap("voip");
    tunnelled_h245_tap = find_tap_id("h245dg");
}

/*
 * Of a Q.931 message for which no H.225.0 call identifier comes up, the VoIP
 * Calls window makes a call of an "AC_ISDN" trunk, together with all others of
 * the same call reference; unless H.245 in the same frame shows that it is
 * H.323. So H.245 with nothing to say is reported first.
 */
void
voip_before_h225(packet_info *pinfo, const step_t *step)
{
    h245_packet_info *h245;

    if (!have_tap_listener(voip_tap) || (step && step->names_call))
        return;
    h245 = wmem_new0(pinfo->pool, h245_packet_info);
    h245->msg_type = H245_OTHER;
    if (step)
        (void)g_strlcpy(h245->frame_label, val_to_str_const(step->event, event_vals, "other"),
                        sizeof h245->frame_label);
    tap_queue_packet(tunnelled_h245_tap, pinfo, h245);
}

static voip_call_state
call_state(const session_t *session, state_t state)
{
    switch (state) {
    case STATE_REQUESTED:
    case STATE_PROCEEDING:
        return session->may_be_early ? VOIP_CALL_SETUP : VOIP_UNKNOWN;
    case STATE_RINGING:
        return VOIP_RINGING;
    case STATE_ANSWERED:
    case STATE_MEDIA:
        return VOIP_IN_CALL;
    case STATE_RELEASED:
        return VOIP_COMPLETED;
    case STATE_REJECTED:
        return VOIP_REJECTED;
    case STATE_ABANDONED:
        return VOIP_CANCELLED;
    default:
        return VOIP_UNKNOWN;
    }
}

static char *
identity(wmem_allocator_t *scope, const session_t *session, side_t side)
{
    const party_t *party = &session->parties[side];

    if (party->name)
        return text_shown(scope, party->name);
    return party->addr.type == AT_NONE ? NULL : address_to_str(scope, &party->addr);
}

static char *
session_comment(wmem_allocator_t *scope, const session_t *session, state_t state)
{
    const char *coding = vocabulary_word_or(session->coding, coding_vals, "");
    const char *outcome = vocabulary_word(session->outcome, outcome_vals);

    if (state < STATE_RELEASED || !outcome)
        return wmem_strdup_printf(scope, "Session %u (%s)", session->number, coding);
    return wmem_strdup_printf(scope, "Session %u (%s): %s", session->number, coding, outcome);
}

static char *
frame_label(wmem_allocator_t *scope, const tapped_t *tapped)
{
    const char *event;

    if (tapped->joined)
        return wmem_strdup(scope, "RTP");
    event = val_to_str_const(tapped->step->event, event_vals, "other");
    if (tapped->channel == CHANNEL_H245)
        return wmem_strdup_printf(scope, "H.245 %s", event);
    return wmem_strdup_printf(scope, "%s%s", event,
                              tapped->coding == CODING_OPAQUE ? INFERRED : "");
}

/*
 * RTP is put into a call's flow by the frame that set its stream up, which must
 * be there for that; a stream that was found sets itself up.
 */
static bool
belongs_to_flow(const packet_info *pinfo, const tapped_t *tapped)
{
    joined_t found;

    return tapped->step || (tapped->channel == CHANNEL_RTP && found_in_frame(pinfo, &found));
}

bool
voip_is_listened_to(void)
{
    return have_tap_listener(voip_tap);
}

void
voip_report(packet_info *pinfo, const tapped_t *tapped)
{
    const session_t *session = tapped->session;
    voip_packet_info_t *info;
    state_t state;

    if (!session || session->has_call_id || !voip_is_listened_to() ||
        !belongs_to_flow(pinfo, tapped))
        return;
    state = tapped->step ? tapped->step->state : session_state_at(session, pinfo->num);
    info = wmem_new0(pinfo->pool, voip_packet_info_t);
    info->protocol_name = wmem_strdup(pinfo->pool, "MSICCP");
    info->call_id = wmem_strdup_printf(pinfo->pool, "msiccp-%u", session->number);
    info->call_state = call_state(session, state);
    info->call_active_state = state < STATE_RELEASED ? VOIP_ACTIVE : VOIP_INACTIVE;
    info->from_identity = identity(pinfo->pool, session, SIDE_CALLER);
    info->to_identity = identity(pinfo->pool, session, SIDE_CALLEE);
    info->call_comment = session_comment(pinfo->pool, session, state);
    info->frame_label = frame_label(pinfo->pool, tapped);
    info->frame_comment = session_comment(pinfo->pool, session, state);
    tap_queue_packet(voip_tap, pinfo, info);
}
