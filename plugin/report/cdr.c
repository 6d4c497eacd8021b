/* cdr.c
 * Call records as JSON lines. The keys are described in docs/CDR.md and
 * docs/cdr.schema.json; a change that is not an addition needs a new SCHEMA.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/calls.h"

#include "common/numbering.h"
#include "report/estimate.h"
#include "session/dialled.h"
#include "session/explain.h"
#include "session/hold.h"
#include "report/put.h"
#include "session/legs.h"
#include "session/outcome.h"

#include <math.h>

#include <epan/dissectors/packet-isup.h>
#include <epan/guid-utils.h>
#include <epan/to_str.h>

#define SCHEMA 3
#define PAYLOAD_TYPES 128

static ws_bool hide_digits = false;

void
cdr_register_preferences(module_t *module)
{
    prefs_register_bool_preference(
        module, "hide_digits", "Leave dialled digits out of call records",
        "Whether call records only count the digits that are sent in a call, which may be a secret "
        "number. The packets show them nevertheless.",
        &hide_digits);
}

static void
put_guid(json_dumper *json, const char *key, bool is_known, const e_guid_t *guid)
{
    char *text;

    if (!is_known) {
        put_null(json, key);
        return;
    }
    text = guid_to_str(NULL, guid);
    put_text(json, key, text);
    wmem_free(NULL, text);
}

static void
put_span(json_dumper *json, const char *key, const moment_t *from, const moment_t *to)
{
    nstime_t span;

    if (!from->frame || !to->frame) {
        put_null(json, key);
        return;
    }
    nstime_delta(&span, &to->at, &from->at);
    put_integer(json, key, put_microseconds(&span));
}

static void
put_party(json_dumper *json, const char *key, const party_t *party)
{
    put_key(json, key);
    json_dumper_begin_object(json);
    put_place(json, &party->addr, party->port);
    put_text(json, "alias", party->name);
    put_text(json, "product", party->product);
    json_dumper_end_object(json);
}

void
cdr_put_parties(json_dumper *json, const session_t *session)
{
    put_party(json, "caller", &session->parties[SIDE_CALLER]);
    put_party(json, "callee", &session->parties[SIDE_CALLEE]);
}

static void
put_end(json_dumper *json, const char *key, const address *addr, uint16_t port)
{
    put_key(json, key);
    json_dumper_begin_object(json);
    put_place(json, addr, port);
    json_dumper_end_object(json);
}

static const char *
side_name(side_t side)
{
    return side == SIDE_CALLER ? "caller" : "callee";
}

static void
put_payload_types(json_dumper *json, const stream_t *stream)
{
    put_key(json, "payload_types");
    json_dumper_begin_array(json);
    for (unsigned type = 0; type < PAYLOAD_TYPES; type++) {
        if (stream->payload_types[type / 64] >> type % 64 & 1)
            json_dumper_value_anyf(json, "%u", type);
    }
    json_dumper_end_array(json);
}

static void
put_codecs(json_dumper *json, const stream_t *stream)
{
    put_key(json, "codecs");
    json_dumper_begin_array(json);
    for (wmem_list_frame_t *frame = wmem_list_head(stream->codecs); frame;
         frame = wmem_list_frame_next(frame)) {
        const codec_run_t *run = wmem_list_frame_data(frame);

        json_dumper_begin_object(json);
        put_text(json, "codec", run->codec);
        put_integer(json, "payload_type", run->payload_type);
        put_integer(json, "first_frame", (int64_t)numbering_told(run->first_frame));
        put_integer(json, "packets", run->packets);
        json_dumper_end_object(json);
    }
    json_dumper_end_array(json);
}

/* What the receiver says in its reports. */
static void
put_receiver(json_dumper *json, const record_t *record, const stream_t *stream)
{
    const watched_stream_t *reported = estimate_reported(record, stream);

    if (!reported) {
        put_null(json, "receiver");
        return;
    }
    put_key(json, "receiver");
    json_dumper_begin_object(json);
    put_integer(json, "reports", reported->reports);
    put_integer(json, "lost", reported->latest.lost);
    put_number(json, "jitter_ms",
               stream->clock ? reported->latest.jitter * 1000.0 / stream->clock : NAN);
    put_number(json, "round_trip_ms",
               reported->round_trip >= 0 ? reported->round_trip * 1000 : NAN);
    json_dumper_end_object(json);
}

