/* cdr.c
 * Call records as JSON lines. The keys are described in docs/CDR.md and
 * docs/cdr.schema.json; a change that is not an addition needs a new SCHEMA.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/calls.h"

#include "report/estimate.h"
#include "report/explain.h"
#include "report/put.h"
#include "session/legs.h"
#include "session/reasons.h"

#include <math.h>

#include <epan/dissectors/packet-isup.h>
#include <epan/guid-utils.h>
#include <epan/to_str.h>

#define SCHEMA 2
#define PAYLOAD_TYPES 128

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
    put_address(json, "address", &party->addr);
    put_integer(json, "port", party->port);
    put_text(json, "alias", party->name);
    put_text(json, "product", party->product);
    json_dumper_end_object(json);
}

static void
put_end(json_dumper *json, const char *key, const address *addr, uint16_t port)
{
    put_key(json, key);
    json_dumper_begin_object(json);
    put_address(json, "address", addr);
    put_integer(json, "port", port);
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
        put_integer(json, "first_frame", run->first_frame);
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
    put_text(json, "link", val_to_str_const(stream->link, link_vals, "unknown"));
    put_end(json, "source", &stream->key.source, stream->key.source_port);
    put_end(json, "destination", &stream->key.destination, stream->key.destination_port);
    put_integer(json, "ssrc", stream->key.ssrc);
    put_integer(json, "payload_type", stream->payload_type);
    put_payload_types(json, stream);
    put_text(json, "codec", record_payload_name(stream));
    put_codecs(json, stream);
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
    put_key(json, "streams");
    json_dumper_begin_array(json);
    for (wmem_list_frame_t *frame = wmem_list_head(record->streams); frame;
         frame = wmem_list_frame_next(frame))
        put_stream(json, records, record, wmem_list_frame_data(frame));
    json_dumper_end_array(json);
}

static void
put_frames(json_dumper *json, const evidence_t *evidence)
{
    put_key(json, "frames");
    json_dumper_begin_array(json);
    for (uint32_t i = 0; i < MIN(evidence->count, EVIDENCE_FRAMES); i++)
        json_dumper_value_anyf(json, "%u", evidence->frames[i]);
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

/* Of what decides the verdict: where that is found of both directions, of the first. */
static void
put_explanation(json_dumper *json, const judgement_t *judgement, const evidence_list_t *found)
{
    const evidence_t *evidence = found->first;
    char *explanation = NULL;

    while (evidence && evidence->finding != judgement->decided_by)
        evidence = evidence->next;
    if (evidence)
        explanation = explain(judgement->verdict, evidence);
    put_text(json, "explanation", explanation);
    g_free(explanation);
}

static void
put_diagnostics(json_dumper *json, const record_t *record)
{
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    const evidence_list_t found = record_findings(record, scope);
    const judgement_t judgement = record_verdict(record, &found);

    put_text(json, "verdict", val_to_str_const(judgement.verdict, verdict_vals, "unknown"));
    put_text(json, "decided_by",
             judgement.decided_by < FINDING_COUNT ? finding_word(judgement.decided_by) : NULL);
    put_explanation(json, &judgement, &found);
    put_key(json, "diagnostics");
    json_dumper_begin_array(json);
    for (const evidence_t *evidence = found.first; evidence; evidence = evidence->next)
        put_finding(json, judgement.verdict, evidence);
    json_dumper_end_array(json);
    wmem_destroy_allocator(scope);
}

static int
compare_numbers(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a;
    uint32_t other = *(const uint32_t *)b;

    return (one > other) - (one < other);
}

/* The sessions that are the other legs of the call. */
static void
put_legs(json_dumper *json, const session_t *session)
{
    GArray *numbers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    wmem_list_frame_t *frame = session->legs ? wmem_list_head(session->legs) : NULL;

    for (; frame; frame = wmem_list_frame_next(frame)) {
        const session_t *leg = wmem_list_frame_data(frame);

        if (leg != session)
            g_array_append_val(numbers, leg->number);
    }
    g_array_sort(numbers, compare_numbers);
    put_key(json, "legs");
    json_dumper_begin_array(json);
    for (unsigned i = 0; i < numbers->len; i++)
        json_dumper_value_anyf(json, "%u", g_array_index(numbers, uint32_t, i));
    json_dumper_end_array(json);
    g_array_free(numbers, TRUE);
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
    put_number_of(json, "call", session, session->call);
    put_legs(json, session);
    put_text(json, "coding", try_val_to_str(session->coding, coding_vals));
    if (session->coding != CODING_H225 && session->coding != CODING_RAS)
        put_null(json, "call_reference");
    else
        put_integer(json, "call_reference", session->call_reference);
    put_guid(json, "call_id", session->has_call_id, &session->call_id);
    put_guid(json, "conference_id", session->has_conference_id, &session->conference_id);
    put_party(json, "caller", &session->parties[SIDE_CALLER]);
    put_party(json, "callee", &session->parties[SIDE_CALLEE]);
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
    put_integer(json, "frame", connection->closed.frame);
    put_integer(json, "time_us", put_microseconds(&connection->closed.at));
    put_boolean(json, "reset", connection->reset);
    json_dumper_end_object(json);
}

static void
put_outcome(json_dumper *json, const record_t *record)
{
    const session_t *session = record->session;
    const char *cause = NULL;

    if (session->has_cause)
        cause = try_val_to_str_ext(session->cause, &q850_cause_code_vals_ext);
    put_text(json, "state",
             session->is_attempt ? NULL : val_to_str_const(session->state, state_vals, "unknown"));
    put_text(json, "outcome", try_val_to_str(record_outcome(record), outcome_vals));
    if (session->has_cause)
        put_integer(json, "cause", session->cause);
    else
        put_null(json, "cause");
    put_text(json, "cause_text", cause);
    put_text(json, "reason", reason_words(session->reason));
    put_text(json, "released_by",
             session->release.frame
                 ? side_name(session->released_by_caller ? SIDE_CALLER : SIDE_CALLEE)
                 : NULL);
    put_connection_closed(json, record);
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
put_digits(json_dumper *json, const record_t *record)
{
    put_key(json, "dtmf");
    json_dumper_begin_object(json);
    put_integer(json, "h245", record->session->digits);
    put_integer(json, "rfc2833", record->digits);
    json_dumper_end_object(json);
}

static void
put_record(json_dumper *json, records_t *records, const record_t *record)
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

        put_record(&json, records, g_ptr_array_index(sorted, i));
        json_dumper_finish(&json);
        (void)fwrite(line->str, 1, line->len, stdout);
        g_string_truncate(line, 0);
    }
    g_string_free(line, TRUE);
    g_ptr_array_unref(sorted);
}
