/* call_window.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/call_window.h"

#include "session/verdict.h"
#include "taps/taps.h"
#include "common/text.h"

#include <epan/dissectors/packet-isup.h>
#include <epan/stat_tap_ui.h>
#include <epan/to_str.h>

enum {
    COLUMN_NUMBER,
    COLUMN_START,
    COLUMN_CALLER,
    COLUMN_CALLEE,
    COLUMN_CODING,
    COLUMN_STATE,
    COLUMN_OUTCOME,
    COLUMN_CAUSE,
    COLUMN_RTP_TO_CALLER,
    COLUMN_RTP_TO_CALLEE,
    COLUMN_VERDICT,
    COLUMN_DIAGNOSED,
    COLUMN_SETUP_TIME,
    COLUMN_RING_TIME,
    COLUMN_TALK_TIME,
    COLUMN_COUNT,
};

static stat_tap_table_item columns[COLUMN_COUNT] = {
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "Session", "%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Start (UTC)", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Caller", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Callee", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Coding", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "State", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Outcome", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Cause", "%s"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "RTP to caller", "%u"},
    {TABLE_ITEM_UINT, TAP_ALIGN_RIGHT, "RTP to callee", "%u"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Verdict", "%s"},
    {TABLE_ITEM_STRING, TAP_ALIGN_LEFT, "Diagnosed", "%s"},
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Set-up (s)", "%.3f"},
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Ringing (s)", "%.3f"},
    {TABLE_ITEM_FLOAT, TAP_ALIGN_RIGHT, "Talk (s)", "%.3f"},
};

/* session_t -> row + 1. There is one table, however many windows show it. */
static GHashTable *rows;

static void
begin_table(stat_tap_table_ui *ui)
{
    if (rows)
        g_hash_table_remove_all(rows);
    else
        rows = g_hash_table_new(g_direct_hash, g_direct_equal);
    if (!stat_tap_find_table(ui, "Calls"))
        stat_tap_add_table(ui, stat_tap_init_table("Calls", COLUMN_COUNT, 0, NULL));
}

static void
free_item(stat_tap_table *table _U_, unsigned row _U_, unsigned column,
          stat_tap_table_item_type *item)
{
    if (columns[column].type == TABLE_ITEM_STRING)
        g_free((char *)item->value.string_value);
}

static void
empty_table(stat_tap_table *table)
{
    for (unsigned row = 0; row < table->num_elements; row++) {
        for (unsigned column = 0; column < COLUMN_COUNT; column++)
            free_item(table, row, column, stat_tap_get_field_data(table, row, column));
        g_free(table->elements[row]);
    }
    table->num_elements = 0;
    g_hash_table_remove_all(rows);
}

/* Takes over the text, which g_free() frees. */
static void
set_text(stat_tap_table_item_type *row, unsigned column, char *text)
{
    g_free((char *)row[column].value.string_value);
    row[column].value.string_value = text;
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
start_text(const session_t *session)
{
    GDateTime *date = g_date_time_new_from_unix_utc(session->setup.at.secs);
    char *second = date ? g_date_time_format(date, "%Y-%m-%d %H:%M:%S") : g_strdup("");
    char *text = g_strdup_printf("%s.%03d", second, session->setup.at.nsecs / 1000000);

    g_free(second);
    if (date)
        g_date_time_unref(date);
    return text;
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
    unsigned row = GPOINTER_TO_UINT(g_hash_table_lookup(rows, session));
    stat_tap_table_item_type *items;

    if (row)
        return stat_tap_get_field_data(table, row - 1, 0);

    row = table->num_elements;
    items = g_new0(stat_tap_table_item_type, COLUMN_COUNT);
    for (unsigned column = COLUMN_NUMBER; column < COLUMN_SETUP_TIME; column++)
        items[column].type = columns[column].type;
    items[COLUMN_NUMBER].value.uint_value = session->number;
    if (session->is_attempt)
        items[COLUMN_NUMBER].type = TABLE_ITEM_NONE;
    items[COLUMN_START].value.string_value = start_text(session);
    stat_tap_init_table_row(table, row, COLUMN_COUNT, items);
    g_free(items);
    g_hash_table_insert(rows, (void *)(uintptr_t)session, GUINT_TO_POINTER(row + 1));
    return stat_tap_get_field_data(table, row, 0);
}

static void
update_findings(stat_tap_table_item_type *row, const session_t *session, const packet_info *pinfo)
{
    const moment_t now = {.at = pinfo->abs_ts};
    const evidence_list_t found = outcome_findings(session, &now, pinfo->pool);
    verdict_t verdict =
        call_is_over(session) ? session->verdict : verdict_of(session, &found).verdict;

    set_text(row, COLUMN_VERDICT, g_strdup(val_to_str_const(verdict, verdict_vals, "")));
    set_text(row, COLUMN_DIAGNOSED, diagnosed_text(&found));
}

static void
update_row(stat_tap_table_item_type *row, const session_t *session, const packet_info *pinfo,
           state_t state)
{
    bool is_over = state >= STATE_RELEASED || session->is_attempt;

    set_text(row, COLUMN_CALLER, party_text(&session->parties[SIDE_CALLER]));
    set_text(row, COLUMN_CALLEE, party_text(&session->parties[SIDE_CALLEE]));
    set_text(row, COLUMN_CODING, g_strdup(val_to_str_const(session->coding, coding_vals, "")));
    if (!session->is_attempt)
        set_text(row, COLUMN_STATE, g_strdup(val_to_str_const(state, state_vals, "")));
    set_text(row, COLUMN_OUTCOME,
             g_strdup(is_over ? val_to_str_const(session->outcome, outcome_vals, "") : ""));
    set_text(row, COLUMN_CAUSE, is_over ? cause_text(session) : g_strdup(""));
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
        .stat_tap_free_table_item_cb = free_item,
        .nfields = COLUMN_COUNT,
        .fields = columns,
    };

    register_stat_tap_table_ui(&calls);
}
