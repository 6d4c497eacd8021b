/* call_table.c
 * One row a session, and below it its addresses, its streams and what was
 * diagnosed. Every line fits 120 columns of a terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/calls.h"

#include "readers/codecs.h"
#include "report/cells.h"
#include "report/listing.h"
#include "report/estimate.h"
#include "session/explain.h"
#include "session/legs.h"
#include "session/reasons.h"

#include <stdio.h>

#include <epan/to_str.h>

#define WIDTH 120
#define INDENT "        "
static void
print_line(GString *line)
{
    while (line->len && line->str[line->len - 1] == ' ')
        g_string_truncate(line, line->len - 1);
    puts(line->str);
    g_string_truncate(line, 0);
}

static void
append_party(GString *line, const party_t *party, int columns)
{
    char *addr = address_to_str(NULL, &party->addr);

    cell_append(line, party->name ? party->name : addr, columns);
    wmem_free(NULL, addr);
}

static void
append_start(GString *line, const nstime_t *when)
{
    char *text = cell_of_time(when);

    g_string_append_printf(line, "%-23s ", text);
    g_free(text);
}

/* Seconds, or a dash where one of the moments has not come. */
static void
append_span(GString *line, bool is_known, const moment_t *from, const moment_t *to)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE] = "-";
    nstime_t span;

    if (is_known && from->frame && to->frame) {
        nstime_delta(&span, &to->at, &from->at);
        g_ascii_formatd(text, sizeof text, "%.3f", nstime_to_sec(&span));
    }
    g_string_append_printf(line, " %9s", text);
}

static char *
outcome_text(const record_t *record)
{
    const char *outcome = vocabulary_word_or(outcome_by_now(record->session), outcome_vals, "-");

    if (record->session->has_cause)
        return g_strdup_printf("%s (%u)", outcome, record->session->cause);
    return g_strdup(outcome);
}

static void
print_session(const record_t *record)
{
    const session_t *session = record->session;
    GString *line = g_string_new(NULL);
    char *outcome = outcome_text(record);

    if (session->is_attempt)
        g_string_append(line, "    - ");
    else
        g_string_append_printf(line, "%5u ", session->number);
    append_start(line, &session->setup.at);
    append_party(line, &session->parties[SIDE_CALLER], 18);
    g_string_append_c(line, ' ');
    append_party(line, &session->parties[SIDE_CALLEE], 18);
    g_string_append_c(line, ' ');
    cell_append(line, vocabulary_word_or(session->coding, coding_vals, "-"), 6);
    g_string_append_c(line, ' ');
    cell_append(line, outcome, 15);
    append_span(line, session->begun, &session->asked, &session->answer);
    append_span(line, true, &session->ringing, &session->answer);
    append_span(line, true, &session->answer, &session->release);
    print_line(line);
    g_string_free(line, TRUE);
    g_free(outcome);
}

static void
print_addresses(const session_t *session)
{
    GString *line = g_string_new(INDENT);
    const party_t *caller = &session->parties[SIDE_CALLER];
    const party_t *callee = &session->parties[SIDE_CALLEE];

    /* Programs that try again do so from other ports. */
    if (session->is_attempt) {
        char *from = address_to_str(NULL, &caller->addr);

        g_string_append(line, from);
        wmem_free(NULL, from);
    } else {
        cell_append_place(line, &caller->addr, caller->port, "an end that was not seen");
    }
    g_string_append(line, " to ");
    cell_append_place(line, &callee->addr, callee->port, "an end that was not seen");
    print_line(line);
    g_string_free(line, TRUE);
}

/* The one that was agreed on or, where none is known, the first that was seen. */
static const char *
codec_text(const stream_t *stream)
{
    const char *codec =
        stream->negotiated_codec ? stream->negotiated_codec : record_payload_name(stream);

    return codec ? codec_commonly(codec) : "-";
}