static void
put_quality(json_dumper *json, const record_t *record, const stream_t *stream)
{
    const quality_t quality = quality_at_end(&stream->quality);
    const estimate_t estimate = estimate_of(record, stream);

    put_integer(json, "loss_runs", quality.runs);
    put_integer(json, "loss_run_longest", quality.longest_run);
    put_number(json, "loss_run_mean", quality.runs ? (double)quality.lost / quality.runs : NAN);
    put_integer(json, "out_of_order", quality.out_of_order);
    put_integer(json, "late", quality.late);
    put_number(json, "silence", quality.duration > 0 ? quality.silence / quality.duration : NAN);
    put_receiver(json, record, stream);
    put_number(json, "r_factor", estimate.rating >= 0 ? estimate.rating : NAN);
    put_number(json, "mos", estimate.rating >= 0 ? estimate.mos : NAN);
}

static void
put_stream(json_dumper *json, records_t *records, const record_t *record, const stream_t *stream)
{
    json_dumper_begin_object(json);
    put_text(json, "to", side_name(stream->key.to));
    put_text(json, "link", vocabulary_word_or(stream->link, link_vals, "unknown"));
    put_end(json, "source", &stream->key.source, stream->key.source_port);
    put_end(json, "destination", &stream->key.destination, stream->key.destination_port);
    put_integer(json, "ssrc", stream->key.ssrc);
    put_integer(json, "payload_type", stream->payload_type);
    put_payload_types(json, stream);
    put_text(json, "codec", record_payload_name(stream));
    put_codecs(json, stream);
    put_integer(json, "codecs_more", stream->more_runs);
    put_text(json, "negotiated_codec", stream->negotiated_codec);
    put_moment(json, "first", &stream->first);
    put_moment(json, "last", &stream->last);
    put_integer(json, "packets", stream->figures.packets);
    put_integer(json, "copies", stream->copies.count);
    put_integer(json, "expected", rtp_figures_expected(&stream->figures));
    put_integer(json, "lost", rtp_figures_lost(&stream->figures));
    put_number(json, "jitter_max_ms", stream->figures.jitter_max);
    put_number(json, "jitter_mean_ms", stream->figures.jitter_mean);
    put_integer(json, "octets", (int64_t)stream->figures.octets);
    put_boolean(json, "rtcp", record_has_rtcp(records, record, stream));
    put_quality(json, record, stream);
    json_dumper_end_object(json);
}

static void
put_streams(json_dumper *json, records_t *records, const record_t *record)
{
    unsigned count = wmem_list_count(record->streams);
    wmem_list_frame_t *frame = wmem_list_head(record->streams);

    put_key(json, "streams");
    json_dumper_begin_array(json);
    for (unsigned i = 0; i < MIN(count, MOST_STREAMS); i++, frame = wmem_list_frame_next(frame))
        put_stream(json, records, record, wmem_list_frame_data(frame));
    json_dumper_end_array(json);
    put_integer(json, "streams_more", count - MIN(count, MOST_STREAMS));
}

static void
put_frames(json_dumper *json, const evidence_t *evidence)
{
    put_key(json, "frames");
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < MIN(evidence->count, EVIDENCE_FRAMES); i++)
        json_dumper_value_anyf(json, "%" PRIu64, numbering_told(evidence->frames[i]));
    json_dumper_end_array(json);
}

static void
put_finding(json_dumper *json, verdict_t verdict, const evidence_t *evidence)
{
    char *explanation = explain(verdict, evidence);

    json_dumper_begin_object(json);
    put_text(json, "finding", finding_word(evidence->finding));
    put_text(json, "about", evidence->about < SIDE_COUNT ? side_name(evidence->about) : NULL);
    put_text(json, "explanation", explanation);
    put_frames(json, evidence);
    put_integer(json, "frame_count", evidence->count);
    json_dumper_end_object(json);
    g_free(explanation);
}

static void
put_heard(json_dumper *json, const session_t *session)
{
    static const char *const words[] = {
        [HEARD_NOT_TOLD] = NULL, [HEARD_BY_RECEIVER] = "receiver", [HEARD_IN_CAPTURE] = "capture"};

    put_key(json, "heard");
    json_dumper_begin_object(json);
    for (side_t side = SIDE_CALLER; side < SIDE_COUNT; side++) {
        put_key(json, side_name(side));
        json_dumper_begin_object(json);
        put_text(json, "told_by", words[outcome_heard(session, side)]);
        json_dumper_end_object(json);
    }
    json_dumper_end_object(json);
}

