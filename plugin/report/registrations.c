/* registrations.c
 * The keys are described in docs/REGISTRATIONS.md and docs/registrations.schema.json; a change that
 * is not an addition needs a new SCHEMA.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/registrations.h"

#include "common/text.h"
#include "report/cells.h"
#include "report/listing.h"
#include "report/put.h"
#include "taps/taps.h"

#include <stdio.h>

#include <epan/tap.h>
#include <epan/to_str.h>

#define SCHEMA 1
#define WIDTH 100
#define INDENT "    "

/* Those of one statistic; lives as long as it. */
typedef struct {
    GHashTable *chosen; /* registration_t -> itself: a message of it has passed the filter */
    void (*print)(const registration_t *registration);
    const char *title; /* NULL: none */
} registrations_t;

static void
reset(void *data)
{
    registrations_t *registrations = data;

    g_hash_table_remove_all(registrations->chosen);
}

static tap_packet_status
hear(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *tap_data,
     tap_flags_t flags _U_)
{
    registrations_t *registrations = data;
    const tapped_t *tapped = tap_data;

    if (!tapped->registration)
        return TAP_PACKET_DONT_REDRAW;
    g_hash_table_add(registrations->chosen, tapped->registration->registration);
    return TAP_PACKET_REDRAW;
}

static int
compare(const void *a, const void *b)
{
    const registration_t *one = a;
    const registration_t *other = b;

    return (one->number > other->number) - (one->number < other->number);
}

static void
draw(void *data)
{
    registrations_t *registrations = data;
    GList *sorted = g_list_sort(g_hash_table_get_keys(registrations->chosen), compare);

    if (registrations->title)
        listing_print_ruler(registrations->title, WIDTH);
    for (const GList *item = sorted; item; item = item->next)
        registrations->print(item->data);
    if (registrations->title)
        listing_print_ruler("", WIDTH);
    g_list_free(sorted);
}

static void
forget(void *data)
{
    registrations_t *registrations = data;

    g_hash_table_destroy(registrations->chosen);
    g_free(registrations);
}

static bool
begin(const char *filter, void (*print)(const registration_t *registration), const char *title,
      char **error)
{
    registrations_t *registrations = g_new0(registrations_t, 1);
    GString *text;

    registrations->chosen = g_hash_table_new(g_direct_hash, g_direct_equal);
    registrations->print = print;
    registrations->title = title;
    text = register_tap_listener(MSICCP_TAP, registrations, filter, TL_REQUIRES_NOTHING, reset,
                                 hear, draw, forget);
    if (!text)
        return true;
    forget(registrations);
    *error = g_string_free(text, FALSE);
    return false;
}

static const char *
state_word(const registration_t *registration)
{
    return vocabulary_word_or(registration_by_now(registration), registration_vals,
                              "not registered");
}

/* What a capture calls something, between these texts of ours; NULL: it has no name for it. */
static void
append_name(GString *line, const char *before, const char *name, const char *behind)
{
    char *shown = text_shown(NULL, name);

    if (shown)
        g_string_append_printf(line, "%s%s%s", before, shown, behind);
    wmem_free(NULL, shown);
}

/* "2 requests, 14 keep-alives, lifetime 60 s, gatekeeper "gk", NetMeeting 3.0" */
static void
append_figures(GString *line, const registration_t *registration)
{
    g_string_append_printf(line, "%u request%s, %u keep-alive%s", registration->requests,
                           registration->requests == 1 ? "" : "s", registration->keep_alives,
                           registration->keep_alives == 1 ? "" : "s");
    if (registration->time_to_live)
        g_string_append_printf(line, ", lifetime %u s", registration->time_to_live);
    append_name(line, ", gatekeeper \"", registration->gatekeeper_name, "\"");
    append_name(line, ", ", registration->product, "");
}

