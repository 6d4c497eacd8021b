/* target.c
 * What libFuzzer calls: each input is decoded in all ways, and what they show must agree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-glib/json-glib.h>

#include "allocated.h"
#include "script.h"
#include "world.h"
#include "write.h"

/* Of so many inputs one is looked at for what takes long to find. */
#define ONE_IN_LEAKS 64
#define ONE_IN_STOCK 2
#define ONE_IN_GROWTH 8

/* How often it is looked at then, and how often where that leaves something. */
#define LOOKS 4
#define MANY_LOOKS 16

/* Bytes: Wireshark makes tables of the names of addresses anew for each file, and frees none; there
 * are 32 addresses. */
#define NAMES_OF_HOSTS 6000

/* The time that the plugin may take is so many times that of Wireshark without it, and some. */
#define TIMES_STOCK 12
#define NANOSECONDS_MORE 400000000u

/* An input is taken so many times, twice and three times as many: what a list takes, it has by the
 * first. */
#define ROUNDS 20u

/* Bytes that the last ROUNDS may take more than the ROUNDS before: numbers have more digits, tables
 * double. */
#define MORE_OF_REPORTS 512
#define MORE_OF_MEMORY 400000

/* What a frame shows with a message of the layout in it, CODING_NATIVE. */
#define NATIVE "msiccp.coding=2\n"

/* With what another protocol is called. */
#define NAME_OF_ANOTHER "msiccp.foreign="

/* And with bytes between messages of H.225.0, which are none. */
#define NO_MESSAGE "msiccp.bytes="

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void __attribute__((noreturn)) fail(char *text)
{
    (void)fprintf(stderr, "ORACLE: %s\n", text);
    abort();
}

/* What only a later frame tells, so that one pass has not got it: who answered, or that nobody did;
 * what else is evidence; and what foreign protocol it is that no frame has named yet. */
static bool
is_known_later(const char *line)
{
    static const char *const fields[] = {
        "msiccp.response_in=", "msiccp.registration=", "msiccp.evidence_in=", "msiccp.foreign=",
        "msiccp.coding="};

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (g_str_has_prefix(line, fields[i]))
            return true;
    }
    return false;
}

/* The lines of the fields that one pass shows as well, and where an item begins if that is wanted;
 * to be freed. */
static char *
known_at_once(const char *fields, bool with_items)
{
    char **lines = g_strsplit(fields, "\n", -1);
    GString *known = g_string_new(NULL);

    for (char **line = lines; *line; line++) {
        if (**line && !is_known_later(*line) && (with_items || !g_str_has_prefix(ITEM, *line)))
            g_string_append_printf(known, "%s\n", *line);
    }
    g_strfreev(lines);
    return g_string_free(known, FALSE);
}

static const char *
protocols_of(const seen_t *seen, unsigned index)
{
    GString *names = g_string_new(NULL);
    GHashTableIter each;
    void *protocol;

    g_hash_table_iter_init(&each, g_ptr_array_index(seen->protocols, index));
    while (g_hash_table_iter_next(&each, &protocol, NULL))
        g_string_append_printf(names, "%s%s", names->len ? " " : "", (const char *)protocol);
    return g_string_free(names, FALSE);
}

/* Where several segments of a message come in one frame, TCP shows in later passes what it waited
 * for, and no more what it was put together to. Reports have it nevertheless. */
static bool
tcp_shows_parts(const seen_t *one_pass, const seen_t *two_passes, unsigned index)
{
    return (g_array_index(one_pass->waits, bool, index) ||
            g_array_index(two_passes->waits, bool, index)) &&
           g_hash_table_contains(g_ptr_array_index(two_passes->protocols, index), "wlan_aggregate");
}

/* All that two passes show of a message is what one pass has shown of one. */
static void
expect_items_of(const char *in_one, const char *in_two, unsigned index)
{
    char **items = g_strsplit(in_two, ITEM, -1);

    for (char **item = items; *item; item++) {
        if (!strstr(in_one, *item))
            fail(g_strdup_printf("frame %u shows in two passes\n%sand in one pass nowhere\n%s",
                                 index + 1, *item, in_one));
    }
    g_strfreev(items);
}

/* A name of another protocol may come or change with what later frames tell: it is not lost. */
static void
expect_names_of_others(const char *in_one, const char *in_two, unsigned index)
{
    if (strstr(in_one, NAME_OF_ANOTHER) && !strstr(in_two, NAME_OF_ANOTHER))
        fail(g_strdup_printf("frame %u is named in one pass, and no more in two\n%sand\n%s",
                             index + 1, in_one, in_two));
}

