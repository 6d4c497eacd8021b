/* behind.h
 * What Wireshark's dissectors of TCP and of ICMP have been given tells of calls too, and is looked
 * at behind them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FOLLOW_BEHIND_H
#define MSICCP_FOLLOW_BEHIND_H

#include "common/compat.h"

#include <epan/packet.h>

int follow_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int follow_icmp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);
int follow_icmpv6(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

#endif
