/* media.h
 * Joins H.245 connections, RTP and RTCP to their session: by the addresses that
 * the signalling named, and by the frame that set a conversation up.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_MEDIA_H
#define MSICCP_MEDIA_H

#include "media/announce.h"
#include "media/connections.h"
#include "media/found.h"
#include "media/join.h"
#include "media/multiplexed.h"
#include "media/rtp.h"
#include "media/setup.h"
#include "media/unreachable.h"
#include "media/watch.h"

#include <epan/prefs.h>

/* Registers the preferences too. */
void media_register(module_t *module);
void media_handoff(const media_handles_t *handles);

#endif
