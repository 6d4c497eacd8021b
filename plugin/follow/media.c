/* media.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "follow/media.h"

#include "follow/evidence.h"
#include "media/media.h"
#include "show/show.h"
#include "taps/taps.h"

#include <epan/exceptions.h>

/* The calls that a packet of media is of, and what it is to each. */
typedef struct {
    joined_t joined[MOST_JOINED];
    unsigned count;
} owners_t;

static void
show_joined(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const joined_t *joined)
{
    show_media(tvb, pinfo, tree, joined);
    taps_media(pinfo, joined);
}

static void
find_owners(tvbuff_t *tvb, packet_info *pinfo, owners_t *owners)
{
    owners->count = pinfo->flags.in_error_pkt ? 0 : join_media(pinfo, owners->joined);
    for (unsigned i = 0; i < owners->count && !PINFO_FD_VISITED(pinfo); i++)
        watch_media(tvb, pinfo, &owners->joined[i]);
}

/* Behind a number that says of which channel it is. */
static int
dissect_multiplexed(const joined_t *joined, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                    void *data)
{
    tvbuff_t *volatile media = tvb_new_subset_remaining(tvb, MULTIPLEX_NUMBER_LENGTH);

    show_multiplex_number(tvb, tree);
    TRY
    {
        setup_dissect(joined->channel, media, pinfo, tree, data);
    }
    FINALLY
    {
        if (!PINFO_FD_VISITED(pinfo))
            watch_media(media, pinfo, joined);
        show_joined(media, pinfo, tree, joined);
    }
    ENDTRY;
    return (int)tvb_captured_length(tvb);
}

/* What is to be media by its address, and is none that Wireshark knows. */
static void
follow_unknown(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    if (pinfo->flags.in_error_pkt)
        return;
    if (!PINFO_FD_VISITED(pinfo))
        watch_unknown(tvb, pinfo);
    follow_evidence(tvb, pinfo, tree);
}

/* Something is to be told of it, behind Wireshark's dissector, whose tap is heard before ours. */
static bool
is_told(packet_info *pinfo, proto_tree *tree)
{
    return show_has_media(pinfo, tree) || taps_hear_media();
}

/*
 * Media that a session announced. It is marked as the session's as far as Wireshark's
 * dissector has taken it for media, even if that throws. Of a stream that is settled its owners
 * are known already.
 */
static int
dissect_media(channel_t channel, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data,
              owners_t *owners)
{
    volatile int length = 0;

    if (PINFO_FD_VISITED(pinfo) && !is_told(pinfo, tree))
        return setup_dissect(channel, tvb, pinfo, tree, data);
    TRY
    {
        length = setup_dissect(channel, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        if (owners->count == 0)
            find_owners(tvb, pinfo, owners);
        for (unsigned i = 0; i < owners->count; i++)
            show_joined(tvb, pinfo, tree, &owners->joined[i]);
    }
    ENDTRY;
    return length;
}

/*
 * The next packet of a stream that is settled, where Wireshark's dissector is certain to take it
 * for RTP: what it tells of its calls needs nothing of what that finds.
 */
static void
watch_settled(tvbuff_t *tvb, packet_info *pinfo, owners_t *owners)
{
    rtp_header_t header;
    const joined_t *settled = join_settled(pinfo);

    if (!settled || !rtp_header(tvb, &header) || !rtp_is_certain(&header))
        return;
    owners->joined[0] = *settled;
    owners->count = 1;
    if (settled->stream &&
        streams_go_on(settled->stream, settled->content, settled->to, &header, pinfo))
        return;
    owners->count = join_legs(pinfo, owners->joined);
    for (unsigned i = 0; i < owners->count; i++)
        watch_rtp(tvb, pinfo, &owners->joined[i], &header);
}

/* The same of what is not settled. */
static int
dissect_unsettled(channel_t channel, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                  void *data)
{
    owners_t owners;

    owners.count = 0;
    return dissect_media(channel, tvb, pinfo, tree, data, &owners);
}

/* What is not known yet to be RTP of a session. */
static int
dissect_rtp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    bool may_be_rtp = rtp_may_begin(tvb);
    int length = may_be_rtp ? dissect_unsettled(CHANNEL_RTP, tvb, pinfo, tree, data)
                            : setup_dissect(CHANNEL_RTP, tvb, pinfo, tree, data);

    if (length == 0 || !may_be_rtp)
        follow_unknown(tvb, pinfo, tree);
    return length;
}

/*
 * Where nothing is told of a packet, there is no need of a handler for what Wireshark's dissector
 * may throw, which takes more instructions than to watch it.
 */
int
follow_rtp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    owners_t owners;
    joined_t joined;

    if (multiplexed_join(tvb, pinfo, &joined))
        return dissect_multiplexed(&joined, tvb, pinfo, tree, data);
    owners.count = 0;
    watch_settled(tvb, pinfo, &owners);
    if (owners.count == 0)
        return dissect_rtp(tvb, pinfo, tree, data);
    return is_told(pinfo, tree) ? dissect_media(CHANNEL_RTP, tvb, pinfo, tree, data, &owners)
                                : setup_dissect(CHANNEL_RTP, tvb, pinfo, tree, data);
}

int
follow_rtcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    joined_t joined;

    return multiplexed_join(tvb, pinfo, &joined)
               ? dissect_multiplexed(&joined, tvb, pinfo, tree, data)
               : dissect_unsettled(CHANNEL_RTCP, tvb, pinfo, tree, data);
}

int
follow_expected_rtcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return rtp_is_rtcp(tvb) ? dissect_unsettled(CHANNEL_RTCP, tvb, pinfo, tree, data) : 0;
}

int
follow_t38(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_unsettled(CHANNEL_T38, tvb, pinfo, tree, data);
}
