/* servers_words_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/servers.h"

static server_t
new_server(void)
{
    return (server_t){.spoken = wmem_list_new(wmem_file_scope()),
                      .sessions = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal)};
}

static spoken_t *
speak(server_t *server, kind_t kind, const char *name, told_by_t told_by)
{
    spoken_t *spoken = wmem_new0(wmem_file_scope(), spoken_t);

    *spoken = (spoken_t){.kind = kind, .name = name, .told_by = told_by};
    wmem_list_append(server->spoken, spoken);
    return spoken;
}

static void
expect_spoken(const server_t *server, const spoken_t *spoken)
{
    g_assert_true(servers_spoken(server) == spoken);
}

static void
notes(void)
{
    g_assert_cmphex(servers_notes_on("Windows executable"), ==, NOTE_EXECUTABLE);
    g_assert_cmphex(servers_notes_on("shell output"), ==, NOTE_SHELL);
    g_assert_cmphex(servers_notes_on("plain text"), ==, 0);
    g_assert_cmphex(servers_notes_on("FTP"), ==, NOTE_OTHER_PROTOCOL | NOTE_CLEARTEXT_LOGIN);
    g_assert_cmphex(servers_notes_on("TLS"), ==, NOTE_OTHER_PROTOCOL);
}

/* Whether bytes that nobody knows are taken for calls, with media of this one. */
static kind_t
inferred_with(session_t session)
{
    server_t server = new_server();
    const spoken_t *spoken = speak(&server, KIND_UNKNOWN, "opaque", TOLD_BY_INFERENCE);

    wmem_map_insert(server.sessions, &session, &session);
    servers_settle(&server);
    return spoken->kind;
}

static void
media_makes_a_call_of_it(void)
{
    session_t session = {.coding = CODING_OPAQUE};

    g_assert_cmpint(inferred_with(session), ==, KIND_UNKNOWN);
    session.media_to[SIDE_CALLER] |= CONTENT_BIT(CONTENT_AUDIO);
    g_assert_cmpint(inferred_with(session), ==, KIND_CALL_CONTROL);
    session.media_to[SIDE_CALLER] = 0;
    session.media_to[SIDE_CALLEE] |= CONTENT_BIT(CONTENT_UNKNOWN);
    g_assert_cmpint(inferred_with(session), ==, KIND_CALL_CONTROL);
    session.coding = CODING_H225;
    g_assert_cmpint(inferred_with(session), ==, KIND_UNKNOWN);
}

/* What a signature tells is more than what Wireshark guesses. */
static void
a_signature_tells_more(void)
{
    server_t server = new_server();
    const spoken_t *guessed = speak(&server, KIND_FOREIGN, "guess", TOLD_BY_HEURISTIC);
    const spoken_t *text;
    const spoken_t *named;

    speak(&server, KIND_FOREIGN, NULL, TOLD_BY_LAYOUT);
    speak(&server, KIND_CALL_CONTROL, NULL, TOLD_BY_SIGNATURE);
    servers_settle(&server);
    expect_spoken(&server, guessed);
    text = speak(&server, KIND_FOREIGN, "plain text", TOLD_BY_SIGNATURE);
    servers_settle(&server);
    g_assert_null(guessed->name);
    expect_spoken(&server, text);
    speak(&server, KIND_FOREIGN, NULL, TOLD_BY_SIGNATURE);
    servers_settle(&server);
    expect_spoken(&server, text);
    named = speak(&server, KIND_FOREIGN, "FTP", TOLD_BY_SIGNATURE);
    servers_settle(&server);
    g_assert_null(text->name);
    expect_spoken(&server, named);
}

static void
the_most_telling(void)
{
    server_t server = new_server();
    const spoken_t *spoken = speak(&server, KIND_UNKNOWN, "opaque", TOLD_BY_SIGNATURE);

    expect_spoken(&server, spoken);
    spoken = speak(&server, KIND_FOREIGN, "layout", TOLD_BY_LAYOUT);
    expect_spoken(&server, spoken);
    speak(&server, KIND_FOREIGN, "later", TOLD_BY_LAYOUT);
    expect_spoken(&server, spoken);
    spoken = speak(&server, KIND_FOREIGN, "signature", TOLD_BY_SIGNATURE);
    expect_spoken(&server, spoken);
    speak(&server, KIND_UNKNOWN, "opaque", TOLD_BY_SIGNATURE);
    speak(&server, KIND_CALL_CONTROL, NULL, TOLD_BY_SIGNATURE);
    expect_spoken(&server, spoken);
    spoken = speak(&server, KIND_CALL_CONTROL, "H.225.0", TOLD_BY_INFERENCE);
    expect_spoken(&server, spoken);
}

static void
nothing_may_be_spoken(void)
{
    server_t server = new_server();

    g_assert_cmpint(servers_spoken(&server)->kind, ==, KIND_ATTEMPTS);
    server.bytes_to_server = 1;
    g_assert_cmpint(servers_spoken(&server)->kind, ==, KIND_UNKNOWN);
    server.bytes_to_server = 0;
    server.bytes_from_server = 1;
    g_assert_cmpint(servers_spoken(&server)->kind, ==, KIND_UNKNOWN);
    g_assert_null(servers_spoken(&server)->name);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/servers_words/notes", notes);
    g_test_add_func("/servers_words/media_makes_a_call_of_it", media_makes_a_call_of_it);
    g_test_add_func("/servers_words/a_signature_tells_more", a_signature_tells_more);
    g_test_add_func("/servers_words/the_most_telling", the_most_telling);
    g_test_add_func("/servers_words/nothing_may_be_spoken", nothing_may_be_spoken);
    return g_test_run();
}
