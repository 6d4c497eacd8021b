/* script.c
 * Frames made from a script.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdbool.h>
#include <string.h>

#include "script.h"

#define MAX_FRAMES 1000
#define FRAMES_A_ROUND 10
#define OUR_FIRST_PORT 1730
#define OUR_LAST_PORT 1732
#define SECOND 1000000000LL /* nanoseconds */
#define SNAPPED 0x80u
#define SNAPPED_TO 64u

enum { IP_ICMP = 1, IP_TCP = 6, IP_UDP = 17, IP_ICMPV6 = 58 };
enum { TCP_FIN = 0x01, TCP_SYN = 0x02, TCP_RST = 0x04, TCP_PSH = 0x08, TCP_ACK = 0x10 };

/* Of one direction of a connection: its key is what a step's bytes 1 to 5 are. */
typedef struct {
    uint32_t next;     /* sequence number */
    uint32_t previous; /* that of the segment before */
    bool is_opener;    /* the connection's first step was of this direction */
} direction_t;

typedef struct {
    GPtrArray *frames;
    GHashTable *directions; /* of direction_t, by hosts and ports */
    GByteArray *packet;     /* the IP packet made last */
    bool packet_is_ipv6;
    frame_t *open; /* takes more packets */
    nstime_t now;
    unsigned captured; /* bytes of each frame of this step */
    bool at_our_port;  /* this step is TCP at a port of the plugin's */
    unsigned round;    /* how often the whole script was taken before */
} maker_t;

static unsigned
number16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

bool
script_next(const uint8_t *script, size_t size, size_t *position, step_t *step)
{
    if (size < STEP_HEADER || *position > size - STEP_HEADER)
        return false;
    step->header = script + *position;
    *position += STEP_HEADER;
    step->payload = script + *position;
    step->length =
        MIN(number16(step->header + 8), (unsigned)MIN(size - *position, STEP_MAX_PAYLOAD));
    *position += step->length;
    return true;
}

static void
add16(GByteArray *bytes, unsigned value)
{
    const uint8_t two[] = {(uint8_t)(value >> 8), (uint8_t)value};

    g_byte_array_append(bytes, two, sizeof two);
}

static void
add32(GByteArray *bytes, uint32_t value)
{
    add16(bytes, value >> 16);
    add16(bytes, value & 0xffff);
}

static void
add_zeros(GByteArray *bytes, unsigned count)
{
    g_byte_array_set_size(bytes, bytes->len + count);
    memset(bytes->data + bytes->len - count, 0, count);
}

/* 10.0.0.N and fd00::N, where N is the host's number and one. */
static void
add_address(GByteArray *bytes, unsigned host, bool ipv6)
{
    const uint8_t first = ipv6 ? 0xfd : 10;
    const uint8_t last = (uint8_t)(host + 1);

    g_byte_array_append(bytes, &first, 1);
    add_zeros(bytes, ipv6 ? 14 : 2);
    g_byte_array_append(bytes, &last, 1);
}

static void
add_ip(GByteArray *bytes, unsigned from, unsigned to, unsigned protocol, unsigned payload,
       bool ipv6)
{
    if (ipv6) {
        add32(bytes, 0x60000000);
        add16(bytes, payload);
        add16(bytes, protocol << 8 | 64);
    } else {
        add16(bytes, 0x4500);
        add16(bytes, 20 + payload);
        add32(bytes, 0);
        add16(bytes, 64 << 8 | protocol);
        add16(bytes, 0);
    }
    add_address(bytes, from, ipv6);
    add_address(bytes, to, ipv6);
}

static void
free_frame(void *frame)
{
    g_byte_array_unref(((frame_t *)frame)->bytes);
    g_free(frame);
}

static void
add_ethernet(GByteArray *bytes, bool vlan, bool ipv6)
{
    static const uint8_t addresses[12] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};

    g_byte_array_append(bytes, addresses, sizeof addresses);
    if (vlan)
        add32(bytes, 0x81000007);
    add16(bytes, ipv6 ? 0x86dd : 0x0800);
}

