/* announce.h
 * What messages say of media, of data and of H.245: where they are to come to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_ANNOUNCE_H
#define MSICCP_ANNOUNCE_H

#include "session/session.h"

/*
 * First pass only: what a message of a session says of media and of H.245. An
 * address that is only advertised joins nothing unless a stream really appears there.
 */
void announce_message(const step_t *step, packet_info *pinfo, const message_t *message);

#endif
