/* call_window.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/call_window.h"

#include "report/cells.h"
#include "report/rows.h"
#include "session/explain.h"
#include "taps/taps.h"
#include "common/text.h"

#include <epan/dissectors/packet-isup.h>
#include <epan/to_str.h>

/* What matters most is seen without scrolling; Wireshark makes all but the last as wide as needed.
 */
enum {
    COLUMN_NUMBER,
    COLUMN_VERDICT,
    COLUMN_WHY,
    COLUMN_CALLER,
    COLUMN_CALLEE,
    COLUMN_START,
    COLUMN_OUTCOME,
    COLUMN_CAUSE,
    COLUMN_SETUP_TIME,
    COLUMN_RING_TIME,
    COLUMN_TALK_TIME,
    COLUMN_RTP_TO_CALLER,
    COLUMN_RTP_TO_CALLEE,
    COLUMN_DIAGNOSED,
    COLUMN_EXPLANATION,
    COLUMN_STATE,
    COLUMN_CODING,
    COLUMN_COUNT,
};

static stat_tap_table_item columns[COLUMN_COUNT] = {
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "#", "%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Why", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Caller", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Callee", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Start (UTC)", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Outcome", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Cause", "%s"},
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Set-up (s)", "%.3f"},
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Ringing (s)", "%.3f"},
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Talk (s)", "%.3f"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "RTP to caller", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "RTP to callee", "%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Diagnosed", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Explanation", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "State", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Coding", "%s"},
};

static GHashTable *rows_of_sessions; /* session_t -> row + 1 */
static rows_t rows;

static void
begin_table(stat_tap_table_ui *ui)
{
    if (!rows_of_sessions)
        rows_of_sessions = g_hash_table_new(g_direct_hash, g_direct_equal);
    if (rows_begin(&rows, ui)) {
        g_hash_table_remove_all(rows_of_sessions);
        stat_tap_add_table(ui, stat_tap_init_table("Calls", COLUMN_COUNT, 0, NULL));
    }
}

static void
empty_table(stat_tap_table *table)
{
    rows_empty(&rows, table);
    g_hash_table_remove_all(rows_of_sessions);
}

/* The cell is empty until both moments have come. */
static void
set_span(stat_tap_table_item_type *row, unsigned column, const moment_t *from, const moment_t *to)
{
    nstime_t span;

    if (!from->frame || !to->frame)
        return;
    nstime_delta(&span, &to->at, &from->at);
    row[column].type = TABLE_ITEM_FLOAT;
    row[column].value.float_value = nstime_to_sec(&span);
}

static char *
party_text(const party_t *party)
{
    char *shown = party->name ? text_shown(NULL, party->name) : address_to_str(NULL, &party->addr);
    char *text = g_strdup(shown);

    wmem_free(NULL, shown);
    return text;
}

static char *
cause_text(const session_t *session)
{
    if (!session->has_cause)
        return g_strdup("");
    return g_strdup_printf("%u %s", session->cause,
                           val_to_str_ext_const(session->cause, &q850_cause_code_vals_ext, ""));
}

/* The words, each once: a finding can be about either side. */
static char *
diagnosed_text(const evidence_list_t *found)
{
    GString *text = g_string_new(NULL);

    for (const evidence_t *evidence = found->first; evidence; evidence = evidence->next) {
        if (!evidence->next || evidence->next->finding != evidence->finding)
            g_string_append_printf(text, "%s%s", text->len ? ", " : "",
                                   finding_word(evidence->finding));
    }
    return g_string_free(text, FALSE);
}

static stat_tap_table_item_type *
row_of(stat_tap_table *table, const session_t *session)
{
    unsigned row = GPOINTER_TO_UINT(g_hash_table_lookup(rows_of_sessions, session));
    stat_tap_table_item_type *items;

    if (row)
        return stat_tap_get_field_data(table, row - 1, 0);
    items = rows_add(&rows, table, columns);
    for (unsigned column = COLUMN_SETUP_TIME; column <= COLUMN_TALK_TIME; column++)
        items[column].type = TABLE_ITEM_NONE;
    items[COLUMN_NUMBER].value.uint_value = session->number;
    if (session->is_attempt)
        items[COLUMN_NUMBER].type = TABLE_ITEM_NONE;
    rows_set_text(items, COLUMN_START, cell_of_time(&session->setup.at));
    g_hash_table_insert(rows_of_sessions, (void *)(uintptr_t)session,
                        GUINT_TO_POINTER(table->num_elements));
    return items;
}