/* The header of an IEEE 802.11 QoS data frame that is an A-MSDU. */
static void
add_wireless(GByteArray *bytes)
{
    add16(bytes, 0x8800);
    add_zeros(bytes, 22);
    add16(bytes, 0x8000);
}

/* A packet of an A-MSDU: addresses, length, LLC and SNAP, and its bytes, padded to a multiple of
 * four. */
static void
add_subframe(GByteArray *bytes, const GByteArray *packet, bool ipv6)
{
    const unsigned begin = bytes->len;

    add_zeros(bytes, 12);
    add16(bytes, MIN(8 + packet->len, 0xffff));
    add32(bytes, 0xaaaa0300);
    add16(bytes, 0);
    add16(bytes, ipv6 ? 0x86dd : 0x0800);
    g_byte_array_append(bytes, packet->data, packet->len);
    add_zeros(bytes, (4 - (bytes->len - begin) % 4) % 4);
}

static frame_t *
new_frame(maker_t *maker, bool wireless)
{
    frame_t *frame = g_new0(frame_t, 1);

    frame->bytes = g_byte_array_new();
    frame->wireless = wireless;
    frame->at = maker->now;
    g_ptr_array_add(maker->frames, frame);
    return frame;
}

/* Sends the packet that was made, in a frame of its own or with others. */
static void
send_packet(maker_t *maker, unsigned flags)
{
    frame_t *frame = maker->open;

    if (!frame && (flags & STEP_SAME_FRAME)) {
        frame = maker->open = new_frame(maker, true);
        add_wireless(frame->bytes);
    }
    if (frame) {
        add_subframe(frame->bytes, maker->packet, maker->packet_is_ipv6);
        if (!(flags & STEP_SAME_FRAME) || frame->bytes->len > 0xffff)
            maker->open = NULL;
    } else {
        frame = new_frame(maker, false);
        add_ethernet(frame->bytes, flags & STEP_VLAN, maker->packet_is_ipv6);
        g_byte_array_append(frame->bytes, maker->packet->data, maker->packet->len);
    }
    frame->captured = MIN(frame->bytes->len, maker->captured);
    frame->has_segment |= maker->at_our_port;
}

/* An empty packet of the step, with room for a header of its protocol and so many bytes. */
static void
begin_packet(maker_t *maker, const step_t *step, unsigned protocol, unsigned length)
{
    const bool ipv6 = step->header[0] & STEP_IPV6;

    g_byte_array_set_size(maker->packet, 0);
    maker->packet_is_ipv6 = ipv6;
    add_ip(maker->packet, step->header[1] >> 4, step->header[1] & 15, protocol, length, ipv6);
}

static direction_t *
direction_of(maker_t *maker, const uint8_t *header, bool opposite)
{
    const unsigned from = header[1] >> 4, to = header[1] & 15;
    const unsigned source = number16(header + 2), destination = number16(header + 4);
    const uint64_t there =
        (uint64_t)from << 36 | (uint64_t)to << 32 | (uint64_t)source << 16 | destination;
    const uint64_t back =
        (uint64_t)to << 36 | (uint64_t)from << 32 | (uint64_t)destination << 16 | source;
    const uint64_t key = opposite ? back : there;
    direction_t *direction = g_hash_table_lookup(maker->directions, &key);

    if (!direction) {
        direction = g_new0(direction_t, 1);
        direction->is_opener = !opposite && !g_hash_table_contains(maker->directions, &back);
        direction->next = direction->previous = 1000;
        g_hash_table_insert(maker->directions, g_memdup2(&key, sizeof key), direction);
    }
    return direction;
}

/* In each round a connection is opened from another port. */
static void
add_port(maker_t *maker, const uint8_t *port, bool is_opener)
{
    add16(maker->packet, (number16(port) + (is_opener ? maker->round : 0)) & 0xffff);
}

