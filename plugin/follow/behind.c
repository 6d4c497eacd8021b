/* behind.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "follow/behind.h"

#include "follow/evidence.h"
#include "follow/named.h"
#include "identify/identify.h"
#include "media/media.h"
#include "show/show.h"
#include "taps/taps.h"

#include <epan/exceptions.h>
#include <epan/ipproto.h>

static void
mark_data(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    joined_t joined;

    if (!join_data(pinfo, &joined))
        return;
    show_media(tvb, pinfo, tree, &joined);
    taps_media(pinfo, &joined);
}

/* What carries nothing comes to no dissector of ours, and yet tells of calls. */
static inline void
look_behind(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    if (pinfo->flags.in_error_pkt)
        return;
    if (PINFO_FD_VISITED(pinfo)) {
        follow_named_again(tvb, pinfo, tree);
        taps_again(pinfo);
    } else {
        connections_watch(tvb, pinfo);
    }
    follow_evidence(tvb, pinfo, tree);
}

/* Data is marked as the session's even if the dissector of what is in it throws. */
static int
dissect_tcp_with_data(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    volatile int length = 0;

    TRY
    {
        length = connections_dissect(tvb, pinfo, tree, data);
    }
    FINALLY
    {
        mark_data(tvb, pinfo, tree);
        look_behind(tvb, pinfo, tree);
    }
    ENDTRY;
    return length;
}

/* Most segments of most captures come no further than here, without an exception handler each. */
int
follow_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    int length;

    if (connections_are_announced()) {
        if (!PINFO_FD_VISITED(pinfo) && !pinfo->flags.in_error_pkt)
            connections_expect(tvb, pinfo);
        if (join_has_data())
            return dissect_tcp_with_data(tvb, pinfo, tree, data);
    }
    length = connections_dissect(tvb, pinfo, tree, data);
    look_behind(tvb, pinfo, tree);
    return length;
}

/* Errors tell of calls. The packet that one quotes leaves its own addresses in pinfo. */
static int
dissect_error(uint8_t protocol, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const address sender = pinfo->net_src;
    volatile int length = 0;

    TRY
    {
        length = unreachable_dissect(protocol, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        foreign_behind_quoted(pinfo);
        if (!PINFO_FD_VISITED(pinfo))
            unreachable_watch(tvb, pinfo, protocol, &sender);
        follow_evidence(tvb, pinfo, tree);
    }
    ENDTRY;
    return length;
}

int
follow_icmp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_error(IP_PROTO_ICMP, tvb, pinfo, tree, data);
}

int
follow_icmpv6(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_error(IP_PROTO_ICMPV6, tvb, pinfo, tree, data);
}
