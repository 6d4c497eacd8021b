/* captured.h
 * What a capture lacks of a TCP connection, as the connection itself tells: octets that one end
 * acknowledges and that are not in the capture were sent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CAPTURED_H
#define MSICCP_CAPTURED_H

#include "common/compat.h"

/* Segments that came ahead of their turn, or behind a hole, each way. */
#define CAPTURED_AHEAD 4

/* All numbers are of TCP's sequence. */
typedef struct {
    uint32_t begin;
    uint32_t end;
} captured_run_t;

/* What one end sends. */
typedef struct {
    uint32_t segments;          /* of this end, in the capture */
    unsigned ahead_count : 8;   /* in use, of CAPTURED_AHEAD */
    unsigned is_known : 1;      /* where it is: the two below */
    unsigned is_disordered : 1; /* a segment has come behind one that follows it */
    unsigned is_repeated : 1;   /* octets have been sent again */
    unsigned is_taken : 1;      /* more of it has been acknowledged than a SYN or FIN */
    uint32_t next;              /* behind what is captured without a hole */
    uint32_t wanted;            /* behind what the other end has acknowledged */
    captured_run_t *ahead;      /* file scope; NULL: most ends need none */
} captured_half_t;

/* All zero: nothing has been seen. */
typedef struct {
    captured_half_t ends[2];
} captured_t;

/* Kept twice a call. */
G_STATIC_ASSERT(sizeof(captured_t) <= 48);

/* A segment, as far as it tells of that: SYN and FIN count as an octet each. */
typedef struct {
    uint32_t sequence;
    uint32_t length;
    bool has_acknowledgement;
    uint32_t acknowledgement;
} captured_segment_t;

/* First pass only: this end has sent it. */
void captured_add(captured_t *captured, unsigned end, const captured_segment_t *segment);

/*
 * The same, where TCP tells numbers that are relative to these, or not, as the user likes: to the
 * first of this end, and of the other. Nothing is learnt of where an end is that is not known yet.
 */
void captured_add_relative(captured_t *captured, unsigned end, const captured_segment_t *segment,
                           uint32_t first, uint32_t first_of_other);

/* So many octets of this end are not in the capture, though the other end has them. */
uint32_t captured_missing(const captured_t *captured, unsigned end);

/*
 * This end has sent octets again and again, and the other, of which something is in the capture,
 * has acknowledged none.
 */
bool captured_is_ignored(const captured_t *captured, unsigned end);

#endif
