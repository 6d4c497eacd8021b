/* offers.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/offers.h"

#include "readers/codecs.h"
#include "session/legs.h"
#include "session/streams.h"

#include <epan/to_str.h>

/* Multicast: RFC 5771 section 3, RFC 4291 section 2.7. */
static bool
is_group(const address *addr)
{
    const uint8_t *octets = addr->data;

    return addr->type == AT_IPv4 ? octets[0] >> 4 == 0xe : octets[0] == 0xff;
}

/* An address is no mismatch if it is the peer's: that is an echo of the peer's own offer. */
static bool
is_elsewhere(const address *addr, const packet_info *pinfo)
{
    return addr->type == pinfo->src.type && !addresses_equal(addr, &pinfo->src) &&
           !addresses_equal(addr, &pinfo->dst);
}

static bool
is_end_of(const session_t *session, const address *addr)
{
    return addresses_equal(addr, &session->parties[SIDE_CALLER].addr) ||
           addresses_equal(addr, &session->parties[SIDE_CALLEE].addr);
}

/* Media that goes straight to an end of another leg of the call. */
static bool
is_of_call(const session_t *session, const address *addr)
{
    session_t *others[LEGS_TOLD];
    unsigned count = legs_others(session, others);

    for (unsigned i = 0; i < count; i++) {
        if (is_end_of(others[i], addr))
            return true;
    }
    return is_end_of(session, addr);
}

static bool
is_nobodys(const address *addr)
{
    static const uint8_t unspecified[16];

    return memcmp(addr->data, unspecified, (size_t)addr->len) == 0;
}

/* A side that has offered its own address before is behind no translation: it speaks of a third. */
static bool
has_offered_its_own(const session_t *session, side_t sender)
{
    return session->answer.frame &&
           addresses_equal(&session->media_addr[sender], &session->parties[sender].addr);
}

/* The address of this offer tells of a translation on the way. */
static bool
is_mismatch(session_t *session, side_t sender, const address *addr, const packet_info *pinfo)
{
    if (is_group(addr)) {
        session->redirected = true;
        return false;
    }
    if (!is_elsewhere(addr, pinfo) || is_nobodys(addr) || is_of_call(session, addr))
        return false;
    if (!has_offered_its_own(session, sender))
        return true;
    session->redirected = true;
    return false;
}

/* Which of the ranges for private use (RFC 1918 section 3) an address is in; 0: none. */
static unsigned
private_range(const address *addr)
{
    const uint8_t *octets = addr->data;

    if (addr->type != AT_IPv4)
        return 0;
    if (octets[0] == 10)
        return 1;
    if (octets[0] == 172 && octets[1] >> 4 == 1)
        return 2;
    return octets[0] == 192 && octets[1] == 168 ? 3 : 0;
}

/* A gatekeeper that passes a request on stands beside the caller, and not in another range. */
void
offers_compare_source(session_t *session, const packet_info *pinfo, const message_t *message)
{
    unsigned range = message->has_source_address ? private_range(&message->source_addr) : 0;

    if (range == 0 || range == private_range(&pinfo->src))
        return;
    session->translated = wmem_strdup_printf(
        wmem_file_scope(), "the request comes from %s, and says that the caller is at %s",
        address_to_str(pinfo->pool, &pinfo->src),
        address_to_str(pinfo->pool, &message->source_addr));
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
        streams_may_begin_anew(session, opened->content, opened->backward ? sender : !sender);
    }
}

const channel_state_t *
offers_channel(const session_t *session, side_t opener, uint16_t channel)
{
    return few_find(&session->channels, channel_key(opener, channel));
}

/* An acceptance does not name what its channel was opened with. */
static void
complete_offer(const session_t *session, side_t sender, media_offer_t *offer)
{
    const channel_state_t *channel = NULL;

    if (offer->accepts)
        channel = offers_channel(session, !sender, offer->channel);
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

/* The address is one that the other end is to be reached at. */
static bool
is_of_peer(const session_t *session, side_t sender, const packet_info *pinfo, const address *addr)
{
    return !addresses_equal(addr, &pinfo->src) &&
           (addresses_equal(addr, &pinfo->dst) ||
            addresses_equal(addr, &session->media_addr[!sender]));
}

/*
 * Whose address it is. In the callee's choice of a fast start the element tells, whoever has named
 * the address first (H.323 section 8.1.7.1). RTCP of a channel is wanted by both of its ends.
 */
static side_t
side_of_offer(const step_t *step, const packet_info *pinfo, const media_offer_t *offer)
{
    const address addr = offer_address(offer);

    if (!offer->fast)
        return !offer->accepts && !offer->rtcp && !offer->inferred && is_group(&addr)
                   ? !step->sender
                   : step->sender;
    if (step->sender == SIDE_CALLER)
        return SIDE_CALLER;
    if (!offer->rtcp)
        return offer->backward ? SIDE_CALLER : SIDE_CALLEE;
    return is_of_peer(step->session, step->sender, pinfo, &addr) ? SIDE_CALLER : SIDE_CALLEE;
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
        const channel_state_t *channel = offers_channel(session, !sender, *number);

        agree_to(session, channel ? channel->content : CONTENT_UNKNOWN, sender);
    }
}

