/* offers.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/offers.h"

#include "readers/codecs.h"

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

static const char *
kept_text(const char *text)
{
    return text ? wmem_strdup(wmem_file_scope(), text) : NULL;
}

static unsigned
count_of(wmem_array_t *array)
{
    return array ? wmem_array_get_count(array) : 0;
}

static void
keep_channels(session_t *session, side_t sender, const message_t *message)
{
    for (unsigned i = 0; i < count_of(message->opened); i++) {
        const opened_channel_t *opened = wmem_array_index(message->opened, i);
        channel_state_t *channel = wmem_new0(wmem_file_scope(), channel_state_t);

        channel->content = opened->content;
        channel->codec = kept_text(opened->codec);
        channel->payload_type = opened->payload_type;
        few_put(&session->channels, channel_key(sender, opened->channel), channel);
    }
}

/* An acceptance does not name what its channel was opened with. */
static void
complete_offer(const session_t *session, side_t sender, media_offer_t *offer)
{
    const channel_state_t *channel = NULL;

    if (offer->accepts)
        channel = few_find(&session->channels, channel_key(!sender, offer->channel));
    if (channel) {
        offer->content = channel->content;
        offer->tcp |= channel->content == CONTENT_T120;
        if (!offer->payload_type)
            offer->payload_type = channel->payload_type;
        if (!offer->rtcp)
            offer->codec = channel->codec;
    } else {
        offer->codec = kept_text(offer->codec);
    }
}

static void
agree_to(session_t *session, content_t content, side_t to)
{
    session->agreed_to[content][to] = true;
}

/* A channel goes to the end that accepts it. */
static void
agree_on_accepted(session_t *session, side_t sender, const message_t *message)
{
    for (unsigned i = 0; i < count_of(message->accepted); i++) {
        const uint16_t *number = wmem_array_index(message->accepted, i);
        const channel_state_t *channel =
            few_find(&session->channels, channel_key(!sender, *number));

        agree_to(session, channel ? channel->content : CONTENT_UNKNOWN, sender);
    }
}

/* The callee's choice of what it was offered: each element is a channel that is open now. */
static void
agree_on_choice(session_t *session, const message_t *message)
{
    for (unsigned i = 0; i < count_of(message->opened); i++) {
        const opened_channel_t *opened = wmem_array_index(message->opened, i);

        agree_to(session, opened->content, opened->backward ? SIDE_CALLER : SIDE_CALLEE);
    }
}

/* The offer of a fast start is one of many: only what the callee chooses of it counts. */
static void
learn_types(session_t *session, side_t sender, const message_t *message)
{
    for (unsigned i = 0; i < count_of(message->opened); i++) {
        const opened_channel_t *opened = wmem_array_index(message->opened, i);
        negotiated_t *negotiated = &session->negotiated[opened->backward ? sender : !sender];
        int type = opened->codec ? codec_payload_type(opened->codec) : -1;

        if (opened->content == CONTENT_VIDEO)
            continue;
        if (type < 0 || opened->content != CONTENT_AUDIO)
            negotiated->is_open = true;
        else
            negotiated->types |= UINT64_C(1) << type;
    }
}

void
offers_agree(const step_t *step, const message_t *message)
{
    session_t *session = step->session;

    if (message->has_fast_start && step->sender == SIDE_CALLEE)
        agree_on_choice(session, message);
    agree_on_accepted(session, step->sender, message);
    if (count_of(message->accepted) == 0 && count_of(message->opened) == 0) {
        agree_to(session, CONTENT_UNKNOWN, SIDE_CALLER);
        agree_to(session, CONTENT_UNKNOWN, SIDE_CALLEE);
    }
}

void
offers_keep(step_t *step, const packet_info *pinfo, const message_t *message)
{
    unsigned count = count_of(message->offers);

    keep_channels(step->session, step->sender, message);
    if (!message->has_fast_start)
        learn_types(step->session, step->sender, message);
    else if (step->sender == SIDE_CALLEE)
        learn_types(step->session, SIDE_CALLER, message);
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
        complete_offer(step->session, step->sender, &step->offers[i]);
        if (!offer->inferred && is_elsewhere(&offer->addr, pinfo))
            step->findings |= FINDING_BIT(FINDING_ADDRESS_MISMATCH);
    }
}
