/* rtp.c
 *
 * RTP and RTCP headers: RFC 3550 sections 5.1, 5.3.1 and 6.4. Payload types: RFC 3551
 * section 6.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/rtp.h"

#include "readers/payload.h"

#define RTP_VERSION 2
#define RTP_HEADER_LENGTH 12
#define RTP_PLAIN (RTP_VERSION << 6) /* without padding, extension and contributing sources */

#define EVENT_LENGTH 4
#define EVENT_RESERVED 0x40
#define LAST_DIGIT_EVENT 16 /* and a flash (RFC 4733, table 3) */

#define RTCP_HEADER_LENGTH 4
#define RTCP_SENDER_REPORT 200
#define RTCP_RECEIVER_REPORT 201
#define RTCP_REPORT_BLOCK_OFFSET(type) ((type) == RTCP_SENDER_REPORT ? 28 : 8)
#define RTCP_REPORT_BLOCK_LENGTH 24

/* Of the NTP time of a sender report; in report blocks it stands whole. */
#define RTCP_NTP_MIDDLE_OFFSET 10
#define RTCP_SENT_OFFSET 20

bool
rtp_has_version(tvbuff_t *tvb, int offset)
{
    return tvb_bytes_exist(tvb, offset, 1) && tvb_get_uint8(tvb, offset) >> 6 == RTP_VERSION;
}

bool
rtp_may_begin(tvbuff_t *tvb)
{
    return tvb_captured_length(tvb) == 0 || tvb_get_uint8(tvb, 0) >> 6 == RTP_VERSION;
}

static bool
is_payload_type(uint8_t type)
{
    return type == 0 || (type >= 3 && type <= 18) || type == 25 || type == 26 || type == 28 ||
           (type >= 31 && type <= 34) || type >= 96;
}

/* The length of the header with all that it announces; 0: that does not fit. */
static unsigned
rtp_header_length(tvbuff_t *tvb)
{
    uint8_t first = tvb_get_uint8(tvb, 0);
    unsigned length = RTP_HEADER_LENGTH + 4u * (first & 0x0f);
    bool has_extension = first & 0x10;

    if (has_extension) {
        if (!tvb_bytes_exist(tvb, (int)length, 4))
            return 0;
        length += 4u + 4u * tvb_get_ntohs(tvb, (int)length + 2);
    }
    return length < tvb_reported_length(tvb) ? length : 0;
}

static bool
has_fitting_padding(tvbuff_t *tvb, unsigned header_length)
{
    bool is_padded = tvb_get_uint8(tvb, 0) & 0x20;
    unsigned length = tvb_reported_length(tvb);
    uint8_t padding;

    if (!is_padded || tvb_captured_length(tvb) < length)
        return true;
    padding = tvb_get_uint8(tvb, (int)length - 1);
    return padding != 0 && padding <= length - header_length;
}

/* Where the payload is; what does not fit has none. */
static void
place_payload(tvbuff_t *tvb, rtp_header_t *header)
{
    unsigned length = tvb_reported_length(tvb);
    unsigned begin = rtp_header_length(tvb);
    bool is_padded = tvb_get_uint8(tvb, 0) & 0x20;
    unsigned padding = 0;

    header->payload_offset = begin;
    if (begin && is_padded && tvb_captured_length(tvb) >= length)
        padding = tvb_get_uint8(tvb, (int)length - 1);
    header->payload_length = begin && begin + padding < length ? length - begin - padding : 0;
}

/* The same where the header announces nothing, as nearly all do. */
static void
place_plain_payload(tvbuff_t *tvb, rtp_header_t *header)
{
    unsigned length = tvb_reported_length(tvb);
    bool has_payload = length > RTP_HEADER_LENGTH;

    header->payload_offset = has_payload ? RTP_HEADER_LENGTH : 0;
    header->payload_length = has_payload ? length - RTP_HEADER_LENGTH : 0;
}

