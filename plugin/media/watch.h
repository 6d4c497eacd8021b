/* watch.h
 * What a packet of media tells of its call. Nothing of it is kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_MEDIA_WATCH_H
#define MSICCP_MEDIA_WATCH_H

#include "media/joined.h"

/* First pass only: RTP or RTCP that belongs to a session. */
void watch_media(tvbuff_t *tvb, packet_info *pinfo, const joined_t *joined);

/* The same of RTP with this header. */
void watch_rtp(tvbuff_t *tvb, packet_info *pinfo, const joined_t *joined,
               const rtp_header_t *header);

/* First pass only: a packet at an address that is agreed on for RTP, which nobody took for that. */
void watch_unknown(tvbuff_t *tvb, packet_info *pinfo);

#endif