static void
expect_one_pass_shows(const seen_t *one_pass, const seen_t *two_passes)
{
    for (unsigned index = 0; index < one_pass->fields->len; index++) {
        const bool in_parts = tcp_shows_parts(one_pass, two_passes, index);
        char *in_one = known_at_once(g_ptr_array_index(one_pass->fields, index), in_parts);
        char *in_two = known_at_once(g_ptr_array_index(two_passes->fields, index), in_parts);

        if (in_parts)
            expect_items_of(in_one, in_two, index);
        else if (strcmp(in_one, in_two) != 0)
            fail(g_strdup_printf("frame %u shows in one pass (%s)\n%sand in two (%s)\n%s",
                                 index + 1, protocols_of(one_pass, index), in_one,
                                 protocols_of(two_passes, index), in_two));
        expect_names_of_others(g_ptr_array_index(one_pass->fields, index),
                               g_ptr_array_index(two_passes->fields, index), index);
        g_free(in_one);
        g_free(in_two);
    }
}

static void
expect_same_fields(const seen_t *two_passes, const seen_t *three_passes)
{
    for (unsigned index = 0; index < two_passes->fields->len; index++) {
        const char *in_two = g_ptr_array_index(two_passes->fields, index);
        const char *in_three = g_ptr_array_index(three_passes->fields, index);

        if (strcmp(in_two, in_three) != 0)
            fail(g_strdup_printf("frame %u shows in the second pass\n%sand in the third\n%s",
                                 index + 1, in_two, in_three));
    }
}

/* Where a SYN comes in the middle of a connection, TCP can have a frame before it in another
 * stream in later passes. */
static bool
has_other_streams(const seen_t *one, const seen_t *other)
{
    for (unsigned index = 0; index < one->streams->len; index++) {
        if (g_array_index(one->streams, uint64_t, index) !=
            g_array_index(other->streams, uint64_t, index))
            return true;
    }
    return false;
}

/*
 * A SYN/ACK in the middle of a connection has Wireshark's TCP begin the sequence numbers anew in
 * the same stream. In later passes its segments can have other numbers, or those of others that TCP
 * has put together: other bytes come to the plugin, and cannot show the same.
 */
static bool
is_other_stream(const seen_t *one, const seen_t *other)
{
    return one->segments != other->segments &&
           (one->is_renumbered || other->is_renumbered || has_other_streams(one, other));
}

/*
 * Where TCP has put a segment together with one before, and is then asked for more that begins in
 * that earlier one, it takes both for a part of what is to come, and in later passes hands neither
 * on. Native messages that are shorter than what is needed to tell their protocol come to that, and
 * so few bytes that are no message.
 */
static bool
tcp_holds_back(const seen_t *one_pass, const seen_t *two_passes)
{
    for (unsigned index = 0; index < two_passes->fields->len; index++) {
        const char *in_one = g_ptr_array_index(one_pass->fields, index);
        const char *in_two = g_ptr_array_index(two_passes->fields, index);

        if ((strstr(in_one, NATIVE) || strstr(in_one, NO_MESSAGE)) && !*in_two &&
            g_array_index(two_passes->waits, bool, index))
            return true;
    }
    return false;
}

static void
expect_same_reports(const seen_t *one_pass, const seen_t *two_passes)
{
    if (!g_string_equal(one_pass->reports, two_passes->reports))
        fail(g_strdup_printf("one pass reports\n%sand two\n%s", one_pass->reports->str,
                             two_passes->reports->str));
}

static void
expect_passes_agree(const seen_t *one_pass, const seen_t *two_passes, const seen_t *three_passes)
{
    if (!is_other_stream(one_pass, two_passes) && !tcp_holds_back(one_pass, two_passes)) {
        expect_one_pass_shows(one_pass, two_passes);
        expect_same_reports(one_pass, two_passes);
    }
    if (!is_other_stream(two_passes, three_passes))
        expect_same_fields(two_passes, three_passes);
}

/* A control character, of ASCII or of the upper half of Latin 1, other than the end of a line. */
static bool
is_control(gunichar character)
{
    return (character < 0x20 && character != '\n') || (character >= 0x7f && character < 0xa0);
}

static void
expect_printable(const char *text, size_t length, const char *what)
{
    const char *end;

    if (!g_utf8_validate(text, (gssize)length, &end))
        fail(g_strdup_printf("%s is no UTF-8 from its byte %td on:\n%s", what, end - text, text));
    for (const char *at = text; at < text + length; at = g_utf8_next_char(at)) {
        if (is_control(g_utf8_get_char(at)))
            fail(g_strdup_printf("%s has a control character at byte %td:\n%s", what, at - text,
                                 text));
    }
}

static void
expect_all_printable(const seen_t *seen)
{
    for (unsigned index = 0; index < seen->texts->len; index++) {
        const char *text = g_ptr_array_index(seen->texts, index);

        expect_printable(text, strlen(text), "what a frame shows");
    }
    expect_printable(seen->reports->str, seen->reports->len, "a report");
    expect_printable(seen->tables->str, seen->tables->len, "a table");
}

