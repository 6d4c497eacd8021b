/* show.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "show/show.h"

#include "common/protocol.h"
#include "session/explain.h"
#include "session/legs.h"
#include "session/registration.h"
#include "show/columns.h"
#include "show/findings.h"
#include "show/generated.h"

#include <epan/dissectors/packet-isup.h>
#include <epan/to_str.h>

static int hf_session = -1;
static int hf_call = -1;
static int hf_channel = -1;
static int hf_state = -1;
static int hf_setup_in = -1;
static int hf_link = -1;
static int hf_multiplex_id = -1;

static int hf_coding = -1;
static int hf_event = -1;
static int hf_from_caller = -1;
static int hf_message = -1;
static int hf_call_reference = -1;
static int hf_length = -1;
static int hf_response_in = -1;
static int hf_response_to = -1;
static int hf_response_time = -1;
static int hf_time_since_setup = -1;
static int hf_caller = -1;
static int hf_callee = -1;
static int hf_caller_product = -1;
static int hf_callee_product = -1;
static int hf_media = -1;
static int hf_media_addr = -1;
static int hf_media_addr6 = -1;
static int hf_media_port = -1;
static int hf_media_codec = -1;
static int hf_unknown = -1;
static int hf_foreign = -1;
static int hf_netmeeting = -1;

static int hf_outcome = -1;
static int hf_registration = -1;
static int hf_verdict = -1;
static int hf_decided_by = -1;
static int hf_cause = -1;
static int hf_reason = -1;
static int hf_released_by_caller = -1;
static int hf_setup_time = -1;
static int hf_ring_time = -1;
static int hf_talk_time = -1;

static int ett_msiccp = ETT_UNREGISTERED;
static int ett_media = ETT_UNREGISTERED;

proto_item *
show_protocol(tvbuff_t *tvb, proto_tree *tree)
{
    return proto_tree_add_item(tree, proto_msiccp, tvb, 0, -1, ENC_NA);
}

/* What every frame of a session shows. */
static void
show_session(proto_tree *tree, packet_info *pinfo, tvbuff_t *tvb, const session_t *session,
             channel_t channel, state_t state)
{
    generated_uint(tree, hf_session, tvb, session->number);
    generated_uint(tree, hf_call, tvb, legs_call_at(session, pinfo->num));
    generated_uint(tree, hf_channel, tvb, channel);
    generated_word(tree, hf_state, tvb, state);
    generated_uint(tree, hf_setup_in, tvb, session->setup.frame);
}

static const char *
offer_kind(const media_offer_t *offer)
{
    if (offer->inferred)
        return "candidate (inferred)";
    if (offer->rtcp)
        return "RTCP";
    return offer->codec ? offer->codec : "RTP";
}

static void
show_offer(proto_tree *tree, packet_info *pinfo, tvbuff_t *tvb, const media_offer_t *offer)
{
    const address place = offer_address(offer);
    const char *addr = address_to_str(pinfo->pool, &place);
    proto_item *item;
    proto_tree *subtree;

    item = proto_tree_add_string_format(tree, hf_media, tvb, 0, 0, addr, "Media: %s at %s port %u",
                                        offer_kind(offer), addr, offer->port);
    proto_item_set_generated(item);
    subtree = proto_item_add_subtree(item, ett_media);
    if (offer->is_ipv6)
        item = proto_tree_add_ipv6(subtree, hf_media_addr6, tvb, 0, 0, place.data);
    else
        item =
            proto_tree_add_ipv4(subtree, hf_media_addr, tvb, 0, 0, *(const uint32_t *)place.data);
    proto_item_set_generated(item);
    generated_uint(subtree, hf_media_port, tvb, offer->port);
    generated_string(subtree, hf_media_codec, tvb, offer->codec);
}

static void
show_offers(proto_tree *tree, packet_info *pinfo, tvbuff_t *tvb, const step_t *step)
{
    for (unsigned i = 0; i < step->offer_count; i++) {
        if (!step->offers[i].offered)
            show_offer(tree, pinfo, tvb, &step->offers[i]);
    }
}