static void
send_segment(maker_t *maker, const step_t *step, unsigned tcp_flags, const uint8_t *payload,
             unsigned length)
{
    const unsigned flags = step->header[0];
    direction_t *direction = direction_of(maker, step->header, false);
    const direction_t *other = direction_of(maker, step->header, true);
    uint32_t sequence = direction->next;

    if (flags & STEP_BACK)
        sequence = direction->previous;
    if (flags & STEP_GAP)
        sequence++;
    begin_packet(maker, step, IP_TCP, 20 + length);
    add_port(maker, step->header + 2, direction->is_opener);
    add_port(maker, step->header + 4, other->is_opener);
    add32(maker->packet, sequence);
    add32(maker->packet, tcp_flags & TCP_ACK ? other->next : 0);
    add16(maker->packet, 0x5000 | tcp_flags);
    add16(maker->packet, 0xffff);
    add32(maker->packet, 0);
    g_byte_array_append(maker->packet, payload, length);
    direction->previous = sequence;
    direction->next = sequence + length + (tcp_flags & (TCP_SYN | TCP_FIN) ? 1 : 0);
    send_packet(maker, flags);
}

static void
send_tcp(maker_t *maker, const step_t *step)
{
    const unsigned cut = step->header[7] & SNAPPED ? 0 : step->header[7];
    unsigned done = 0;

    do {
        const unsigned length = cut ? MIN(cut, step->length - done) : step->length;

        send_segment(maker, step, TCP_ACK | TCP_PSH, step->payload + done, length);
        done += length;
    } while (done < step->length && maker->frames->len < MAX_FRAMES);
}

static void
send_udp(maker_t *maker, const step_t *step)
{
    begin_packet(maker, step, IP_UDP, 8 + step->length);
    g_byte_array_append(maker->packet, step->header + 2, 4);
    add16(maker->packet, 8 + step->length);
    add16(maker->packet, 0);
    g_byte_array_append(maker->packet, step->payload, step->length);
    send_packet(maker, step->header[0]);
}

/* Port unreachable, or another code; it quotes as much of the packet before as the second byte
 * says, at least 28 bytes. */
static void
send_unreachable(maker_t *maker, const step_t *step)
{
    const bool ipv6 = step->header[0] & STEP_IPV6;
    const unsigned code = step->length ? step->payload[0] % 16 : (ipv6 ? 4 : 3);
    const unsigned most = 28 + (step->length > 1 ? step->payload[1] : 0);
    const unsigned length = MIN(maker->packet->len, most);
    uint8_t *quoted = g_memdup2(maker->packet->data, length);

    begin_packet(maker, step, ipv6 ? IP_ICMPV6 : IP_ICMP, 8 + length);
    add16(maker->packet, (ipv6 ? 1u : 3u) << 8 | code);
    add16(maker->packet, 0);
    add32(maker->packet, 0);
    g_byte_array_append(maker->packet, quoted, length);
    g_free(quoted);
    send_packet(maker, step->header[0]);
}

/* Some moments are the first and the last that there can be, and one is beyond what microseconds
 * can count. */
static void
pass_time(maker_t *maker, unsigned code)
{
    static const int64_t units[] = {0,           SECOND / 1000, SECOND / 50, SECOND,
                                    60 * SECOND, 3600 * SECOND, -SECOND};
    const unsigned unit = code >> 5;
    const nstime_t ends[] = {NSTIME_INIT_ZERO, NSTIME_INIT_SECS(-62167219200),
                             NSTIME_INIT_SECS(9223372036), NSTIME_INIT_SECS(1000000000),
                             NSTIME_INIT_SECS(20000000000000)};
    int64_t nanoseconds;

    if (unit == G_N_ELEMENTS(units)) {
        maker->now = ends[code % G_N_ELEMENTS(ends)];
        return;
    }
    nanoseconds = maker->now.nsecs + units[unit] * (code & 31);
    maker->now.secs += (time_t)(nanoseconds / SECOND);
    maker->now.nsecs = (int)(nanoseconds % SECOND);
    if (maker->now.nsecs < 0) {
        maker->now.secs--;
        maker->now.nsecs += (int)SECOND;
    }
}

