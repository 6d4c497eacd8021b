/* carried.h
 * What a packet of RTP carries: in which codec it is, or which event.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CARRIED_H
#define MSICCP_CARRIED_H

#include "media/joined.h"

struct _rtp_info;

bool carried_is_event(const joined_t *joined, const struct _rtp_info *info);

/* NULL: not known. */
const char *carried_codec(const joined_t *joined, const struct _rtp_info *info);

/* The digit that the packet's event is; 0: it is none. */
gunichar carried_digit(const joined_t *joined, const struct _rtp_info *info);

#endif
