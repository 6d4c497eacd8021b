/* why_window.c
 * The buttons are about the call whose paragraph is the first that is shown.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/why_window.h"

#include "common/text.h"
#include "report/cells.h"
#include "report/records.h"
#include "session/explain.h"

#include <epan/funnel.h>
#include <epan/plugin_if.h>
#include <epan/to_str.h>

#define TITLE "MSICCP Why calls failed"

/* A call that did not go well. Nothing in it is the file's, which may be closed meanwhile. */
typedef struct {
    unsigned badness; /* by its verdict; 0 is the worst */
    char *filter;     /* takes in the call, or the frames of an attempt */
    uint32_t frame;   /* the first that shows why, or the call's first */
    char *paragraph;
} failure_t;

static struct {
    funnel_text_window_t *window; /* NULL: it is not open */
    records_t *records;
    unsigned calls;      /* of any verdict */
    GPtrArray *failures; /* of failure_t, the worst first */
    unsigned first;      /* of those: the one that the buttons are about */
} why;

static const verdict_t worst_first[] = {
    VERDICT_NO_AUDIO,
    VERDICT_NO_AUDIO_TO_CALLER,
    VERDICT_NO_AUDIO_TO_CALLEE,
    VERDICT_NOT_CONNECTED,
    VERDICT_POOR,
    VERDICT_UNKNOWN,
};

/* Their number for a verdict that is no failure. */
static unsigned
badness_of(verdict_t verdict)
{
    unsigned badness = 0;

    while (badness < G_N_ELEMENTS(worst_first) && worst_first[badness] != verdict)
        badness++;
    return badness;
}

static void
failure_free(void *data)
{
    failure_t *failure = data;

    g_free(failure->filter);
    g_free(failure->paragraph);
    g_free(failure);
}

static void
append_frames(GString *filter, const evidence_t *evidence)
{
    g_string_append(filter, "frame.number in {");
    for (uint32_t i = 0; i < MIN(evidence->count, EVIDENCE_FRAMES); i++)
        g_string_append_printf(filter, "%s%u", i ? ", " : "", evidence->frames[i]);
    g_string_append_c(filter, '}');
}

/* Of an attempt, which has no number, the frames that show it. */
static char *
filter_of(const session_t *session, const evidence_t *evidence)
{
    GString *filter = g_string_new(NULL);

    if (session->is_attempt && evidence)
        append_frames(filter, evidence);
    else
        g_string_append_printf(filter, "msiccp.session == %u", session->number);
    return g_string_free(filter, FALSE);
}

static void
append_party(GString *text, const party_t *party)
{
    char *shown = party->name ? text_shown(NULL, party->name) : NULL;
    char *addr = party->addr.type == AT_NONE ? NULL : address_to_str(NULL, &party->addr);

    if (shown && addr)
        g_string_append_printf(text, "%s (%s)", shown, addr);
    else
        g_string_append(text, shown ? shown : addr ? addr : "an end that was not seen");
    wmem_free(NULL, shown);
    wmem_free(NULL, addr);
}

/* Who, when and how it went; then why. */
static char *
paragraph_of(const session_t *session, const judgement_t *judgement, const evidence_list_t *found)
{
    GString *text = g_string_new(NULL);
    char *start = cell_of_time(&session->setup.at);
    char *explanation = explain_call(session, judgement, found);

    if (session->is_attempt)
        g_string_append(text, "Attempt to connect: ");
    else
        g_string_append_printf(text, "Session %u: ", session->number);
    append_party(text, &session->parties[SIDE_CALLER]);
    g_string_append(text, " to ");
    append_party(text, &session->parties[SIDE_CALLEE]);
    g_string_append_printf(text, "\n%s UTC: %s%s%s\n%s\n", start,
                           vocabulary_word_or(judgement->verdict, verdict_vals, "unknown"),
                           judgement->decided_by ? ", by " : "",
                           judgement->decided_by ? finding_word(judgement->decided_by) : "",
                           explanation);
    g_free(start);
    g_free(explanation);
    return g_string_free(text, FALSE);
}

static void
judge(const record_t *record)
{
    wmem_allocator_t *scope = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    const evidence_list_t found = record_findings(record, scope);
    const judgement_t judgement = record_verdict(record, &found);
    const evidence_t *evidence = verdict_evidence(&judgement, &found);
    unsigned badness = badness_of(judgement.verdict);

    if (badness < G_N_ELEMENTS(worst_first)) {
        failure_t *failure = g_new0(failure_t, 1);

        failure->badness = badness;
        failure->filter = filter_of(record->session, evidence);
        failure->frame =
            evidence && evidence->count ? evidence->frames[0] : record->session->setup.frame;
        failure->paragraph = paragraph_of(record->session, &judgement, &found);
        g_ptr_array_add(why.failures, failure);
    }
    wmem_destroy_allocator(scope);
}

