/* connection.h
 * A control connection: what it carries, and whose messages came over it. It hangs
 * on Wireshark's conversation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CONNECTION_H
#define MSICCP_CONNECTION_H

#include "common/few.h"
#include "session/call.h"

#include <epan/conversation.h>

struct foreign;

/* The foreign protocol that a payload told of, and of those behind it. */
typedef struct {
    const struct foreign *foreign; /* NULL: from here on they are none of the one before */
    uint32_t frame;
} told_t;

/* All of it in file scope; what is outside of this wing asks the functions below. */
typedef struct {
    uint32_t since[CODING_COUNT]; /* the first frame of each coding; 0: it has not come up */
    wmem_tree_t *told;            /* frame -> told_t, from that frame on; NULL: none yet */
    const told_t *first_told;     /* NULL: none yet */
    address first_addr;           /* the sender of the first message seen: end 0 */
    uint16_t first_port;
    bool has_begun[2]; /* of each end: its first byte has been seen */
    bool opening_seen; /* its first packet is in the capture */
    bool is_closed;
    captured_t *captured; /* what the capture has of it; NULL: it is not of TCP */
    uint32_t messages;    /* of calls, so far */
    session_t *latest;    /* that a message belonged to; NULL: none yet */
    few_t calls;          /* call reference and the end that chose it -> session_t, the latest */
    uint32_t turns;
    bool turn_by_opener;
    bool opener_has_spoken;
    few_t steps_by_seq[2]; /* of each end: TCP sequence number -> step_t */
    few_t transactions[2]; /* of each end: transaction id -> exchange_t, the latest */
} connection_t;

/* Kept for each control connection, which most often is one a call. */
G_STATIC_ASSERT(sizeof(connection_t) <= 184);

/* The connection of this conversation, made on first use. */
connection_t *connection_get(conversation_t *conversation, const packet_info *pinfo);

/* The same, or NULL where none has been made. */
connection_t *connection_find(const conversation_t *conversation);

/*
 * What a connection carries from a frame on. More than one coding can be true: bytes that
 * nothing recognised (opaque) may be followed by some that are. The connection may be NULL.
 */
bool connection_is(const connection_t *connection, coding_t coding, uint32_t frame);

/* First pass only. */
void connection_set(connection_t *connection, coding_t coding, uint32_t frame);

/* The foreign protocol that a connection, which may be NULL, carries as of this frame; or NULL. */
const told_t *connection_foreign(const connection_t *connection, uint32_t frame);

/* The same, or the first that was told later; NULL: none ever was. */
const told_t *connection_foreign_at_last(const connection_t *connection, uint32_t frame);

/* First pass only. */
void connection_set_foreign(connection_t *connection, const struct foreign *foreign,
                            uint32_t frame);

/*
 * First pass only: the connection has been closed or reset. That ends a session
 * of which nothing else is known; others end by a message.
 */
void connection_close(connection_t *connection, packet_info *pinfo, bool by_reset);

/* First pass only: the turn that this segment belongs to. */
turn_t connection_turn(connection_t *connection, bool by_opener);

/* This TCP segment is one of it, of all that a frame can hold. */
bool connection_is_of(const connection_t *connection, const packet_info *pinfo);

/* Which of the two ends sent this packet: 0 or 1. */
unsigned connection_end_of_sender(const connection_t *connection, const packet_info *pinfo);

#endif