bool
rtp_header(tvbuff_t *tvb, rtp_header_t *header)
{
    struct {
        uint8_t version;
        uint8_t payload_type;
        uint16_t sequence;
        uint32_t timestamp;
        uint32_t ssrc;
    } octets;

    if (tvb_captured_length(tvb) < RTP_HEADER_LENGTH)
        return false;
    /* Fewer instructions than tvb_memcpy(), for each packet. */
    memcpy(&octets, tvb_get_ptr(tvb, 0, RTP_HEADER_LENGTH), RTP_HEADER_LENGTH);
    if (octets.version >> 6 != RTP_VERSION)
        return false;
    header->payload_type = octets.payload_type & 0x7f;
    header->sequence = g_ntohs(octets.sequence);
    header->timestamp = g_ntohl(octets.timestamp);
    header->ssrc = g_ntohl(octets.ssrc);
    if (octets.version == RTP_PLAIN)
        place_plain_payload(tvb, header);
    else
        place_payload(tvb, header);
    return true;
}

/* The signalling has named another codec for this type than events. */
static bool
is_signalled(const rtp_header_t *header, const char *codec, uint8_t payload_type)
{
    return codec && payload_type == header->payload_type;
}

/* RFC 4733 section 2.3: an event, E and R and the volume, the duration. */
static bool
is_event(tvbuff_t *tvb, const rtp_header_t *header)
{
    return header->payload_type >= DYNAMIC_TYPE_FIRST && header->payload_length == EVENT_LENGTH &&
           tvb_bytes_exist(tvb, (int)header->payload_offset, EVENT_LENGTH) &&
           tvb_get_uint8(tvb, (int)header->payload_offset) <= LAST_DIGIT_EVENT &&
           !(tvb_get_uint8(tvb, (int)header->payload_offset + 1) & EVENT_RESERVED);
}

carries_t
rtp_carries(tvbuff_t *tvb, const rtp_header_t *header, const char *codec, uint8_t payload_type)
{
    if (header->payload_length == 0)
        return CARRIES_NOTHING;
    if (payload_is_comfort_noise(header->payload_type))
        return CARRIES_NOISE;
    if (!is_signalled(header, codec, payload_type) && is_event(tvb, header))
        return CARRIES_EVENT;
    return CARRIES_MEDIA;
}

bool
rtp_is_silence(tvbuff_t *tvb, const rtp_header_t *header)
{
    int offset = (int)header->payload_offset;
    int length = (int)header->payload_length;

    return length && tvb_bytes_exist(tvb, offset, length) &&
           payload_is_silence(header->payload_type, tvb_get_ptr(tvb, offset, length),
                              (size_t)length);
}

bool
rtp_may_be(tvbuff_t *tvb, rtp_header_t *header)
{
    unsigned header_length;

    if (!rtp_header(tvb, header) || !is_payload_type(header->payload_type))
        return false;
    header_length = rtp_header_length(tvb);
    if (header_length == 0 || !has_fitting_padding(tvb, header_length))
        return false;
    return true;
}

bool
rtp_is_rtcp(tvbuff_t *tvb)
{
    unsigned length = tvb_reported_length(tvb);
    unsigned offset = 0;
    uint8_t type;

    if (!tvb_bytes_exist(tvb, 0, RTCP_HEADER_LENGTH + 4))
        return false;
    type = tvb_get_uint8(tvb, 1);
    if (type != RTCP_SENDER_REPORT && type != RTCP_RECEIVER_REPORT)
        return false;
    while (offset < length) {
        if (!tvb_bytes_exist(tvb, (int)offset, RTCP_HEADER_LENGTH) ||
            tvb_get_uint8(tvb, (int)offset) >> 6 != RTP_VERSION)
            return false;
        offset += 4u + 4u * tvb_get_ntohs(tvb, (int)offset + 2);
    }
    return offset == length;
}