/* The callee's choice of what it was offered: each element is a channel that is open now. */
static void
agree_on_choice(session_t *session, const message_t *message)
{
    for (unsigned i = 0; i < count_of(message->opened); i++) {
        const opened_channel_t *opened = wmem_array_index(message->opened, i);

        if (opened->fast)
            agree_to(session, opened->content, opened->backward ? SIDE_CALLER : SIDE_CALLEE);
    }
}

/* The elements of a fast start are the caller's, whoever repeats them. */
static side_t
receiver_of(const opened_channel_t *opened, side_t sender)
{
    side_t offered_by = opened->fast ? SIDE_CALLER : sender;

    return opened->backward ? offered_by : !offered_by;
}

/* The offer of a fast start is one of many: only what the callee chooses of it counts. */
static void
learn_types(session_t *session, side_t sender, const message_t *message)
{
    for (unsigned i = 0; i < count_of(message->opened); i++) {
        const opened_channel_t *opened = wmem_array_index(message->opened, i);
        negotiated_t *negotiated = &session->negotiated[receiver_of(opened, sender)];
        int type = opened->codec ? codec_payload_type(opened->codec) : -1;

        if (opened->content == CONTENT_VIDEO || (opened->fast && sender == SIDE_CALLER))
            continue;
        if (type < 0 || opened->content != CONTENT_AUDIO)
            negotiated->is_open = true;
        else
            negotiated->types |= UINT64_C(1) << type;
    }
    streams_look_again(session);
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

/* Where the caller wants what the chosen element carries; NULL: it has not offered that. */
static const media_offer_t *
offered_for(const step_t *offer, const opened_channel_t *chosen)
{
    const media_offer_t *found = NULL;

    for (unsigned i = 0; i < offer->offer_count; i++) {
        const media_offer_t *one = &offer->offers[i];

        if (!one->fast || !one->backward || one->rtcp || one->content != chosen->content)
            continue;
        if (!found || g_strcmp0(one->codec, chosen->codec) == 0)
            found = one;
    }
    return found;
}

/* A chosen element to the caller that has no address keeps the one that was offered. */
static unsigned
add_offered(step_t *step, const message_t *message)
{
    const step_t *offer = step->session->fast_offer;
    unsigned added = 0;

    for (unsigned i = 0; offer && i < count_of(message->opened); i++) {
        const opened_channel_t *chosen = wmem_array_index(message->opened, i);
        const media_offer_t *offered = NULL;

        if (chosen->fast && chosen->backward && !chosen->has_media)
            offered = offered_for(offer, chosen);
        if (!offered)
            continue;
        step->offers[step->offer_count + added] = *offered;
        step->offers[step->offer_count + added].codec = kept_text(chosen->codec);
        step->offers[step->offer_count + added].offered = true;
        step->offers[step->offer_count + added].payload_type = chosen->payload_type;
        added++;
    }
    return added;
}

static void
note_mismatch(step_t *step, const packet_info *pinfo, const address *addr, const char *use)
{
    evidence_list_t *list = &step->session->evidence;
    char *sender;
    char *offered;

    step->findings |= FINDING_BIT(FINDING_ADDRESS_MISMATCH);
    if (!evidence_is_new(list, FINDING_ADDRESS_MISMATCH, SIDE_COUNT))
        return;
    sender = address_to_str(NULL, &pinfo->src);
    offered = address_to_str(NULL, addr);
    evidence_add(list, FINDING_ADDRESS_MISMATCH, SIDE_COUNT, pinfo->num,
                 wmem_strdup_printf(wmem_file_scope(),
                                    "%s offers %s for %s, an address that it does not send from: "
                                    "NAT or a relay between them",
                                    sender, offered, use));
    wmem_free(NULL, offered);
    wmem_free(NULL, sender);
}

static void
keep_offer(step_t *step, const packet_info *pinfo, const media_offer_t *told)
{
    media_offer_t *offer = &step->offers[step->offer_count];
    const address addr = offer_address(told);

    *offer = *told;
    offer->octets = wmem_memdup(wmem_file_scope(), addr.data, (size_t)addr.len);
    offer->to_callee = side_of_offer(step, pinfo, offer) == SIDE_CALLEE;
    complete_offer(step->session, step->sender, offer);
    if (!offer->inferred && is_mismatch(step->session, step->sender, &addr, pinfo))
        note_mismatch(step, pinfo, &addr, "media");
    step->offer_count++;
}

void
offers_keep(step_t *step, const packet_info *pinfo, const message_t *message)
{
    unsigned count = MIN(count_of(message->offers), MESSAGE_MOST);
    unsigned most = count + (message->has_fast_start ? count_of(message->opened) : 0);

    keep_channels(step->session, step->sender, message);
    /* Media goes through what helps it past NAT, whoever's addresses are named. */
    step->session->redirected |= message->multiplexed != NULL;
    learn_types(step->session, step->sender, message);
    if (message->has_h245_address &&
        is_mismatch(step->session, step->sender, &message->h245_addr, pinfo))
        note_mismatch(step, pinfo, &message->h245_addr, "H.245");
    if (most == 0)
        return;
    step->offers = wmem_alloc_array(wmem_file_scope(), media_offer_t, most);
    for (unsigned i = 0; i < count; i++)
        keep_offer(step, pinfo, wmem_array_index(message->offers, i));
    if (message->has_fast_start && step->sender == SIDE_CALLER)
        step->session->fast_offer = step;
    else if (message->has_fast_start)
        step->offer_count += add_offered(step, message);
}
