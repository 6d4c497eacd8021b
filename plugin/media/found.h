/* found.h
 * Media that its own packets have told: between whom there may be any, whose it is, and what is
 * kept of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FOUND_H
#define MSICCP_FOUND_H

#include "media/joined.h"
#include "session/hosts.h"

/*
 * First pass only: the hosts of this UDP packet, if media of a session could run
 * between them, because its messages hold one of the addresses, or because it is
 * up between them; NULL otherwise.
 */
hosts_t *found_expected_between(const packet_info *pinfo, bool *is_advertised);

/* First pass only: the session that this packet, which is RTP or RTCP, belongs to, or NULL. */
session_t *found_session_of(const packet_info *pinfo, const hosts_t *hosts, joined_t *joined);

/* First pass only: a call that is up wants media where this UDP packet goes. */
bool found_is_negotiated(const packet_info *pinfo, joined_t *joined);

/* First pass only: this packet is the first that is known to be media of a session. */
void found_keep(packet_info *pinfo, const joined_t *joined);

/* Later passes: true if found_keep() was told so of this very packet. */
bool found_in_frame(const packet_info *pinfo, joined_t *joined);

#endif
