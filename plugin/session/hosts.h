/* hosts.h
 * Which calls are up between two hosts, whatever connections they use.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_HOSTS_H
#define MSICCP_HOSTS_H

#include "session/call.h"

/* What media/observe.c has noted of UDP between two hosts. */
typedef struct observation observation_t;

/* Two hosts that call each other, or one of which was named as a place of media; file scope. */
typedef struct {
    address one;
    address other;
    session_t *open;            /* the latest; NULL: none is */
    observation_t *observation; /* NULL: nothing to note yet */
} hosts_t;

void hosts_register(void);

/* First pass only: these hosts, in either order; NULL if they are not known and not to be made. */
hosts_t *hosts_between(const address *one, const address *other, bool make);

/* First pass only: the call is up between its hosts from now on, or no longer. */
void hosts_join(session_t *session);
void hosts_leave(session_t *session);

/*
 * First pass only: the session between these two hosts that media of theirs most
 * likely belongs to, of those that are not over yet; NULL: there is none.
 */
session_t *hosts_likely_session(const hosts_t *hosts);

#endif