static void
update_findings(stat_tap_table_item_type *row, const session_t *session, const packet_info *pinfo)
{
    const moment_t now = {.at = pinfo->abs_ts};
    const evidence_list_t found = outcome_findings(session, &now, pinfo->pool);
    const judgement_t judgement = verdict_by_now(session, &found);

    rows_set_text(row, COLUMN_VERDICT,
                  g_strdup(vocabulary_word_or(judgement.verdict, verdict_vals, "")));
    rows_set_text(row, COLUMN_WHY,
                  g_strdup(judgement.decided_by ? finding_word(judgement.decided_by) : ""));
    rows_set_text(row, COLUMN_DIAGNOSED, diagnosed_text(&found));
    rows_set_text(row, COLUMN_EXPLANATION, explain_call(session, &judgement, &found));
}

static void
update_row(stat_tap_table_item_type *row, const session_t *session, const packet_info *pinfo,
           state_t state)
{
    bool is_over = state >= STATE_RELEASED || session->is_attempt;

    rows_set_text(row, COLUMN_CALLER, party_text(&session->parties[SIDE_CALLER]));
    rows_set_text(row, COLUMN_CALLEE, party_text(&session->parties[SIDE_CALLEE]));
    rows_set_text(row, COLUMN_CODING,
                  g_strdup(vocabulary_word_or(session->coding, coding_vals, "")));
    if (!session->is_attempt)
        rows_set_text(row, COLUMN_STATE, g_strdup(vocabulary_word_or(state, state_vals, "")));
    rows_set_text(row, COLUMN_OUTCOME,
                  g_strdup(is_over ? vocabulary_word_or(session->outcome, outcome_vals, "") : ""));
    rows_set_text(row, COLUMN_CAUSE, is_over ? cause_text(session) : g_strdup(""));
    update_findings(row, session, pinfo);
    set_span(row, COLUMN_SETUP_TIME, &session->asked, &session->answer);
    set_span(row, COLUMN_RING_TIME, &session->ringing, &session->answer);
    set_span(row, COLUMN_TALK_TIME, &session->answer, &session->release);
}

static tap_packet_status
show_packet(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tap_data,
            tap_flags_t flags _U_)
{
    stat_tap_table_ui *ui = ((stat_data_t *)data)->stat_tap_data;
    const tapped_t *tapped = tap_data;
    stat_tap_table_item_type *row;

    if (!tapped->session)
        return TAP_PACKET_DONT_REDRAW;
    row = row_of(stat_tap_find_table(ui, "Calls"), tapped->session);
    if (tapped->channel == CHANNEL_RTP) {
        row[tapped->joined->to == SIDE_CALLER ? COLUMN_RTP_TO_CALLER : COLUMN_RTP_TO_CALLEE]
            .value.uint_value++;
        return TAP_PACKET_REDRAW;
    }
    if (tapped->step)
        update_row(row, tapped->session, pinfo, tapped->step->state);
    else if (tapped->note)
        update_row(row, tapped->session, pinfo, session_state_at(tapped->session, pinfo->num));
    return TAP_PACKET_REDRAW;
}

void
call_window_register(void)
{
    static stat_tap_table_ui calls = {
        /* In no menu of Wireshark's own: it is opened from ours. */
        .group = REGISTER_LOG_STAT_GROUP_UNSORTED,
        .title = "MSICCP Calls",
        .tap_name = MSICCP_TAP,
        .cli_string = CALL_WINDOW,
        .stat_tap_init_cb = begin_table,
        .packet_func = show_packet,
        .stat_tap_reset_table_cb = empty_table,
        .stat_tap_free_table_item_cb = rows_free_item,
        .nfields = COLUMN_COUNT,
        .fields = columns,
    };

    register_stat_tap_table_ui(&calls);
}
