/* signatures.h
 * What other protocols that turn up on these ports are recognised by: bytes in, a
 * row of the table out. docs/FOREIGN.md lists the rows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SIGNATURES_H
#define MSICCP_SIGNATURES_H

#include "common/ports.h"

#include <stdbool.h>
#include <stdint.h>

/* No more than this of a payload is looked at, bytes. */
#define SIGNATURE_LENGTH 512

typedef enum {
    MATCH_NO,
    MATCH_MAYBE, /* the bytes are a beginning of it, and too few */
    MATCH_YES,
} match_t;

typedef struct {
    const uint8_t *bytes;
    unsigned length;   /* of the bytes to look at: at most SIGNATURE_LENGTH */
    unsigned captured; /* of the whole payload */
    unsigned reported;
} payload_t;

/* The strongest first. */
typedef enum {
    EACH,         /* told by each of its payloads: one that does not tell it is none of it */
    UNMISTAKABLE, /* told by any payload, even where another protocol has been told before */
    FIRM,         /* told by any payload near the beginning of a stream */
    OPENING,      /* told by the first payload of a connection only */
    PROVISIONAL,  /* the same, and gives way to another that a later payload tells: a stronger one,
                     or one that stands above it in the table */
} strength_t;

/* One protocol. It is told by one of its beginnings, or by its function. */
typedef struct foreign {
    const char *name;
    unsigned over; /* OVER_TCP, OVER_UDP or both */
    strength_t strength;
    const char *const *beginnings; /* NULL-terminated; NULL: see the function */
    match_t (*recognise)(const payload_t *payload);
    const char *dissector; /* Wireshark's, registered under this name, or NULL */
    const char *table;     /* otherwise the one that has this port in this table, or NULL */
    uint32_t port;
} foreign_t;

/* The table. */
const foreign_t *signatures(unsigned *count);

/*
 * The protocol that a payload tells of, by the rows that are as strong as this or
 * stronger. MATCH_MAYBE is said of a short first payload only: weakest is PROVISIONAL.
 */
match_t signature_match(const payload_t *payload, transport_t transport, strength_t weakest,
                        const foreign_t **foreign);

#endif
