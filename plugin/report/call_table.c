/* call_table.c
 * One row a session, and below it its addresses, its streams and what was
 * diagnosed. Every line fits 120 columns of a terminal.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/calls.h"

#include "common/text.h"

#include <stdio.h>

#include <epan/to_str.h>

#define WIDTH 120
#define INDENT "        "
#define SHORTENED "\xe2\x80\xa6" /* an ellipsis */

static int
columns_of(gunichar character)
{
    if (g_unichar_iszerowidth(character))
        return 0;
    return g_unichar_iswide(character) ? 2 : 1;
}

static int
width_of(const char *text)
{
    int width = 0;

    for (const char *at = text; *at; at = g_utf8_next_char(at))
        width += columns_of(g_utf8_get_char(at));
    return width;
}

/* Appends text in exactly that many columns. */
static void
append_cell(GString *line, const char *text, int columns)
{
    char *shown = text_shown(NULL, text);
    bool is_short = width_of(shown) <= columns;
    int left = columns;

    for (const char *at = shown; *at; at = g_utf8_next_char(at)) {
        int width = columns_of(g_utf8_get_char(at));

        if (left - width < (is_short ? 0 : 1))
            break;
        g_string_append_unichar(line, g_utf8_get_char(at));
        left -= width;
    }
    if (!is_short) {
        g_string_append(line, SHORTENED);
        left--;
    }
    g_string_append_printf(line, "%*s", left, "");
    wmem_free(NULL, shown);
}

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

    append_cell(line, party->name ? party->name : addr, columns);
    wmem_free(NULL, addr);
}

/* "2024-03-01 12:00:00.123", in UTC like the times of the call records. */
static void
append_start(GString *line, const nstime_t *time)
{
    GDateTime *date = g_date_time_new_from_unix_utc(time->secs);
    char *text = date ? g_date_time_format(date, "%Y-%m-%d %H:%M:%S") : g_strdup("-");

    g_string_append_printf(line, "%-19s.%03d ", text, time->nsecs / 1000000);
    g_free(text);
    if (date)
        g_date_time_unref(date);
}

/* Seconds, or a dash where one of the moments has not come. */
static void
append_span(GString *line, bool is_known, const moment_t *from, const moment_t *to)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE] = "-";
    nstime_t span;

    if (is_known && from->frame && to->frame) {
        nstime_delta(&span, &to->time, &from->time);
        g_ascii_formatd(text, sizeof text, "%.3f", nstime_to_sec(&span));
    }
    g_string_append_printf(line, " %9s", text);
}

static char *
outcome_text(const record_t *record)
{
    const char *outcome = val_to_str_const(record_outcome(record), outcome_vals, "-");

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

    g_string_append_printf(line, "%5u ", session->number);
    append_start(line, &session->setup.time);
    append_party(line, &session->parties[SIDE_CALLER], 18);
    g_string_append_c(line, ' ');
    append_party(line, &session->parties[SIDE_CALLEE], 18);
    g_string_append_c(line, ' ');
    append_cell(line, val_to_str_const(session->coding, coding_vals, "-"), 6);
    g_string_append_c(line, ' ');
    append_cell(line, outcome, 15);
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
    char *from = address_to_str(NULL, &caller->addr);
    char *to = address_to_str(NULL, &callee->addr);

    g_string_append_printf(line, "%s port %u to %s port %u", from, caller->port, to, callee->port);
    print_line(line);
    g_string_free(line, TRUE);
    wmem_free(NULL, from);
    wmem_free(NULL, to);
}

static void
print_stream(const stream_t *stream)
{
    GString *line = g_string_new(INDENT);
    const rtp_figures_t *figures = &stream->figures;
    uint32_t expected = rtp_figures_expected(figures);
    int32_t lost = rtp_figures_lost(figures);
    const char *codec =
        stream->negotiated_codec ? stream->negotiated_codec : stream_payload_name(stream);
    char percent[G_ASCII_DTOSTR_BUF_SIZE];
    char mean[G_ASCII_DTOSTR_BUF_SIZE];
    char max[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(percent, sizeof percent, "%.1f", expected ? lost * 100.0 / expected : 0);
    g_ascii_formatd(mean, sizeof mean, "%.3f", figures->jitter_mean);
    g_ascii_formatd(max, sizeof max, "%.3f", figures->jitter_max);
    g_string_append_printf(line, "to %s  ", stream->to == SIDE_CALLER ? "caller" : "callee");
    append_cell(line, codec ? codec : "-", 20);
    g_string_append_printf(line, " %6u packets, %d lost (%s%%), jitter %s ms, at most %s, %s",
                           figures->packets, lost, percent, mean, max,
                           val_to_str_const(stream->link, link_vals, "-"));
    print_line(line);
    g_string_free(line, TRUE);
}

static void
print_diagnostics(const session_t *session)
{
    uint32_t findings = session_findings(session);
    GString *line = g_string_new(INDENT "diagnosed:");

    for (unsigned finding = 0; finding < FINDING_COUNT; finding++) {
        const char *name = finding_word(finding);

        if (!(findings & FINDING_BIT(finding)))
            continue;
        if (line->len + 1 + strlen(name) > WIDTH) {
            print_line(line);
            g_string_append(line, INDENT "          ");
        }
        g_string_append_printf(line, " %s", name);
    }
    if (findings)
        print_line(line);
    g_string_free(line, TRUE);
}

static void
print_ruler(const char *title)
{
    GString *line = g_string_new(title);

    while (line->len < WIDTH)
        g_string_append_c(line, '=');
    print_line(line);
    g_string_free(line, TRUE);
}

void
call_table_print(records_t *records)
{
    GPtrArray *sorted = records_sorted(records);

    print_ruler("======== MSICCP calls ");
    printf("%5s %-23s %-18s %-18s %-6s %-15s %9s %9s %9s\n", "No", "Start (UTC)", "Caller",
           "Callee", "Coding", "Outcome (cause)", "Set-up s", "Ring s", "Talk s");
    for (unsigned i = 0; i < sorted->len; i++) {
        const record_t *record = g_ptr_array_index(sorted, i);

        print_session(record);
        print_addresses(record->session);
        for (wmem_list_frame_t *frame = wmem_list_head(record->streams); frame;
             frame = wmem_list_frame_next(frame))
            print_stream(wmem_list_frame_data(frame));
        print_diagnostics(record->session);
    }
    print_ruler("");
    g_ptr_array_unref(sorted);
}