/* Of those that are equally bad, by their beginning, as they were before: the sort is stable. */
static int
compare_failures(const void *a, const void *b)
{
    const failure_t *one = *(failure_t *const *)a;
    const failure_t *other = *(failure_t *const *)b;

    return (int)one->badness - (int)other->badness;
}

static char *
heading(void)
{
    if (why.calls == 0)
        return g_strdup("There is no call in this capture.\n");
    if (why.failures->len == 0)
        return g_strdup_printf("Of %u calls none went wrong.\n", why.calls);
    return g_strdup_printf("%u of %u that did not go well, of %u calls; the worst first\n",
                           why.first + 1, why.failures->len, why.calls);
}

/* Names come from the capture, and set_text() would take some for HTML. */
static void
show(void)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    char *head = heading();
    GString *text = g_string_new(head);

    for (unsigned i = why.first; i < why.failures->len; i++) {
        const failure_t *failure = g_ptr_array_index(why.failures, i);

        g_string_append_printf(text, "\n%s", failure->paragraph);
    }
    ops->clear_text(why.window);
    ops->prepend_text(why.window, text->str);
    g_string_free(text, TRUE);
    g_free(head);
}

static const failure_t *
failure_at_top(void)
{
    return why.failures->len ? g_ptr_array_index(why.failures, why.first) : NULL;
}

static void
judge_all(records_t *records)
{
    GPtrArray *sorted = records_sorted(records);

    why.calls = sorted->len;
    for (unsigned i = 0; i < sorted->len; i++)
        judge(g_ptr_array_index(sorted, i));
    g_ptr_array_sort(why.failures, compare_failures);
    g_ptr_array_unref(sorted);
}

/* The call that this filter takes in; the first of all, if there is none. */
static unsigned
place_of(const char *filter)
{
    for (unsigned i = 0; filter && i < why.failures->len; i++) {
        const failure_t *failure = g_ptr_array_index(why.failures, i);

        if (strcmp(failure->filter, filter) == 0)
            return i;
    }
    return 0;
}

/* Also after each filter that is applied. */
static void
draw(records_t *records)
{
    char *filter = failure_at_top() ? g_strdup(failure_at_top()->filter) : NULL;

    g_ptr_array_set_size(why.failures, 0);
    judge_all(records);
    why.first = place_of(filter);
    g_free(filter);
    show();
}

static ws_bool
show_previous(funnel_text_window_t *window _U_, void *data _U_)
{
    if (why.first > 0)
        why.first--;
    show();
    return true;
}

static ws_bool
show_next(funnel_text_window_t *window _U_, void *data _U_)
{
    if (why.first + 1 < why.failures->len)
        why.first++;
    show();
    return true;
}

static ws_bool
show_call(funnel_text_window_t *window _U_, void *data _U_)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();

    if (failure_at_top()) {
        ops->set_filter(ops->ops_id, failure_at_top()->filter);
        ops->apply_filter(ops->ops_id);
    }
    return true;
}

static ws_bool
go_to_evidence(funnel_text_window_t *window _U_, void *data _U_)
{
    if (failure_at_top())
        plugin_if_goto_frame(failure_at_top()->frame);
    return true;
}

static void
add_button(const char *label, funnel_bt_cb_t pressed)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    funnel_bt_t *button = g_new0(funnel_bt_t, 1);

    button->tw = why.window;
    button->func = pressed;
    button->free_fcn = g_free;
    ops->add_button(why.window, button, label);
}

static void
close_window(void *data _U_)
{
    records_end(why.records);
    g_ptr_array_unref(why.failures);
    why.window = NULL;
}

void
why_window_open(void)
{
    const funnel_ops_t *ops = funnel_get_funnel_ops();
    char *error = NULL;

    if (!ops || !ops->new_text_window)
        return;
    if (why.window)
        ops->destroy_text_window(why.window);
    why.records = records_begin(NULL, draw, &error);
    if (!why.records) {
        g_free(error);
        return;
    }
    why.failures = g_ptr_array_new_with_free_func(failure_free);
    why.window = ops->new_text_window(ops->ops_id, TITLE);
    ops->set_close_cb(why.window, close_window, NULL);
    add_button("Previous", show_previous);
    add_button("Next", show_next);
    add_button("Show the call", show_call);
    add_button("Go to the evidence", go_to_evidence);
    ops->retap_packets(ops->ops_id);
}