/* One after the other, where they change: "G.711 mu-law, then G.711 A-law" */
static void
append_codecs(GString *line, const stream_t *stream)
{
    const char *before = " ";

    if (wmem_list_count(stream->codecs) < 2)
        return;
    for (wmem_list_frame_t *frame = wmem_list_head(stream->codecs); frame;
         frame = wmem_list_frame_next(frame)) {
        const codec_run_t *run = wmem_list_frame_data(frame);

        g_string_append_printf(line, "%s%s", before, run->codec ? codec_commonly(run->codec) : "-");
        before = ", then ";
    }
    if (stream->more_runs)
        g_string_append_printf(line, ", then %u more", stream->more_runs);
    g_string_append_c(line, ',');
}

static void
print_stream(const stream_t *stream)
{
    GString *line = g_string_new(INDENT);
    const rtp_figures_t *figures = &stream->figures;
    uint32_t expected = rtp_figures_expected(figures);
    int32_t lost = rtp_figures_lost(figures);
    char percent[G_ASCII_DTOSTR_BUF_SIZE];
    char mean[G_ASCII_DTOSTR_BUF_SIZE];
    char max[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(percent, sizeof percent, "%.1f", expected ? lost * 100.0 / expected : 0);
    g_ascii_formatd(mean, sizeof mean, "%.3f", figures->jitter_mean);
    g_ascii_formatd(max, sizeof max, "%.3f", figures->jitter_max);
    g_string_append_printf(line, "to %s  ", stream->key.to == SIDE_CALLER ? "caller" : "callee");
    cell_append(line, codec_text(stream), 20);
    g_string_append_printf(line, " %6u packets, %d lost (%s%%), jitter %s ms, at most %s, %s",
                           figures->packets, lost, percent, mean, max,
                           vocabulary_word_or(stream->link, link_vals, "-"));
    print_line(line);
    g_string_free(line, TRUE);
}

/* Of what there is something to say. */
static void
print_quality(const record_t *record, const stream_t *stream)
{
    const quality_t quality = quality_at_end(&stream->quality);
    const estimate_t estimate = estimate_of(record, stream);
    const watched_stream_t *reported = estimate_reported(record, stream);
    GString *line = g_string_new(INDENT "          ");
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    append_codecs(line, stream);
    if (estimate.rating >= 0)
        g_string_append_printf(line, " estimated MOS %s,",
                               g_ascii_formatd(number, sizeof number, "%.1f", estimate.mos));
    if (quality.runs)
        g_string_append_printf(line, " at most %u lost in a row,", quality.longest_run);
    if (quality.late)
        g_string_append_printf(line, " %u late,", quality.late);
    if (quality.duration > 0 && quality.silence / quality.duration >= 0.005)
        g_string_append_printf(line, " %s%% silent,",
                               g_ascii_formatd(number, sizeof number, "%.0f",
                                               100 * quality.silence / quality.duration));
    if (reported && reported->latest.lost > 0)
        g_string_append_printf(line, " receiver lost %d,", reported->latest.lost);
    if (reported && reported->round_trip >= 0)
        g_string_append_printf(
            line, " round trip %s ms,",
            g_ascii_formatd(number, sizeof number, "%.1f", reported->round_trip * 1000));
    if (g_str_has_suffix(line->str, ",")) {
        g_string_truncate(line, line->len - 1);
        print_line(line);
    }
    g_string_free(line, TRUE);
}

/* What H.225.0 says of the end, unless it says that it does not know. */
static void
print_reason(const session_t *session)
{
    char *words = call_reason(NULL, session);

    if (words && session->reason != REASON_UNDEFINED)
        printf(INDENT "reason: %s\n", words);
    wmem_free(NULL, words);
}

static void
append_legs(GString *line, const session_t *session)
{
    session_t *others[LEGS_TOLD];
    unsigned count = legs_others(session, others);

    if (count == 0)
        return;
    g_string_append_printf(line, "of call %u, with", legs_call(session));
    for (unsigned i = 0; i < count; i++)
        g_string_append_printf(line, " %u", others[i]->number);
    if (legs_more(session))
        g_string_append_printf(line, " and %u more", legs_more(session));
}

/* The other attempts that belong to this one. */
static void
print_others(const session_t *session)
{
    const session_t *followed_by = session->forwarding ? session->forwarding->followed_by : NULL;
    GString *line = g_string_new(INDENT);

    append_legs(line, session);
    if (line->len > strlen(INDENT)) {
        print_line(line);
        g_string_assign(line, INDENT);
    }
    if (session->forwarding) {
        char *party = legs_forwarded_party(NULL, session);

        g_string_append(line, "forwarded to ");
        cell_append(line, party, 40);
        if (followed_by)
            g_string_append_printf(line, " %u", followed_by->number);
        print_line(line);
        wmem_free(NULL, party);
    }
    g_string_free(line, TRUE);
}

/* In as many lines as it takes, with a hanging indent. */
static void
print_sentence(const char *text)
{
    char **words = g_strsplit(text, " ", -1);
    GString *line = g_string_new(INDENT " ");

    for (char **word = words; *word; word++) {
        if (line->len + 1 + strlen(*word) > WIDTH) {
            print_line(line);
            g_string_assign(line, INDENT "   ");
        }
        g_string_append_printf(line, " %s", *word);
    }
    print_line(line);
    g_string_free(line, TRUE);
    g_strfreev(words);
}

static void
print_verdict(const judgement_t *judgement)
{
    const char *verdict = vocabulary_word_or(judgement->verdict, verdict_vals, "unknown");

    if (judgement->decided_by)
        printf(INDENT "verdict: %s, by %s\n", verdict, finding_word(judgement->decided_by));
    else
        printf(INDENT "verdict: %s\n", verdict);
}

/* Where no finding says it. */
static void
print_explanation(const session_t *session, const judgement_t *judgement,
                  const evidence_list_t *found)
{
    char *explanation = explain_call(session, judgement, found);

    print_sentence(explanation);
    g_free(explanation);
}

static void
print_diagnostics(const record_t *record)
{
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    const evidence_list_t found = record_findings(record, scope);
    const judgement_t judgement = record_verdict(record, &found);

    print_verdict(&judgement);
    if (!judgement.decided_by)
        print_explanation(record->session, &judgement, &found);
    for (const evidence_t *evidence = found.first; evidence; evidence = evidence->next) {
        char *explanation = explain(judgement.verdict, evidence);

        printf(INDENT "diagnosed: %s\n", finding_word(evidence->finding));
        print_sentence(explanation);
        g_free(explanation);
    }
    wmem_destroy_allocator(scope);
}

static void
print_streams(const record_t *record)
{
    unsigned count = wmem_list_count(record->streams);
    wmem_list_frame_t *frame = wmem_list_head(record->streams);

    for (unsigned i = 0; i < MIN(count, MOST_STREAMS); i++, frame = wmem_list_frame_next(frame)) {
        print_stream(wmem_list_frame_data(frame));
        print_quality(record, wmem_list_frame_data(frame));
    }
    if (count > MOST_STREAMS)
        printf(INDENT "and %u more streams\n", count - MOST_STREAMS);
}

void
call_table_print(records_t *records)
{
    GPtrArray *sorted = records_sorted(records);

    listing_print_ruler("======== MSICCP calls ", WIDTH);
    printf("%5s %-23s %-18s %-18s %-6s %-15s %9s %9s %9s\n", "No", "Start (UTC)", "Caller",
           "Callee", "Coding", "Outcome (cause)", "Set-up s", "Ring s", "Talk s");
    for (unsigned i = 0; i < sorted->len; i++) {
        const record_t *record = g_ptr_array_index(sorted, i);

        print_session(record);
        print_addresses(record->session);
        print_reason(record->session);
        print_others(record->session);
        print_streams(record);
        print_diagnostics(record);
    }
    listing_print_ruler("", WIDTH);
    g_ptr_array_unref(sorted);
}
