/* multiplexed.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/multiplexed.h"

#include "common/hash.h"
#include "media/rtp.h"
#include "session/offers.h"

/* A number at a transport address, which is the key that it is found by. */
typedef struct {
    address addr;
    uint32_t number;
    uint16_t port;
    wmem_tree_t *channels; /* frame that announced it -> joined_t */
} numbered_t;

static wmem_map_t *numbered; /* numbered_t -> itself; emptied with each file */

static unsigned
numbered_hash(const void *key)
{
    const numbered_t *one = key;

    return hash_address(&one->addr, one->port) ^ one->number;
}

static gboolean
numbered_equal(const void *a, const void *b)
{
    const numbered_t *one = a;
    const numbered_t *other = b;

    return one->number == other->number && one->port == other->port &&
           addresses_equal(&one->addr, &other->addr);
}

void
multiplexed_register(void)
{
    numbered =
        wmem_map_new_autoreset(wmem_epan_scope(), wmem_file_scope(), numbered_hash, numbered_equal);
}

static numbered_t *
numbered_new(const numbered_t *key)
{
    numbered_t *one = wmem_memdup(wmem_file_scope(), key, sizeof *key);

    copy_address_wmem(wmem_file_scope(), &one->addr, &key->addr);
    one->channels = wmem_tree_new(wmem_file_scope());
    wmem_map_insert(numbered, one, one);
    return one;
}

void
multiplexed_announce(const step_t *step, const packet_info *pinfo, const multiplexed_t *multiplexed)
{
    const numbered_t key = {
        .addr = multiplexed->addr, .port = multiplexed->port, .number = multiplexed->number};
    side_t opener = multiplexed->accepts ? !step->sender : step->sender;
    const channel_state_t *channel = offers_channel(step->session, opener, multiplexed->channel);
    numbered_t *one = wmem_map_lookup(numbered, &key);
    joined_t *joined = wmem_new0(wmem_file_scope(), joined_t);

    joined->session = step->session;
    joined->to = step->sender;
    joined->channel = multiplexed->rtcp ? CHANNEL_RTCP : CHANNEL_RTP;
    joined->link = LINK_NEGOTIATED;
    if (channel) {
        joined->content = channel->content;
        joined->codec = channel->codec;
        joined->payload_type = channel->payload_type;
    }
    wmem_tree_insert32((one ? one : numbered_new(&key))->channels, pinfo->num, joined);
}

/* NULL: there is no such number where the packet goes. */
static const joined_t *
find(tvbuff_t *tvb, const packet_info *pinfo)
{
    const numbered_t key = {
        .addr = pinfo->net_dst, .port = (uint16_t)pinfo->destport, .number = tvb_get_ntohl(tvb, 0)};
    const numbered_t *one = wmem_map_lookup(numbered, &key);

    return one ? wmem_tree_lookup32_le(one->channels, pinfo->num) : NULL;
}

bool
multiplexed_join(tvbuff_t *tvb, const packet_info *pinfo, joined_t *joined)
{
    const joined_t *found;

    if (wmem_map_size(numbered) == 0 || pinfo->flags.in_error_pkt ||
        !rtp_has_version(tvb, MULTIPLEX_NUMBER_LENGTH))
        return false;
    found = find(tvb, pinfo);
    if (found)
        *joined = *found;
    return found;
}
