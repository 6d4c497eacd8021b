/* servers_words.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/servers.h"

const char *const servers_notes[NOTES] = {
    "executable", "shell", "cleartext login", "other protocol on this port", "H.323 from outside",
};

unsigned
servers_notes_on(const char *name)
{
    static const struct {
        const char *name;
        unsigned notes;
    } known[] = {
        {"Windows executable", NOTE_EXECUTABLE},
        {"ELF executable", NOTE_EXECUTABLE},
        {"shell prompt", NOTE_SHELL},
        {"shell output", NOTE_SHELL},
        {"login prompt", NOTE_OTHER_PROTOCOL | NOTE_CLEARTEXT_LOGIN},
        {"Telnet", NOTE_OTHER_PROTOCOL | NOTE_CLEARTEXT_LOGIN},
        {"FTP", NOTE_OTHER_PROTOCOL | NOTE_CLEARTEXT_LOGIN},
        {"POP3", NOTE_OTHER_PROTOCOL | NOTE_CLEARTEXT_LOGIN},
        {"IMAP", NOTE_OTHER_PROTOCOL | NOTE_CLEARTEXT_LOGIN},
        {"plain text", 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(known[i].name, name) == 0)
            return known[i].notes;
    }
    return NOTE_OTHER_PROTOCOL;
}

static void
look_for_media(void *key _U_, void *value, void *user_data)
{
    const session_t *session = value;
    bool *has_media = user_data;

    *has_media |= session->coding == CODING_OPAQUE && (call_has_media_to(session, SIDE_CALLER) ||
                                                       call_has_media_to(session, SIDE_CALLEE));
}

/* A name that says next to nothing of a server that has said more of itself. */
static bool
is_vague(const spoken_t *spoken)
{
    return spoken->kind == KIND_FOREIGN && spoken->name && strcmp(spoken->name, "plain text") == 0;
}

void
servers_settle(server_t *server)
{
    bool has_media = false;
    bool is_told = false;
    bool says_more = false;

    wmem_map_foreach(server->sessions, look_for_media, &has_media);
    for (wmem_list_frame_t *frame = wmem_list_head(server->spoken); frame;
         frame = wmem_list_frame_next(frame)) {
        spoken_t *spoken = wmem_list_frame_data(frame);

        is_told |= spoken->kind == KIND_FOREIGN && spoken->told_by == TOLD_BY_SIGNATURE;
        says_more |= spoken->kind == KIND_FOREIGN && spoken->told_by == TOLD_BY_SIGNATURE &&
                     spoken->name && !is_vague(spoken);
        if (spoken->told_by == TOLD_BY_INFERENCE)
            spoken->kind = has_media ? KIND_CALL_CONTROL : KIND_UNKNOWN;
    }
    for (wmem_list_frame_t *frame = wmem_list_head(server->spoken); is_told && frame;
         frame = wmem_list_frame_next(frame)) {
        spoken_t *spoken = wmem_list_frame_data(frame);

        if (spoken->told_by == TOLD_BY_HEURISTIC || (says_more && is_vague(spoken)))
            spoken->name = NULL;
    }
}

static bool
is_more_telling(const spoken_t *spoken, const spoken_t *other)
{
    return spoken->kind < other->kind ||
           (spoken->kind == other->kind && spoken->told_by < other->told_by);
}

const spoken_t *
servers_spoken(const server_t *server)
{
    static const spoken_t bytes = {.kind = KIND_UNKNOWN, .told_by = TOLD_BY_NOTHING};
    static const spoken_t nothing = {.kind = KIND_ATTEMPTS, .told_by = TOLD_BY_NOTHING};
    const spoken_t *best = NULL;

    for (wmem_list_frame_t *frame = wmem_list_head(server->spoken); frame;
         frame = wmem_list_frame_next(frame)) {
        const spoken_t *spoken = wmem_list_frame_data(frame);

        if (spoken->name && (!best || is_more_telling(spoken, best)))
            best = spoken;
    }
    if (!best)
        best = server->bytes_to_server || server->bytes_from_server ? &bytes : &nothing;
    return best;
}

const char *
servers_kind_word(kind_t kind)
{
    static const char *const words[KIND_COUNT] = {"call_control", "foreign", "unknown", "attempts"};

    return words[kind];
}

const char *
servers_told_word(told_by_t told_by)
{
    static const char *const words[] = {"signature", "heuristic", "layout", "inferred", NULL};

    return words[told_by];
}