static void
put_explanation(json_dumper *json, const session_t *session, const judgement_t *judgement,
                const evidence_list_t *found)
{
    char *explanation = explain_call(session, judgement, found);

    put_text(json, "explanation", explanation);
    g_free(explanation);
}

static void
put_diagnostics(json_dumper *json, const record_t *record)
{
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    const evidence_list_t found = record_findings(record, scope);
    const judgement_t judgement = record_verdict(record, &found);

    put_text(json, "verdict", vocabulary_word_or(judgement.verdict, verdict_vals, "unknown"));
    put_text(json, "decided_by", judgement.decided_by ? finding_word(judgement.decided_by) : NULL);
    put_explanation(json, record->session, &judgement, &found);
    put_heard(json, record->session);
    put_key(json, "diagnostics");
    json_dumper_begin_array(json);
    for (const evidence_t *evidence = found.first; evidence; evidence = evidence->next)
        put_finding(json, judgement.verdict, evidence);
    json_dumper_end_array(json);
    wmem_destroy_allocator(scope);
}

/* The sessions that are the other legs of the call. */
static void
put_legs(json_dumper *json, const session_t *session)
{
    session_t *others[LEGS_TOLD];
    unsigned count = legs_others(session, others);

    put_key(json, "legs");
    json_dumper_begin_array(json);
    for (unsigned i = 0; i < count; i++)
        json_dumper_value_anyf(json, "%u", others[i]->number);
    json_dumper_end_array(json);
    put_integer(json, "legs_more", legs_more(session));
}

/* An attempt to connect is no session, and has no number. */
static void
put_number_of(json_dumper *json, const char *key, const session_t *session, uint32_t number)
{
    if (session->is_attempt)
        put_null(json, key);
    else
        put_integer(json, key, number);
}

static void
put_identity(json_dumper *json, const session_t *session)
{
    put_number_of(json, "session", session, session->number);
    put_number_of(json, "call", session, legs_call(session));
    put_legs(json, session);
    put_text(json, "coding", vocabulary_word(session->coding, coding_vals));
    if (session->coding != CODING_H225 && session->coding != CODING_RAS)
        put_null(json, "call_reference");
    else
        put_integer(json, "call_reference", session->call_reference);
    put_guid(json, "call_id", session->has_call_id, &session->call_id);
    put_guid(json, "conference_id", session->has_conference_id, &session->conference_id);
    cdr_put_parties(json, session);
}

static void
put_course(json_dumper *json, const session_t *session)
{
    static const moment_t never;
    const moment_t *setup = session->begun ? &session->asked : &never;

    put_moment(json, "start", &session->setup);
    put_moment(json, "setup", setup);
    put_moment(json, "ringing", &session->ringing);
    put_moment(json, "answer", &session->answer);
    put_moment(json, "release", &session->release);
    put_span(json, "setup_time_us", setup, &session->answer);
    put_span(json, "ring_time_us", &session->ringing, &session->answer);
    put_span(json, "talk_time_us", &session->answer, &session->release);
}

static void
put_connection_closed(json_dumper *json, const record_t *record)
{
    const control_connection_t *connection = record_closed(record);

    if (!connection) {
        put_null(json, "connection_closed");
        return;
    }
    put_key(json, "connection_closed");
    json_dumper_begin_object(json);
    put_integer(json, "frame", (int64_t)numbering_told(connection->closed.frame));
    put_integer(json, "time_us", put_microseconds(&connection->closed.at));
    put_boolean(json, "reset", connection->reset);
    json_dumper_end_object(json);
}

static void
put_held(json_dumper *json, const record_t *record)
{
    const session_t *session = record->session;
    const nstime_t held =
        hold_time(session, call_is_over(session) ? &session->release.at : &record->latest.at);

    put_integer(json, "held_us", put_microseconds(&held));
}

