/* unreachable.h
 * ICMP errors that tell that a packet of a call, or a connection to it, was not delivered.
 * What other wings ask of them is in media.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_UNREACHABLE_H
#define MSICCP_UNREACHABLE_H

#include "media/media.h"

void unreachable_handoff(const media_handles_t *handles);

#endif
