/* media.h
 * Media comes to us first: Wireshark's dissectors of RTP, RTCP and T.38 get it from here, and what
 * they have taken is marked as its session's.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FOLLOW_MEDIA_H
#define MSICCP_FOLLOW_MEDIA_H

#include "common/compat.h"

#include <epan/packet.h>

int follow_rtp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int follow_rtcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int follow_t38(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/* Where it is expected since RTP is at the port below: anything else may come there. */
int follow_expected_rtcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

#endif
