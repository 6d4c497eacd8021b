/* watch.c
 * Calls as they go on, as JSON lines: an event when its message is read, and records when they are
 * asked for (taps/ask.h). A record is told again only where it has changed. docs/WATCH.md is about
 * the program that asks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/calls.h"

#include "common/numbering.h"
#include "report/listing.h"
#include "report/order.h"
#include "report/put.h"
#include "session/legs.h"
#include "taps/ask.h"

#include <epan/tap.h>

/* A session that is over and of which nothing has been heard for so long is told no more. */
#define LINGER_SECONDS 60

/* What is given to a tap is known by its address: each of the taps gets its own. */
typedef struct watch watch_t;
typedef struct {
    watch_t *watch;
} listener_t;

struct watch {
    listener_t events;
    listener_t asks;
    records_t *records;
    GHashTable
        *told; /* session_t -> its record as it was told last, or NULL; of those that are open */
};

static watch_t the_watch; /* of the only one that tshark can have */

static void
print_event(const packet_info *pinfo, const step_t *step)
{
    GString *line = g_string_new(NULL);
    json_dumper json = {.output_string = line};

    json_dumper_begin_object(&json);
    put_text(&json, "type", "event");
    put_integer(&json, "frame", (int64_t)numbering_told(pinfo->num));
    put_integer(&json, "start_frame", (int64_t)numbering_told(step->session->setup.frame));
    put_integer(&json, "time_us", put_microseconds(&pinfo->abs_ts));
    put_integer(&json, "session", step->session->number);
    put_integer(&json, "call", legs_call(step->session));
    put_text(&json, "event", val_to_str_const(step->event, event_vals, "other"));
    put_text(&json, "state", vocabulary_word(step->state, state_vals));
    cdr_put_parties(&json, step->session);
    json_dumper_end_object(&json);
    put_print_line(&json);
    g_string_free(line, TRUE);
    (void)fflush(stdout);
}

/* A message that has been seen before does nothing, and most of H.245 does nothing to the call. */
static bool
is_event(const step_t *step)
{
    return step && step->session && step->session->number && step->event != EVENT_OTHER &&
           !(step->findings & FINDING_BIT(FINDING_DUPLICATE));
}

static tap_packet_status
hear_event(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tap_data,
           tap_flags_t flags _U_)
{
    const watch_t *watch = ((listener_t *)data)->watch;
    const tapped_t *tapped = tap_data;

    if (!tapped->session)
        return TAP_PACKET_DONT_REDRAW;
    if (!g_hash_table_contains(watch->told, tapped->session))
        g_hash_table_insert(watch->told, (void *)(uintptr_t)tapped->session, NULL);
    if (is_event(tapped->step))
        print_event(pinfo, tapped->step);
    return TAP_PACKET_DONT_REDRAW;
}

static bool
is_over(const record_t *record)
{
    const control_connection_t *closed = record_closed(record);

    return call_is_over(record->session) || record->session->is_attempt ||
           (closed && closed->closed.frame);
}

/* Nothing more is expected of it. */
static bool
is_settled(const record_t *record, const nstime_t *now)
{
    nstime_t silent;

    nstime_delta(&silent, now, &record->latest.at);
    return is_over(record) && silent.secs >= LINGER_SECONDS;
}

static char *
record_text(watch_t *watch, const record_t *record)
{
    GString *text = g_string_new(NULL);
    json_dumper json = {.output_string = text};

    cdr_put_record(&json, watch->records, record);
    json_dumper_finish(&json);
    g_strchomp(text->str);
    return g_string_free(text, FALSE);
}

static void
print_record(const record_t *record, const char *text)
{
    (void)printf("{\"type\":\"record\",\"over\":%s,\"heard_us\":%" PRId64 ",\"record\":%s}\n",
                 is_over(record) ? "true" : "false", put_microseconds(&record->latest.at), text);
}

/* Tells what has changed of it. */
static void
tell(watch_t *watch, const record_t *record)
{
    void *session = (void *)(uintptr_t)record->session;
    char *text = record_text(watch, record);

    if (g_strcmp0(text, g_hash_table_lookup(watch->told, session)) != 0)
        print_record(record, text);
    g_hash_table_insert(watch->told, session, text);
}

static int
compare_sessions(const void *one, const void *other)
{
    return order_of_sessions(*(session_t *const *)one, *(session_t *const *)other);
}

/* session_t pointers, by their start; to be freed with g_ptr_array_unref(). */
static GPtrArray *
open_sessions(const watch_t *watch)
{
    GPtrArray *sessions = g_ptr_array_new();
    GHashTableIter iter;
    void *session;

    g_hash_table_iter_init(&iter, watch->told);
    while (g_hash_table_iter_next(&iter, &session, NULL))
        g_ptr_array_add(sessions, session);
    g_ptr_array_sort(sessions, compare_sessions);
    return sessions;
}

/* What media has yet to prove is no call, and of an attempt that was answered late nothing is left
 * to say. */
static bool
is_told(const session_t *session)
{
    return session->is_attempt ? session->evidence.first != NULL : session->number != 0;
}

static void
tell_open(watch_t *watch, const nstime_t *now)
{
    GPtrArray *sessions = open_sessions(watch);

    for (unsigned i = 0; i < sessions->len; i++) {
        const session_t *session = g_ptr_array_index(sessions, i);
        const record_t *record = records_find(watch->records, session);

        if (!record || !is_told(session))
            continue;
        tell(watch, record);
        if (now && is_settled(record, now))
            g_hash_table_remove(watch->told, session);
    }
    g_ptr_array_unref(sessions);
}

static tap_packet_status
hear_ask(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tap_data,
         tap_flags_t flags _U_)
{
    watch_t *watch = ((listener_t *)data)->watch;
    const ask_t *ask = tap_data;

    tell_open(watch, &pinfo->abs_ts);
    (void)printf("{\"type\":\"asked\",\"number\":%" PRIu64 ",\"sessions\":%u,\"open\":%u}\n",
                 ask->number, session_count(), g_hash_table_size(watch->told));
    (void)fflush(stdout);
    return TAP_PACKET_DONT_REDRAW;
}

/* The capture is at its end. */
static void
draw_watch(records_t *records _U_)
{
    tell_open(&the_watch, NULL);
}

static ws_bool
forget_with_file(wmem_allocator_t *scope _U_, wmem_cb_event_t event _U_, void *user_data)
{
    g_hash_table_remove_all(((watch_t *)user_data)->told);
    return true;
}

static bool
begin_watch(const char *filter, char **error)
{
    watch_t *watch = &the_watch;
    GString *text;

    watch->events.watch = watch;
    watch->asks.watch = watch;
    watch->records = records_begin(filter, draw_watch, error);
    if (!watch->records)
        return false;
    watch->told = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    text = register_tap_listener(MSICCP_TAP, &watch->events, filter, TL_REQUIRES_NOTHING, NULL,
                                 hear_event, NULL, NULL);
    if (!text)
        text = register_tap_listener(ASK_TAP, &watch->asks, NULL, TL_REQUIRES_NOTHING, NULL,
                                     hear_ask, NULL, NULL);
    if (text) {
        *error = g_string_free(text, FALSE);
        return false;
    }
    wmem_register_callback(wmem_file_scope(), forget_with_file, watch);
    return true;
}

void
watch_register(void)
{
    static listing_t listing = {.name = "msiccp,watch", .begin = begin_watch};

    listing_register(&listing);
}
