/* offers.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/offers.h"

/* An address is no mismatch if it is the peer's: that is an echo of the peer's own offer. */
static bool
is_elsewhere(const address *addr, const packet_info *pinfo)
{
    return addr->type == pinfo->src.type && !addresses_equal(addr, &pinfo->src) &&
           !addresses_equal(addr, &pinfo->dst);
}

static void *
channel_key(side_t opener, uint16_t channel)
{
    return GUINT_TO_POINTER((unsigned)channel << 1 | opener);
}

static void
keep_codecs(session_t *session, side_t sender, const message_t *message)
{
    unsigned count = message->opened ? wmem_array_get_count(message->opened) : 0;

    for (unsigned i = 0; i < count; i++) {
        const opened_channel_t *opened = wmem_array_index(message->opened, i);

        if (opened->codec)
            wmem_map_insert(session->codecs, channel_key(sender, opened->channel),
                            wmem_strdup(wmem_file_scope(), opened->codec));
    }
}

/* An acceptance names no codec: it is the one that the channel was opened with. */
static const char *
codec_of(const session_t *session, side_t sender, const media_offer_t *offer)
{
    if (offer->codec)
        return wmem_strdup(wmem_file_scope(), offer->codec);
    if (offer->rtcp || !offer->accepts)
        return NULL;
    return wmem_map_lookup(session->codecs, channel_key(!sender, offer->channel));
}

void
offers_keep(step_t *step, const packet_info *pinfo, const message_t *message)
{
    unsigned count = message->offers ? wmem_array_get_count(message->offers) : 0;

    keep_codecs(step->session, step->sender, message);
    if (message->has_h245_address && is_elsewhere(&message->h245_addr, pinfo))
        step->findings |= FINDING_BIT(FINDING_ADDRESS_MISMATCH);
    if (count == 0)
        return;
    step->offers = wmem_alloc_array(wmem_file_scope(), media_offer_t, count);
    step->offer_count = count;
    for (unsigned i = 0; i < count; i++) {
        const media_offer_t *offer = wmem_array_index(message->offers, i);

        step->offers[i] = *offer;
        copy_address_wmem(wmem_file_scope(), &step->offers[i].addr, &offer->addr);
        step->offers[i].codec = codec_of(step->session, step->sender, offer);
        if (!offer->inferred && is_elsewhere(&offer->addr, pinfo))
            step->findings |= FINDING_BIT(FINDING_ADDRESS_MISMATCH);
    }
}
