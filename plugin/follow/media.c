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

static void
mark_joined(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const joined_t *joined)
{
    if (!PINFO_FD_VISITED(pinfo))
        watch_media(tvb, pinfo, joined);
    show_media(tvb, pinfo, tree, joined);
    taps_media(pinfo, joined);
}

static void
mark_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    joined_t joined[MOST_JOINED];
    unsigned count = pinfo->flags.in_error_pkt ? 0 : join_media(pinfo, joined);

    for (unsigned i = 0; i < count; i++)
        mark_joined(tvb, pinfo, tree, &joined[i]);
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
        mark_joined(media, pinfo, tree, joined);
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

/*
 * Media that a session announced. It is marked as the session's as far as Wireshark's
 * dissector has taken it for media, even if that throws.
 */
static int
dissect_media(channel_t channel, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    volatile int length = 0;

    TRY
    {
        length = setup_dissect(channel, tvb, pinfo, tree, data);
    }
    FINALLY
    {
        mark_media(tvb, pinfo, tree);
    }
    ENDTRY;
    return length;
}

int
follow_rtp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    bool may_be_rtp = rtp_may_begin(tvb);
    joined_t joined;
    int length;

    if (multiplexed_join(tvb, pinfo, &joined))
        return dissect_multiplexed(&joined, tvb, pinfo, tree, data);
    length = may_be_rtp ? dissect_media(CHANNEL_RTP, tvb, pinfo, tree, data)
                        : setup_dissect(CHANNEL_RTP, tvb, pinfo, tree, data);
    if (length == 0 || !may_be_rtp)
        follow_unknown(tvb, pinfo, tree);
    return length;
}

int
follow_rtcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    joined_t joined;

    return multiplexed_join(tvb, pinfo, &joined)
               ? dissect_multiplexed(&joined, tvb, pinfo, tree, data)
               : dissect_media(CHANNEL_RTCP, tvb, pinfo, tree, data);
}

int
follow_expected_rtcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return rtp_is_rtcp(tvb) ? dissect_media(CHANNEL_RTCP, tvb, pinfo, tree, data) : 0;
}

int
follow_t38(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return dissect_media(CHANNEL_T38, tvb, pinfo, tree, data);
}