static bool
is_ours(unsigned port)
{
    return port >= OUR_FIRST_PORT && port <= OUR_LAST_PORT;
}

static void
take_step(maker_t *maker, const step_t *step)
{
    const step_kind_t kind = step->header[0] & STEP_KIND;

    pass_time(maker, step->header[6]);
    maker->captured =
        step->header[7] & SNAPPED ? SNAPPED_TO + (step->header[7] & ~SNAPPED) : UINT_MAX;
    if (kind != SEND_AGAIN)
        maker->at_our_port = kind != SEND_UDP && (is_ours(number16(step->header + 2)) ||
                                                  is_ours(number16(step->header + 4)));
    switch (kind) {
    case SEND_TCP:
        send_tcp(maker, step);
        break;
    case SEND_UDP:
        send_udp(maker, step);
        break;
    case SEND_SYN:
        send_segment(maker, step, TCP_SYN, NULL, 0);
        break;
    case SEND_SYN_ACK:
        send_segment(maker, step, TCP_SYN | TCP_ACK, NULL, 0);
        break;
    case SEND_FIN:
        send_segment(maker, step, TCP_FIN | TCP_ACK, step->payload, step->length);
        break;
    case SEND_RST:
        send_segment(maker, step, TCP_RST, NULL, 0);
        break;
    case SEND_UNREACHABLE:
        send_unreachable(maker, step);
        break;
    case SEND_AGAIN:
        if (maker->packet->len)
            send_packet(maker, step->header[0]);
        break;
    }
}

static void
take_script(maker_t *maker, const uint8_t *script, size_t size, unsigned most)
{
    const unsigned end = MIN(maker->frames->len + most, MAX_FRAMES);
    size_t position = 1;
    step_t step;

    g_hash_table_remove_all(maker->directions);
    while (maker->frames->len < end && script_next(script, size, &position, &step))
        take_step(maker, &step);
}

static GPtrArray *
make_frames(const uint8_t *script, size_t size, unsigned rounds, unsigned most)
{
    maker_t maker = {
        .frames = g_ptr_array_new_with_free_func(free_frame),
        .directions = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free),
        .packet = g_byte_array_new(),
        .now = NSTIME_INIT_SECS(1000000000),
    };

    for (; maker.round < rounds; maker.round++)
        take_script(&maker, script, size, most);
    g_byte_array_unref(maker.packet);
    g_hash_table_destroy(maker.directions);
    return maker.frames;
}

GPtrArray *
script_frames(const uint8_t *script, size_t size)
{
    return make_frames(script, size, 1, MAX_FRAMES);
}

GPtrArray *
script_rounds(const uint8_t *script, size_t size, unsigned rounds)
{
    return make_frames(script, size, rounds, FRAMES_A_ROUND);
}

wtap_rec
script_record(const frame_t *frame)
{
    return (wtap_rec){
        .rec_type = REC_TYPE_PACKET,
        .presence_flags = WTAP_HAS_TS | WTAP_HAS_CAP_LEN | WTAP_HAS_INTERFACE_ID,
        .ts = frame->at,
        .tsprec = WTAP_TSPREC_NSEC,
        .rec_header.packet_header =
            {
                .caplen = frame->captured,
                .len = frame->bytes->len,
                .interface_id = frame->wireless,
                .pkt_encap = frame->wireless ? WTAP_ENCAP_IEEE_802_11 : WTAP_ENCAP_ETHERNET,
                .pseudo_header.eth.fcs_len = -1,
            },
    };
}
