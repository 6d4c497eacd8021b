/* dialled.h
 * The digits that are sent in a call: ITU-T H.245 section 7.12.6, Q.931 section 4.5.18 and, in RTP,
 * RFC 2833.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_DIALLED_H
#define MSICCP_DIALLED_H

#include "session/call.h"

/* So many are kept of each list; more are counted. */
#define MOST_DIALLED 128

typedef struct {
    moment_t moment;
    gunichar character;
    dialled_way_t way;
} dialled_t;

/* Adds a digit; what is kept of it lives in this scope, as the list does. */
void dialled_keep(dialled_list_t *list, wmem_allocator_t *scope, const dialled_t *dialled);

/* First pass only: a message has these digits, in UTF-8; NULL: none. */
void dialled_add(session_t *session, dialled_way_t way, const char *digits,
                 const packet_info *pinfo);

/* The one that is in this place of a list; NULL: there are no more that are kept. */
const dialled_t *dialled_at(const dialled_list_t *list, unsigned place);

/* So many were sent, whether they are kept or not. */
unsigned dialled_count(const dialled_list_t *list);

/* How it was sent, as the record says it. */
const char *dialled_way_name(dialled_way_t way);

#endif