static void
show_exchange(proto_tree *tree, tvbuff_t *tvb, const step_t *step)
{
    const exchange_t *exchange = step_exchange(step);

    if (!exchange)
        return;
    if (!step->is_answer && exchange->response_frame)
        generated_uint(tree, hf_response_in, tvb, exchange->response_frame);
    if (step->is_answer) {
        generated_uint(tree, hf_response_to, tvb, exchange->request_frame);
        generated_time(tree, hf_response_time, tvb, &exchange->request_time,
                       &exchange->response_time);
    }
}

/* How it went, and why. */
static void
show_verdict(proto_tree *tree, tvbuff_t *tvb, const session_t *session)
{
    const judgement_t judgement = {session->verdict, session->decided_by};
    char *explanation = explain_call(session, &judgement, &session->evidence);

    generated_word(tree, hf_verdict, tvb, session->verdict);
    if (session->decided_by)
        generated_string(tree, hf_decided_by, tvb, finding_word(session->decided_by));
    finding_show_explanation(tree, tvb, explanation);
    g_free(explanation);
}

static void
show_end(proto_tree *tree, packet_info *pinfo, tvbuff_t *tvb, const session_t *session)
{
    generated_word(tree, hf_outcome, tvb, session->outcome);
    if (session->has_cause)
        generated_uint(tree, hf_cause, tvb, session->cause);
    generated_string(tree, hf_reason, tvb, call_reason(pinfo->pool, session));
    show_verdict(tree, tvb, session);
    if (!session->released_by_third)
        generated_boolean(tree, hf_released_by_caller, tvb, session->released_by_caller);
    generated_span(tree, hf_setup_time, tvb, &session->asked, &session->answer);
    generated_span(tree, hf_ring_time, tvb, &session->ringing, &session->answer);
    generated_span(tree, hf_talk_time, tvb, &session->answer, &session->release);
}

static void
show_message(proto_tree *tree, tvbuff_t *tvb, const message_t *message)
{
    generated_word(tree, hf_coding, tvb, message->coding);
    if (message->type_offset >= 0)
        proto_tree_add_uint_format_value(
            tree, hf_message, tvb, message->type_offset, (int)message->type_width, message->type,
            "%s (0x%02x)", message->type_name ? message->type_name : "unknown", message->type);
    if (message->has_call_reference && message->call_reference_offset < 0)
        generated_uint(tree, hf_call_reference, tvb, message->call_reference);
    else if (message->has_call_reference)
        proto_tree_add_uint(tree, hf_call_reference, tvb, message->call_reference_offset,
                            message->call_reference_width, message->call_reference);
    generated_uint(tree, hf_length, tvb, message->length);
}

/* Of opaque messages that is all inferred. */
static void
show_event(proto_tree *tree, tvbuff_t *tvb, const message_t *message, const step_t *step)
{
    const char *how = message->coding == CODING_OPAQUE ? INFERRED : "";
    proto_item *item = proto_tree_add_uint(tree, hf_event, tvb, 0, 0, step->event);

    proto_item_set_generated(item);
    proto_item_append_text(item, "%s", how);
    if (step->from_third)
        return;
    item = proto_tree_add_boolean(tree, hf_from_caller, tvb, 0, 0, step->sender == SIDE_CALLER);
    proto_item_set_generated(item);
    proto_item_append_text(item, "%s", how);
}

/* Where the endpoint stands with its gatekeeper; that nobody answers is known in later passes. */
static void
show_registration(proto_tree *tree, packet_info *pinfo, tvbuff_t *tvb, const step_t *step)
{
    const registration_told_t *told = registration_told(step);
    registration_state_t state = told ? told->state : REGISTRATION_NOT_TOLD;

    if (told && !state && PINFO_FD_VISITED(pinfo) && step_exchange(step) &&
        !step_exchange(step)->response_frame)
        state = REGISTRATION_UNANSWERED;
    if (state)
        generated_word(tree, hf_registration, tvb, state);
}

