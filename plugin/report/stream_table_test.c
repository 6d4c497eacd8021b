/* stream_table_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/stream_table.h"

#include "common/hosts_test.h"

static session_t session = {.number = 1};
static session_t other_session = {.number = 1};

static stream_key_t
key_of_a_stream(void)
{
    return (stream_key_t){.session = &session,
                          .to = SIDE_CALLEE,
                          .ssrc = 7,
                          .source = host(0),
                          .destination = host(1),
                          .source_port = 5004,
                          .destination_port = 6004};
}

/* The stream itself, and one that differs in each of these. */
static void
each_part_tells(void)
{
    stream_table_t *table = stream_table_new(wmem_file_scope());
    const stream_key_t key = key_of_a_stream();
    stream_key_t others[7] = {{0}};
    stream_t *stream;

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        others[i] = key;
    others[0].session = &other_session;
    others[1].to = SIDE_CALLER;
    others[2].ssrc++;
    others[3].source = host(2);
    others[4].destination = host(2);
    others[5].source_port++;
    others[6].destination_port++;
    g_assert_null(stream_table_find(table, &key));
    stream = stream_table_add(table, &key, NULL);
    stream_table_note_rtcp(table, &key);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_test_message("%zu", i);
        g_assert_true(stream_table_find(table, &key) == stream);
        g_assert_null(stream_table_find(table, &others[i]));
        g_assert_false(stream_table_has_rtcp(table, &others[i]));
    }
    g_assert_true(stream_table_has_rtcp(table, &key));
    g_assert_true(stream_table_find(table, &key) == stream);
    stream_table_note_rtcp(table, &key);
    g_assert_true(stream_table_has_rtcp(table, &key));
}

/* What it keeps is its own. */
static void
addresses_are_copied(void)
{
    stream_table_t *table = stream_table_new(wmem_file_scope());
    uint8_t octets[4] = {192, 0, 2, 9};
    stream_key_t key = key_of_a_stream();
    const stream_t *stream;

    set_address(&key.source, AT_IPv4, sizeof octets, octets);
    stream = stream_table_add(table, &key, NULL);
    octets[3] = 10;
    g_assert_cmpuint(((const uint8_t *)stream->key.source.data)[3], ==, 9);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/stream_table/each_part_tells", each_part_tells);
    g_test_add_func("/stream_table/addresses_are_copied", addresses_are_copied);
    return g_test_run();
}
