/* names.h
 * What the ends and a call are called, and the call that such a name stands for.
 * All of it is of the first pass only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_NAMES_H
#define MSICCP_NAMES_H

#include "session/call.h"

void names_register(void);

void names_place_party(party_t *party, const address *addr, uint32_t port);

/* The names that its aliases give the two ends. */
void names_learn_aliases(session_t *session, const message_t *message);

/* The call's own identifiers, and the conference's. */
void names_learn_identifiers(session_t *session, const message_t *message);

/* Who the ends are: one name per end, that stays once it is learnt, but for a transport address. */
void names_learn_parties(session_t *session, side_t sender, const message_t *message);

/* So that names_find() finds it. */
void names_keep(session_t *session, const message_t *message);

/* The latest other session with the same call identifier; or NULL. */
session_t *names_with_same_id(const session_t *session);

/* The latest call that the message names, by its identifier or as this end refers to it; or NULL.
 */
session_t *names_find(const message_t *message, const address *end);

#endif
