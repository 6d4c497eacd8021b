/* servers.h
 * Collects, for a statistic that asks for it, what a capture has on our ports: the servers,
 * what is spoken there, and who tried to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SERVERS_H
#define MSICCP_SERVERS_H

#include "common/ports.h"
#include "taps/packets.h"

/* What a server speaks, the most telling first. */
typedef enum {
    KIND_CALL_CONTROL,
    KIND_FOREIGN,
    KIND_UNKNOWN,  /* bytes that nobody knows */
    KIND_ATTEMPTS, /* nothing was said */
    KIND_COUNT,
} kind_t;

/* How that was told. */
typedef enum {
    TOLD_BY_SIGNATURE, /* by the bytes themselves */
    TOLD_BY_HEURISTIC, /* one of Wireshark's */
    TOLD_BY_LAYOUT,    /* that the user has described */
    TOLD_BY_INFERENCE,
    TOLD_BY_NOTHING,
} told_by_t;

/* A protocol that was spoken; lives as long as its server. */
typedef struct {
    kind_t kind;
    const char *name; /* of a foreign protocol, or of a coding; NULL: it does not count */
    told_by_t told_by;
} spoken_t;

/* What is worth looking into: bit n for the nth of servers_notes. */
#define NOTE_EXECUTABLE 0x01
#define NOTE_SHELL 0x02
#define NOTE_CLEARTEXT_LOGIN 0x04
#define NOTE_OTHER_PROTOCOL 0x08
#define NOTE_FROM_OUTSIDE 0x10

#define NOTES 5
extern const char *const servers_notes[NOTES];

/* What is to be noted where this foreign protocol is spoken. */
unsigned servers_notes_on(const char *name);

/* Somebody who came to a server. */
typedef struct {
    address addr;
    bool has_spoken; /* or was spoken to */
    struct talk *latest;
} client_t;

/* Lives until the statistic is reset or the file is closed. */
typedef struct {
    transport_t transport;
    address addr;
    uint16_t port;
    wmem_list_t *spoken;      /* of spoken_t, in the order in which they came up */
    wmem_map_t *sessions;     /* session_t -> itself: calls */
    wmem_map_t *clients;      /* address -> client_t */
    unsigned connections;     /* of UDP: pairs of sockets */
    uint64_t bytes_to_server; /* payload */
    uint64_t bytes_from_server;
    moment_t first;
    moment_t last;
    unsigned refused;    /* connections: by RST or by ICMP */
    unsigned unanswered; /* connections whose SYN was not answered in 3 s */
    unsigned silent;     /* clients that said nothing, and were told nothing */
    unsigned row;        /* for the statistic's own use; at first 0 */
    unsigned notes;
} server_t;

/* What one statistic collects. */
typedef struct servers servers_t;

typedef void (*servers_draw_t)(servers_t *servers);
typedef void (*servers_changed_t)(server_t *server, void *data);

/*
 * Begins to listen, to the end of the program; draw is called when the statistic is to be shown.
 * With a filter, packets are counted that pass it. False, and sets error (to be freed with
 * g_free()), if the filter is wrong.
 */
bool servers_begin(const char *filter, servers_draw_t draw, char **error);

/* For who listens himself, to PACKETS_TAP; changed is called whenever something of a server is. */
servers_t *servers_new(servers_changed_t changed, void *data);

void servers_hear(servers_t *servers, packet_info *pinfo, const packet_t *packet);

/* Nothing has been heard. */
void servers_reset(servers_t *servers);

/* NULL is nothing. */
void servers_free(servers_t *servers);

/* By address, port and transport; to be freed with g_ptr_array_unref(). */
GPtrArray *servers_sorted(servers_t *servers);

/* Connections from our ports to other services: clients drew them as source ports. */
unsigned servers_client_ports(const servers_t *servers);

/*
 * Decides what only the whole capture tells: bytes in no known format are a call's if media
 * came with them; and what Wireshark's heuristics say of some payloads counts where no
 * signature has told.
 */
void servers_settle(server_t *server);

/* The most telling of what it speaks; never NULL. */
const spoken_t *servers_spoken(const server_t *server);

const char *servers_kind_word(kind_t kind);

/* NULL: by nothing. */
const char *servers_told_word(told_by_t told_by);

#endif