/* By whom and to whom, as far as that was known then. */
static void
show_ends(proto_tree *tree, tvbuff_t *tvb, const known_ends_t *known)
{
    generated_string(tree, hf_caller, tvb, known->names[SIDE_CALLER]);
    generated_string(tree, hf_callee, tvb, known->names[SIDE_CALLEE]);
    generated_string(tree, hf_caller_product, tvb, known->products[SIDE_CALLER]);
    generated_string(tree, hf_callee_product, tvb, known->products[SIDE_CALLEE]);
}

/* A message that is of no call; step is NULL where it is of nothing. */
static void
show_sessionless(proto_tree *tree, packet_info *pinfo, tvbuff_t *tvb, proto_item *item,
                 const message_t *message, const step_t *step)
{
    proto_item_append_text(item, ", %s", columns_event(pinfo->pool, message, step));
    generated_uint(tree, hf_event, tvb, message->event);
    if (step)
        show_exchange(tree, tvb, step);
}

static void
show_step(proto_tree *tree, packet_info *pinfo, tvbuff_t *tvb, proto_item *item,
          const message_t *message, const step_t *step)
{
    const session_t *session = step->session;

    proto_item_append_text(item, ", Session %u: %s", session->number,
                           columns_event(pinfo->pool, message, step));
    show_event(tree, tvb, message, step);
    show_session(tree, pinfo, tvb, session, CHANNEL_CONTROL, step->state);
    if (step->known->netmeeting)
        generated_boolean(tree, hf_netmeeting, tvb, true);
    show_exchange(tree, tvb, step);
    generated_time(tree, hf_time_since_setup, tvb, &session->setup.at, &pinfo->abs_ts);
    show_ends(tree, tvb, step->known);
    show_offers(tree, pinfo, tvb, step);
    if (step->ends_session)
        show_end(tree, pinfo, tvb, session);
}

void
show_control(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, const message_t *message,
             const step_t *step)
{
    proto_tree *tree = proto_item_add_subtree(item, ett_msiccp);

    if (tree)
        show_message(tree, tvb, message);
    if (tree && step && step->coding == CODING_RAS)
        show_registration(tree, pinfo, tvb, step);
    if (step)
        findings_show(tvb, pinfo, item, step->findings, step->session);
    if (!tree)
        return;
    if (step && step->session)
        show_step(tree, pinfo, tvb, item, message, step);
    else
        show_sessionless(tree, pinfo, tvb, item, message, step);
}

void
show_h245(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, const step_t *step)
{
    proto_tree *tree = proto_item_add_subtree(item, ett_msiccp);

    if (tree) {
        proto_item_append_text(item, ", Session %u: H.245", step->session->number);
        show_session(tree, pinfo, tvb, step->session, CHANNEL_H245, step->state);
        if (step->event == EVENT_MEDIA)
            generated_uint(tree, hf_event, tvb, step->event);
        show_offers(tree, pinfo, tvb, step);
    }
    findings_show(tvb, pinfo, item, step->findings, step->session);
}

/* What a packet of media tells of itself. */
static bool
is_shown_by_media(const note_t *note)
{
    switch (note->evidence->finding) {
    case FINDING_MEDIA_ELSEWHERE:
    case FINDING_CODEC_MISMATCH:
    case FINDING_MEDIA_GAP:
    case FINDING_RESTARTED:
    case FINDING_MEDIA_BEFORE_ANSWER:
    case FINDING_MEDIA_AFTER_RELEASE:
        return true;
    default:
        return false;
    }
}

/* What it is that failed. */
static channel_t
channel_of(const note_t *note)
{
    switch (note->evidence->finding) {
    case FINDING_MEDIA_UNREACHABLE:
    case FINDING_MEDIA_UNKNOWN:
        return CHANNEL_RTP;
    default:
        return CHANNEL_H245;
    }
}

bool
show_has_media(packet_info *pinfo, proto_tree *root)
{
    return (root && proto_field_is_referenced(root, proto_msiccp)) || evidence_kept(pinfo);
}