#define STUN_COOKIE 0x2112a442 /* RFC 8489 section 5 */
#define STUN_HEADER_LENGTH 20u
#define ZRTP_COOKIE 0x5a525450 /* RFC 6189 section 5 */
#define DTLS_FIRST 20
#define DTLS_LAST 63
#define DTLS_MAJOR 0xfe

bool
rtp_is_beside_media(tvbuff_t *tvb)
{
    uint8_t first;
    uint32_t cookie;

    if (!tvb_bytes_exist(tvb, 0, 8))
        return true;
    first = tvb_get_uint8(tvb, 0);
    cookie = tvb_get_ntohl(tvb, 4);
    if (first >= DTLS_FIRST && first <= DTLS_LAST)
        return tvb_get_uint8(tvb, 1) == DTLS_MAJOR;
    return cookie == STUN_COOKIE || cookie == ZRTP_COOKIE || rtp_is_rtcp(tvb) ||
           (first <= 1 && tvb_get_ntohs(tvb, 2) + STUN_HEADER_LENGTH == tvb_reported_length(tvb));
}

uint32_t
rtp_reporter(tvbuff_t *tvb)
{
    return tvb_get_ntohl(tvb, RTCP_HEADER_LENGTH);
}

bool
rtp_reported(tvbuff_t *tvb, uint32_t *ssrc)
{
    int block = RTCP_REPORT_BLOCK_OFFSET(tvb_get_uint8(tvb, 1));

    if (!tvb_bytes_exist(tvb, block, 4))
        return false;
    *ssrc = tvb_get_ntohl(tvb, block);
    return true;
}

static receiver_report_t
report_block(tvbuff_t *tvb, int at)
{
    /* 24 bits, signed. */
    uint32_t lost = tvb_get_ntoh24(tvb, at + 5);

    return (receiver_report_t){
        .ssrc = tvb_get_ntohl(tvb, at),
        .lost = lost & 0x800000 ? (int32_t)lost - 0x1000000 : (int32_t)lost,
        .highest = tvb_get_ntohl(tvb, at + 8),
        .jitter = tvb_get_ntohl(tvb, at + 12),
        .last_report = tvb_get_ntohl(tvb, at + 16),
        .delay = tvb_get_ntohl(tvb, at + 20),
    };
}

static void
take_in_report(tvbuff_t *tvb, session_t *session, side_t reporter, const packet_info *pinfo)
{
    uint8_t type = tvb_get_uint8(tvb, 1);
    unsigned count = tvb_get_uint8(tvb, 0) & 0x1f;
    int at = RTCP_REPORT_BLOCK_OFFSET(type);

    if (type != RTCP_SENDER_REPORT && type != RTCP_RECEIVER_REPORT)
        return;
    if (type == RTCP_SENDER_REPORT && tvb_bytes_exist(tvb, 0, at))
        streams_sender_report(session, rtp_reporter(tvb),
                              tvb_get_ntohl(tvb, RTCP_NTP_MIDDLE_OFFSET),
                              tvb_get_ntohl(tvb, RTCP_SENT_OFFSET), pinfo);
    if (count == 0)
        streams_empty_report(session, reporter);
    for (; count && tvb_bytes_exist(tvb, at, RTCP_REPORT_BLOCK_LENGTH); count--) {
        const receiver_report_t report = report_block(tvb, at);

        streams_receiver_report(session, &report, pinfo);
        at += RTCP_REPORT_BLOCK_LENGTH;
    }
}

void
rtp_take_in_reports(tvbuff_t *tvb, session_t *session, side_t reporter, const packet_info *pinfo)
{
    int at = 0;

    while (tvb_bytes_exist(tvb, at, RTCP_HEADER_LENGTH + 4) &&
           tvb_get_uint8(tvb, at) >> 6 == RTP_VERSION) {
        int length = MIN(4 + 4 * (int)tvb_get_ntohs(tvb, at + 2),
                         (int)tvb_reported_length_remaining(tvb, at));

        take_in_report(tvb_new_subset_length(tvb, at, length), session, reporter, pinfo);
        at += length;
    }
}