/* A block each: who is where, how it stands, and why. */
static void
print_block(const registration_t *registration)
{
    char *explanation = registration_explain(registration);
    GString *line = g_string_new(NULL);

    g_string_append_printf(line, "%u  ", registration->number);
    append_name(line, "", registration->alias, " at ");
    cell_append_place(line, &registration->endpoint, registration->endpoint_port, "(unknown)");
    g_string_append(line, ", gatekeeper ");
    cell_append_place(line, &registration->gatekeeper, registration->gatekeeper_port, "(unknown)");
    g_string_append_printf(line, ": %s", state_word(registration));
    puts(line->str);
    g_string_assign(line, INDENT);
    append_figures(line, registration);
    puts(line->str);
    printf(INDENT "%s\n", explanation);
    g_string_free(line, TRUE);
    g_free(explanation);
}

static void
put_party(json_dumper *json, const char *key, const address *addr, uint16_t port, const char *alias,
          const char *product)
{
    put_key(json, key);
    json_dumper_begin_object(json);
    put_place(json, addr, port);
    put_text(json, "identifier", alias);
    put_text(json, "product", product);
    json_dumper_end_object(json);
}

static void
put_number_or_null(json_dumper *json, const char *key, uint32_t number)
{
    if (number)
        put_integer(json, key, number);
    else
        put_null(json, key);
}

static const char *
discovery_word(discovery_t discovery)
{
    static const char *const words[] = {
        [DISCOVERY_NOT_ASKED] = NULL,
        [DISCOVERY_UNANSWERED] = "unanswered",
        [DISCOVERY_CONFIRMED] = "confirmed",
        [DISCOVERY_REJECTED] = "rejected",
    };

    return words[discovery];
}

static const char *
ended_by_word(unregistered_by_t by)
{
    static const char *const words[] = {
        [BY_NOBODY] = NULL,
        [BY_ENDPOINT] = "endpoint",
        [BY_GATEKEEPER] = "gatekeeper",
    };

    return words[by];
}

static void
put_registration(json_dumper *json, const registration_t *registration)
{
    registration_state_t state = registration_by_now(registration);
    char *explanation = registration_explain(registration);

    json_dumper_begin_object(json);
    put_integer(json, "schema", SCHEMA);
    put_integer(json, "registration", registration->number);
    put_text(json, "alias", registration->alias);
    put_party(json, "endpoint", &registration->endpoint, registration->endpoint_port,
              registration->endpoint_name, registration->product);
    put_party(json, "gatekeeper", &registration->gatekeeper, registration->gatekeeper_port,
              registration->gatekeeper_name, NULL);
    put_moment(json, "start", &registration->start);
    put_text(json, "discovery", discovery_word(registration->discovery));
    put_text(json, "discovery_reason", registration->discovery_refusal);
    put_text(json, "state", vocabulary_word(state, registration_vals));
    put_text(json, "reason", registration->reason);
    put_moment(json, "registered", &registration->registered);
    put_moment(json, "ended", &registration->ended);
    put_text(json, "ended_by",
             state == REGISTRATION_UNREGISTERED ? ended_by_word(registration->ended_by) : NULL);
    put_number_or_null(json, "time_to_live", registration->time_to_live);
    put_integer(json, "requests", registration->requests);
    put_integer(json, "keep_alives", registration->keep_alives);
    put_integer(json, "unanswered", registration->waiting);
    put_text(json, "explanation", explanation);
    json_dumper_end_object(json);
    g_free(explanation);
}

static void
print_json(const registration_t *registration)
{
    GString *line = g_string_new(NULL);
    json_dumper json = {.output_string = line};

    put_registration(&json, registration);
    put_print_line(&json);
    g_string_free(line, TRUE);
}

static bool
begin_table(const char *filter, char **error)
{
    return begin(filter, print_block, "======== MSICCP registrations ", error);
}

static bool
begin_json(const char *filter, char **error)
{
    return begin(filter, print_json, NULL, error);
}

void
registrations_register(void)
{
    static listing_t table = {.name = "msiccp,registrations", .begin = begin_table};
    static listing_t json = {.name = "msiccp,registrations_json", .begin = begin_json};

    listing_register(&table);
    listing_register(&json);
}