void
show_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *root, const joined_t *joined)
{
    const session_t *session = joined->session;
    proto_item *item;
    proto_tree *tree;

    if (!show_has_media(pinfo, root))
        return;
    item = proto_tree_add_item(root, proto_msiccp, tvb, 0, 0, ENC_NA);
    tree = proto_item_add_subtree(item, ett_msiccp);
    proto_item_set_generated(item);
    proto_item_append_text(item, ", Session %u: %s", session->number,
                           val_to_str_const(joined->channel, channel_vals, "media"));
    /* A message in the same frame may come before or behind: the state is that before both. */
    show_session(tree, pinfo, tvb, session, joined->channel,
                 session_state_at(session, pinfo->num - 1));
    generated_word(tree, hf_link, tvb, joined->link);
    for (const note_t *note = evidence_kept(pinfo); note; note = note->next) {
        if (note->session == session && is_shown_by_media(note))
            finding_show_evidence(tvb, pinfo, item, note->evidence);
    }
}

void
show_multiplex_number(tvbuff_t *tvb, proto_tree *root)
{
    proto_item *item =
        proto_tree_add_item(root, proto_msiccp, tvb, 0, MULTIPLEX_NUMBER_LENGTH, ENC_NA);

    proto_item_append_text(item, ", multiplexed media (H.460.19)");
    proto_tree_add_item(proto_item_add_subtree(item, ett_msiccp), hf_multiplex_id, tvb, 0,
                        MULTIPLEX_NUMBER_LENGTH, ENC_BIG_ENDIAN);
}

bool
show_note(tvbuff_t *tvb, packet_info *pinfo, proto_tree *root, const note_t *note)
{
    const session_t *session = note->session;
    proto_item *item;
    proto_tree *tree;

    if (is_shown_by_media(note))
        return false;
    item = proto_tree_add_item(root, proto_msiccp, tvb, 0, 0, ENC_NA);
    tree = proto_item_add_subtree(item, ett_msiccp);
    proto_item_set_generated(item);
    if (session->is_attempt) {
        proto_item_append_text(item, ", attempt to connect: %s",
                               finding_word(note->evidence->finding));
        if (note->tells_verdict)
            generated_word(tree, hf_verdict, tvb, VERDICT_NOT_CONNECTED);
    } else {
        proto_item_append_text(item, ", Session %u: %s", session->number,
                               finding_word(note->evidence->finding));
        show_session(tree, pinfo, tvb, session, channel_of(note),
                     session_state_at(session, pinfo->num));
    }
    finding_show_evidence(tvb, pinfo, item, note->evidence);
    return true;
}

bool
show_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *root, const char *name, bool is_first)
{
    proto_item *item;
    proto_tree *tree;

    if (p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_SHOWN_FOREIGN))
        return false;
    p_add_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_SHOWN_FOREIGN, GINT_TO_POINTER(1));
    item = proto_tree_add_item(root, proto_msiccp, tvb, 0, 0, ENC_NA);
    proto_item_set_generated(item);
    proto_item_append_text(item, ", foreign traffic: %s", name);
    tree = proto_item_add_subtree(item, ett_msiccp);
    generated_word(tree, hf_coding, tvb, CODING_FOREIGN);
    generated_string(tree, hf_foreign, tvb, name);
    if (is_first)
        finding_show_as(
            tvb, pinfo, item, FINDING_FOREIGN,
            wmem_strdup_printf(pinfo->pool,
                               "%s on a port of NetMeeting's audio call control. Others that use "
                               "these ports: roketz (1730) and proxim (1732) by IANA's registry, "
                               "and OKWin (1729-1735) by hearsay",
                               name));
    return true;
}

void
show_unknown(tvbuff_t *tvb, packet_info *pinfo, proto_tree *root, bool malformed)
{
    proto_item *item = show_protocol(tvb, root);
    proto_tree *tree = proto_item_add_subtree(item, ett_msiccp);

    proto_item_append_text(item, ", %s", malformed ? "malformed message" : "part of a message");
    generated_word(tree, hf_coding, tvb, CODING_H225);
    proto_tree_add_item(tree, hf_unknown, tvb, 0, -1, ENC_NA);
    if (malformed)
        finding_show(tvb, pinfo, item, FINDING_MALFORMED);
}