/* Records and ports are an object a line; the other reports have no line that begins so. */
static void
expect_json(const seen_t *seen)
{
    char **lines = g_strsplit(seen->reports->str, "\n", -1);

    for (char **line = lines; *line; line++) {
        GError *error = NULL;
        JsonNode *node;

        if (**line != '{')
            continue;
        node = json_from_string(*line, &error);
        if (!node)
            fail(g_strdup_printf("a line is no JSON: %s\n%s", error->message, *line));
        json_node_unref(node);
    }
    g_strfreev(lines);
}

/* What stock Wireshark finds by guessing in bytes that are ours, or that nobody decodes. */
static bool
gives_way(const char *protocol)
{
    return g_str_equal(protocol, "data") || g_str_has_prefix(protocol, "_ws.");
}

static bool
is_lost(const char *protocol, unsigned index, const seen_t *ours, const seen_t *stock)
{
    GHashTable *our_protocols = g_ptr_array_index(ours->protocols, index);
    GHashTable *their_protocols = g_ptr_array_index(stock->protocols, index);

    return g_hash_table_lookup(our_protocols, protocol) <
           g_hash_table_lookup(their_protocols, protocol);
}

/* Those that are in frames where the plugin speaks. */
static uint64_t
streams_of_ours(const seen_t *ours)
{
    uint64_t streams = 0;

    for (unsigned index = 0; index < ours->protocols->len; index++) {
        if (g_hash_table_contains(g_ptr_array_index(ours->protocols, index), "msiccp"))
            streams |= g_array_index(ours->streams, uint64_t, index);
    }
    return streams;
}

/* What Wireshark's heuristic for Q.931 finds in a segment. */
static bool
is_found_in_tpkt(const char *protocol)
{
    return g_str_equal(protocol, "tpkt") || g_str_equal(protocol, "q931") ||
           g_str_equal(protocol, "h225") || g_str_equal(protocol, "h245");
}

static bool
is_ours(unsigned index, const seen_t *ours)
{
    return g_hash_table_contains(g_ptr_array_index(ours->protocols, index), "msiccp");
}

/* Where a TPKT has not ended, that is found in the middle of it; and H.245 that the plugin knows
 * takes its place. */
static void
expect_protocols_of_frame(unsigned index, const seen_t *ours, const seen_t *stock)
{
    const bool is_tpkt = g_array_index(ours->waits, bool, index) || is_ours(index, ours);
    GHashTableIter each;
    void *protocol;

    g_hash_table_iter_init(&each, g_ptr_array_index(stock->protocols, index));
    while (g_hash_table_iter_next(&each, &protocol, NULL)) {
        if (!gives_way(protocol) && !(is_tpkt && is_found_in_tpkt(protocol)) &&
            is_lost(protocol, index, ours, stock))
            fail(g_strdup_printf("frame %u lost %s, which is there without the plugin", index + 1,
                                 (const char *)protocol));
    }
}

/*
 * Every protocol that Wireshark finds where the plugin does not speak, and over TCP at other ports
 * than the plugin's also where it does. On connections that it follows, a TPKT that never ends
 * takes what comes behind it, as TCP has it, where Wireshark's heuristics try each segment by
 * itself. They may so find messages at the plugin's ports that are none in the stream, and what
 * those announce.
 */
static void
expect_stocks_protocols(const GPtrArray *frames, const seen_t *ours, const seen_t *stock)
{
    const uint64_t our_streams = streams_of_ours(ours);

    for (unsigned index = 0; index < stock->protocols->len; index++) {
        const uint64_t streams = g_array_index(ours->streams, uint64_t, index);
        const bool waits = streams & our_streams && g_array_index(ours->waits, bool, index);

        if (((frame_t *)g_ptr_array_index(frames, index))->has_segment) {
            if (is_lost("h225", index, ours, stock))
                return;
        } else if (is_ours(index, ours) ? streams != 0 : !waits) {
            expect_protocols_of_frame(index, ours, stock);
        }
    }
}

static bool
is_slow(const seen_t *ours, const seen_t *stock)
{
    return ours->nanoseconds > TIMES_STOCK * stock->nanoseconds + NANOSECONDS_MORE;
}

/* Looks once more: the first input of all comes to memory that nothing has touched yet. */
static void
expect_no_more_time(const GPtrArray *frames, const seen_t *ours, const seen_t *stock)
{
    seen_t *again = is_slow(ours, stock) ? world_see(frames, ONE_PASS) : NULL;

    if (!again)
        return;
    if (is_slow(again, stock))
        fail(g_strdup_printf("%.3f s of processor time, and %.3f s without the plugin",
                             (double)again->nanoseconds / 1e9, (double)stock->nanoseconds / 1e9));
    seen_free(again);
}