static void
put_outcome(json_dumper *json, const record_t *record)
{
    const session_t *session = record->session;
    const char *cause = NULL;
    char *reason = call_reason(NULL, session);

    if (session->has_cause)
        cause = try_val_to_str_ext(session->cause, &q850_cause_code_vals_ext);
    put_text(json, "state", vocabulary_word(session->state, state_vals));
    put_text(json, "outcome", vocabulary_word(outcome_by_now(session), outcome_vals));
    if (session->has_cause)
        put_integer(json, "cause", session->cause);
    else
        put_null(json, "cause");
    put_text(json, "cause_text", cause);
    put_text(json, "reason", reason);
    put_text(json, "released_by",
             session->release.frame && !session->released_by_third
                 ? side_name(session->released_by_caller ? SIDE_CALLER : SIDE_CALLEE)
                 : NULL);
    put_connection_closed(json, record);
    put_held(json, record);
    wmem_free(NULL, reason);
}

/* Where the call was to go on, and the attempt that did. */
static void
put_forwarding(json_dumper *json, const session_t *session)
{
    const session_t *followed_by = session->forwarding ? session->forwarding->followed_by : NULL;
    char *party = legs_forwarded_party(NULL, session);

    if (followed_by)
        put_integer(json, "forwarded_to", followed_by->number);
    else
        put_null(json, "forwarded_to");
    put_text(json, "forwarded_to_party", party);
    wmem_free(NULL, party);
}

static void
put_digit(json_dumper *json, const dialled_t *dialled)
{
    char digit[7] = "";

    g_unichar_to_utf8(dialled->character, digit);
    json_dumper_begin_object(json);
    put_text(json, "digit", digit);
    put_text(json, "way", dialled_way_name(dialled->way));
    put_integer(json, "frame", (int64_t)numbering_told(dialled->moment.frame));
    put_integer(json, "time_us", put_microseconds(&dialled->moment.at));
    json_dumper_end_object(json);
}

/* Those of two lists in order; returns how many. */
static unsigned
put_dialled(json_dumper *json, const dialled_list_t *one, const dialled_list_t *other)
{
    unsigned here = 0;
    unsigned there = 0;

    for (;;) {
        const dialled_t *first = dialled_at(one, here);
        const dialled_t *second = dialled_at(other, there);

        if (!first && !second)
            return here + there;
        if (!second || (first && first->moment.frame <= second->moment.frame)) {
            put_digit(json, first);
            here++;
        } else {
            put_digit(json, second);
            there++;
        }
    }
}

static void
put_digits(json_dumper *json, const record_t *record)
{
    const dialled_list_t *in_messages = &record->session->dialled;
    const dialled_list_t *in_rtp = &record->dialled;
    unsigned kept;

    put_key(json, "dtmf");
    json_dumper_begin_object(json);
    put_integer(json, "h245", in_messages->counts[DIALLED_H245]);
    put_integer(json, "rfc2833", in_rtp->counts[DIALLED_EVENT]);
    put_integer(json, "keypad", in_messages->counts[DIALLED_KEYPAD]);
    if (hide_digits) {
        put_null(json, "digits");
        put_null(json, "digits_more");
    } else {
        put_key(json, "digits");
        json_dumper_begin_array(json);
        kept = put_dialled(json, in_messages, in_rtp);
        json_dumper_end_array(json);
        put_integer(json, "digits_more", dialled_count(in_messages) + dialled_count(in_rtp) - kept);
    }
    json_dumper_end_object(json);
}

void
cdr_put_record(json_dumper *json, records_t *records, const record_t *record)
{
    json_dumper_begin_object(json);
    put_integer(json, "schema", SCHEMA);
    /* A plugin is not told the name of its capture: whoever ran tshark on a file knows it. */
    put_null(json, "capture_file");
    put_identity(json, record->session);
    put_course(json, record->session);
    put_outcome(json, record);
    put_forwarding(json, record->session);
    put_digits(json, record);
    put_boolean(json, "encrypted", record->session->encrypted);
    put_streams(json, records, record);
    put_diagnostics(json, record);
    json_dumper_end_object(json);
}

void
cdr_print(records_t *records)
{
    GPtrArray *sorted = records_sorted(records);
    GString *line = g_string_new(NULL);

    for (unsigned i = 0; i < sorted->len; i++) {
        json_dumper json = {.output_string = line};

        cdr_put_record(&json, records, g_ptr_array_index(sorted, i));
        put_print_line(&json);
    }
    g_string_free(line, TRUE);
    g_ptr_array_unref(sorted);
}