void
show_register(void)
{
    static hf_register_info fields[] = {
        {&hf_session,
         {"Session", "msiccp.session", FT_UINT32, BASE_DEC, NULL, 0x0,
          "Number of the call attempt in this capture, by its first control frame", HFILL}},
        {&hf_call,
         {"Call", "msiccp.call", FT_UINT32, BASE_DEC, NULL, 0x0,
          "The same number on all sessions that are legs of one call: that of the first of them",
          HFILL}},
        {&hf_channel,
         {"Channel", "msiccp.channel", FT_UINT8, BASE_DEC, VALS(channel_vals), 0x0,
          "Part of the session that this frame belongs to", HFILL}},
        {&hf_state,
         {"State", "msiccp.state", FT_UINT8, BASE_DEC, VALS(state_vals), 0x0,
          "Where the call stands after this frame", HFILL}},
        {&hf_setup_in,
         {"Set up in frame", "msiccp.setup_in", FT_FRAMENUM, BASE_NONE, NULL, 0x0,
          "The frame that opened the session", HFILL}},
        {&hf_link,
         {"Link", "msiccp.link", FT_UINT8, BASE_DEC, VALS(link_vals), 0x0,
          "How the stream came to be joined to its session", HFILL}},

        {&hf_multiplex_id,
         {"Multiplex ID", "msiccp.media.multiplex_id", FT_UINT32, BASE_DEC, NULL, 0x0,
          "Which channel the packet is of, at an address that several share", HFILL}},
        {&hf_coding,
         {"Coding", "msiccp.coding", FT_UINT8, BASE_DEC, VALS(coding_vals), 0x0,
          "How the control message is written", HFILL}},
        {&hf_event,
         {"Event", "msiccp.event", FT_UINT8, BASE_DEC, VALS(event_vals), 0x0,
          "What the message does to the call", HFILL}},
        {&hf_from_caller,
         {"From the caller", "msiccp.from_caller", FT_BOOLEAN, BASE_NONE, NULL, 0x0,
          "Sent by the end that asked for the call", HFILL}},
        {&hf_message,
         {"Message", "msiccp.message", FT_UINT32, BASE_HEX, NULL, 0x0,
          "The coding's own message type", HFILL}},
        {&hf_call_reference,
         {"Call reference", "msiccp.call_reference", FT_UINT16, BASE_DEC, NULL, 0x0,
          "Call reference value, without the flag that tells who chose it", HFILL}},
        {&hf_length,
         {"Length", "msiccp.length", FT_UINT32, BASE_DEC, NULL, 0x0,
          "Length of the message with its framing, in bytes", HFILL}},
        {&hf_response_in,
         {"Response in", "msiccp.response_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_RESPONSE), 0x0, "The first answer to this request", HFILL}},
        {&hf_response_to,
         {"Response to", "msiccp.response_to", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0x0, "The request that this is the first answer to",
          HFILL}},
        {&hf_response_time,
         {"Response time", "msiccp.response_time", FT_RELATIVE_TIME, BASE_NONE, NULL, 0x0,
          "From the request to its first answer", HFILL}},
        {&hf_time_since_setup,
         {"Time since set-up", "msiccp.time_since_setup", FT_RELATIVE_TIME, BASE_NONE, NULL, 0x0,
          "From the frame that opened the session to this one", HFILL}},
        {&hf_caller,
         {"Caller", "msiccp.caller", FT_STRING, BASE_NONE, NULL, 0x0,
          "Alias, display name or number of the caller", HFILL}},
        {&hf_callee,
         {"Callee", "msiccp.callee", FT_STRING, BASE_NONE, NULL, 0x0,
          "Alias, display name or number of the callee", HFILL}},
        {&hf_caller_product,
         {"Caller's product", "msiccp.caller.product", FT_STRING, BASE_NONE, NULL, 0x0,
          "Product and version that the caller gives", HFILL}},
        {&hf_callee_product,
         {"Callee's product", "msiccp.callee.product", FT_STRING, BASE_NONE, NULL, 0x0,
          "Product and version that the callee gives", HFILL}},
        {&hf_media,
         {"Media", "msiccp.media", FT_STRING, BASE_NONE, NULL, 0x0,
          "A transport address that the message offers", HFILL}},
        {&hf_media_addr,
         {"Address", "msiccp.media.addr", FT_IPv4, BASE_NONE, NULL, 0x0,
          "IPv4 address offered for media", HFILL}},
        {&hf_media_addr6,
         {"Address", "msiccp.media.addr6", FT_IPv6, BASE_NONE, NULL, 0x0,
          "IPv6 address offered for media", HFILL}},
        {&hf_media_port,
         {"Port", "msiccp.media.port", FT_UINT16, BASE_DEC, NULL, 0x0, "UDP port offered for media",
          HFILL}},
        {&hf_media_codec,
         {"Codec", "msiccp.media.codec", FT_STRING, BASE_NONE, NULL, 0x0,
          "Codec of the logical channel, as H.245 names it", HFILL}},
        {&hf_unknown,
         {"Bytes", "msiccp.bytes", FT_BYTES, BASE_NONE, NULL, 0x0,
          "Bytes that are no message, or only a part of one", HFILL}},
        {&hf_netmeeting,
         {"NetMeeting", "msiccp.netmeeting", FT_BOOLEAN, BASE_NONE, NULL, 0x0,
          "An end of the call has sent data that NetMeeting sends", HFILL}},
        {&hf_foreign,
         {"Foreign protocol", "msiccp.foreign", FT_STRING, BASE_NONE, NULL, 0x0,
          "Another protocol that this connection carries", HFILL}},

        {&hf_outcome,
         {"Outcome", "msiccp.outcome", FT_UINT8, BASE_DEC, VALS(outcome_vals), 0x0,
          "How the call ended", HFILL}},
        {&hf_decided_by,
         {"Decided by", "msiccp.decided_by", FT_STRING, BASE_NONE, NULL, 0x0,
          "The word of the finding that decides the verdict", HFILL}},
        {&hf_registration,
         {"Registration", "msiccp.registration", FT_UINT8, BASE_DEC, VALS(registration_vals), 0x0,
          "Where the endpoint stands with its gatekeeper", HFILL}},
        {&hf_verdict,
         {"Verdict", "msiccp.verdict", FT_UINT8, BASE_DEC, VALS(verdict_vals), 0x0,
          "How the call went for the two people", HFILL}},
        {&hf_reason,
         {"Reason", "msiccp.reason", FT_STRING, BASE_NONE, NULL, 0x0,
          "H.225.0 reason of the release", HFILL}},
        {&hf_released_by_caller,
         {"Released by the caller", "msiccp.released_by_caller", FT_BOOLEAN, BASE_NONE, NULL, 0x0,
          "The end that asked for the call also ended it", HFILL}},
        {&hf_setup_time,
         {"Set-up time", "msiccp.setup_time", FT_RELATIVE_TIME, BASE_NONE, NULL, 0x0,
          "From the request to the answer", HFILL}},
        {&hf_ring_time,
         {"Ring time", "msiccp.ring_time", FT_RELATIVE_TIME, BASE_NONE, NULL, 0x0,
          "From ringing to the answer", HFILL}},
        {&hf_talk_time,
         {"Talk time", "msiccp.talk_time", FT_RELATIVE_TIME, BASE_NONE, NULL, 0x0,
          "From the answer to the release", HFILL}},
    };
    static hf_register_info cause = {
        &hf_cause,
        {"Cause", "msiccp.cause", FT_UINT8, BASE_DEC | BASE_EXT_STRING, NULL, 0x0,
         "Q.850 cause of the release", HFILL},
    };
    static int *subtrees[] = {&ett_msiccp, &ett_media};

    proto_register_field_array(proto_msiccp, fields, array_length(fields));
    /* On Windows, the address of what another library has is no constant. */
    cause.hfinfo.strings = &q850_cause_code_vals_ext;
    proto_register_field_array(proto_msiccp, &cause, 1);
    proto_register_subtree_array(subtrees, array_length(subtrees));
    findings_register();
}
