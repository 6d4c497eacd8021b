/* named.h
 * Connections whose protocol is known by name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FOLLOW_NAMED_H
#define MSICCP_FOLLOW_NAMED_H

#include "session/connection.h"

/* Says what the connection of this packet was told to be: in the tree, and to those who listen;
 * NULL: nothing. */
void follow_named(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const told_t *told);

/*
 * First pass only: for later ones, in which TCP shows a segment that only begins a message itself,
 * and does not ask us.
 */
void follow_remember(packet_info *pinfo, connection_t *connection);

/* Later passes: what the first one named, then or later, is named here. */
void follow_named_again(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree);

#endif
