/* legs.h
 * Attempts that are one call: the legs of a call that goes by way of a gatekeeper
 * and is captured on both sides of it, and attempts of which one goes on where
 * another was sent to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_LEGS_H
#define MSICCP_LEGS_H

#include "session/call.h"

void legs_register(void);

/* First pass only: the session is one of the call that this other one is of, from now on. */
void legs_join(session_t *session, session_t *other, const packet_info *pinfo);

/* Of a call's sessions no more others than this are told of. */
#define LEGS_TOLD 16

/* True if two sessions have one end in common, so that they may be legs of a call. */
bool legs_may_be(const session_t *session, const session_t *other);

/* The call's number, as of the latest frame or as of this one: that of its first session. */
uint32_t legs_call(const session_t *session);
uint32_t legs_call_at(const session_t *session, uint32_t frame);

/* The other sessions of the call, by number: how many are told; and how many are left out. */
unsigned legs_others(const session_t *session, session_t *others[LEGS_TOLD]);
unsigned legs_more(const session_t *session);

/* First pass only: the other end has been told to call elsewhere. */
void legs_begin_forwarding(session_t *session, const packet_info *pinfo, const message_t *message);

/* Whom the caller was told to call, for people; NULL: it was not. */
char *legs_forwarded_party(wmem_allocator_t *scope, const session_t *session);

/* First pass only: a call that begins, whose ends are known, may be one that was sent here. */
void legs_follow_forwarding(session_t *session);

#endif
