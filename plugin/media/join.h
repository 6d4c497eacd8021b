/* join.h
 * Which sessions a packet of media belongs to. What other wings ask of it is in media.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_JOIN_H
#define MSICCP_JOIN_H

void join_handoff(void);

#endif