static void
compare_with_stock(const GPtrArray *frames, const seen_t *ours)
{
    seen_t *stock = world_see(frames, WITHOUT_PLUGIN);

    expect_stocks_protocols(frames, ours, stock);
    if (ours->bugs > stock->bugs)
        fail(g_strdup_printf("%u dissector bugs, and %u without the plugin", ours->bugs,
                             stock->bugs));
    expect_no_more_time(frames, ours, stock);
    seen_free(stock);
}

/* Bytes that every further look at the frames leaves allocated. What only some leave, as tables
 * that grow, is no leak. */
static size_t
left_by_each(const GPtrArray *frames, way_t way, unsigned looks)
{
    size_t least = SIZE_MAX, before = 0;

    for (unsigned time = 0; time <= looks; time++) {
        size_t now;

        seen_free(world_see(frames, way));
        now = __sanitizer_get_current_allocated_bytes();
        if (time)
            least = MIN(least, now > before ? now - before : 0);
        before = now;
    }
    return least;
}

static void
expect_nothing_left(const GPtrArray *frames)
{
    size_t ours = left_by_each(frames, TWO_PASSES, LOOKS);

    if (ours)
        ours = left_by_each(frames, TWO_PASSES, MANY_LOOKS);
    if (ours && ours > NAMES_OF_HOSTS + left_by_each(frames, TWO_PASSES_WITHOUT_PLUGIN, MANY_LOOKS))
        fail(g_strdup_printf("%zu bytes stay allocated when the file is closed", ours));
}

/* Bytes of reports and of memory after a number of rounds. */
typedef struct {
    size_t reports;
    size_t memory;
} taken_t;

static taken_t
taken_by(const uint8_t *data, size_t size, unsigned rounds, way_t way)
{
    GPtrArray *frames = script_rounds(data, size, rounds);
    seen_t *seen = world_see(frames, way);
    const taken_t taken = {seen->reports->len, seen->kept};

    seen_free(seen);
    g_ptr_array_unref(frames);
    return taken;
}

/* What the last ROUNDS take more than the ROUNDS before; 0: no more. */
static taken_t
bend(const uint8_t *data, size_t size, way_t way)
{
    const taken_t once = taken_by(data, size, ROUNDS, way);
    const taken_t twice = taken_by(data, size, 2 * ROUNDS, way);
    const taken_t thrice = taken_by(data, size, 3 * ROUNDS, way);

    return (taken_t){
        MAX(thrice.reports + once.reports, 2 * twice.reports) - 2 * twice.reports,
        MAX(thrice.memory + once.memory, 2 * twice.memory) - 2 * twice.memory,
    };
}

/* Who uses one identifier again and again gets no more of each use for that. */
static void
expect_straight_growth(const uint8_t *data, size_t size)
{
    const taken_t more = bend(data, size, ONE_PASS);

    if (more.reports > MORE_OF_REPORTS)
        fail(g_strdup_printf("taken %u times more, this input has %zu bytes more in reports than "
                             "the last time it was",
                             ROUNDS, more.reports));
    if (more.memory > MORE_OF_MEMORY &&
        more.memory > MORE_OF_MEMORY + bend(data, size, WITHOUT_PLUGIN).memory)
        fail(g_strdup_printf("taken %u times more, this input takes %zu bytes more of memory than "
                             "the last time it did",
                             ROUNDS, more.memory));
}

/* The same input is always looked at in the same ways. */
static unsigned
hash_of(const uint8_t *data, size_t size)
{
    GBytes *bytes = g_bytes_new_static(data, size);
    const unsigned hash = g_bytes_hash(bytes);

    g_bytes_unref(bytes);
    return hash;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    world_start();
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned drawn = hash_of(data, size);
    const char *file = getenv("MSICCP_FUZZ_WRITE");
    GPtrArray *frames;
    seen_t *one_pass, *two_passes, *three_passes;

    if (!size)
        return 0;
    frames = script_frames(data, size);
    if (file)
        write_capture(file, frames);
    world_set_options(data[0]);
    one_pass = world_see(frames, ONE_PASS);
    two_passes = world_see(frames, TWO_PASSES);
    three_passes = world_see(frames, THREE_PASSES);
    expect_passes_agree(one_pass, two_passes, three_passes);
    expect_all_printable(one_pass);
    expect_all_printable(two_passes);
    expect_json(one_pass);
    if (file || drawn % ONE_IN_STOCK == 0)
        compare_with_stock(frames, one_pass);
    if (file || drawn % ONE_IN_LEAKS == 0)
        expect_nothing_left(frames);
    if (file || drawn % ONE_IN_GROWTH == 0)
        expect_straight_growth(data, size);
    seen_free(one_pass);
    seen_free(two_passes);
    seen_free(three_passes);
    g_ptr_array_unref(frames);
    return 0;
}
