/* follow.h
 * Packets that are no messages, and tell of calls: media, what carries nothing, and errors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FOLLOW_H
#define MSICCP_FOLLOW_H

#include "follow/behind.h"
#include "follow/media.h"
#include "follow/named.h"

#endif
