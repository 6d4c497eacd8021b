/* foreign.h
 * Other protocols that turn up on these ports: what they are recognised by, and
 * which of Wireshark's dissectors knows them. docs/FOREIGN.md lists them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FOREIGN_H
#define MSICCP_FOREIGN_H

#include "common/vocabulary.h"

/* A row of the table. */
typedef struct foreign foreign_t;

typedef enum {
    OVER_TCP = 1,
    OVER_UDP = 2,
} transport_t;

typedef enum {
    MATCH_NO,
    MATCH_MAYBE, /* the bytes are a beginning of it, and too few */
    MATCH_YES,
} match_t;

/* Called in handoff, when all dissectors are registered. */
void foreign_handoff(void);

/*
 * The protocol that a payload begins with. The opening is the first payload
 * of its connection: some protocols are recognised only there.
 */
match_t foreign_identify(tvbuff_t *tvb, transport_t transport, bool is_opening,
                         const foreign_t **foreign);

/* True for one that a later payload may yet tell to be another. */
bool foreign_is_provisional(const foreign_t *foreign);

const char *foreign_name(const foreign_t *foreign);

/* What a tunnel (HTTP's CONNECT, SOCKS) carries comes back by its port: that is not ours. */
bool foreign_is_dissecting(void);

/*
 * Hands the payload to the dissector that knows it; data is what TCP handed to
 * us. Returns what that one returned; 0 where there is none.
 */
int foreign_dissect(const foreign_t *foreign, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                    void *data);

#endif
