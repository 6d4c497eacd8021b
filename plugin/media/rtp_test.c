/* rtp_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/rtp.h"

#include "common/octets_test.h"
#include "session/streams_test.h"

#define HEADER 12
#define PADDED 0x20
#define EXTENDED 0x10
#define MARKED 0x80

/* 20 octets of PCMU behind a header: sequence 0x1234, timestamp 0x01020304, source 0x0a0b0c0d. */
static const uint8_t speech[HEADER + 20] = {0x80, 0,    0x12, 0x34, 0x01, 0x02,
                                            0x03, 0x04, 0x0a, 0x0b, 0x0c, 0x0d};

/* Speech with another first octet, type or octet at a place. */
typedef struct {
    uint8_t first;
    uint8_t type;
    unsigned at; /* 0: none */
    uint8_t octet;
    size_t captured; /* 0: all */
} change_t;

static bool
may_be(change_t change, rtp_header_t *header)
{
    uint8_t octets[sizeof speech];
    tvbuff_t *tvb;
    bool found;

    memcpy(octets, speech, sizeof octets);
    octets[0] = change.first;
    octets[1] = change.type;
    if (change.at)
        octets[change.at] = change.octet;
    tvb = captured_of(octets, change.captured ? change.captured : sizeof octets, sizeof octets);
    found = rtp_may_be(tvb, header);
    tvb_free(tvb);
    return found;
}

static bool
may_be_with(change_t change)
{
    rtp_header_t header;

    return may_be(change, &header);
}

static bool
may_be_of_type(uint8_t type)
{
    return may_be_with((change_t){.first = 0x80, .type = type});
}

static void
reads_the_header(void)
{
    rtp_header_t header;

    g_assert_true(may_be((change_t){.first = 0x80, .type = MARKED | 18}, &header));
    g_assert_cmpuint(header.payload_type, ==, 18);
    g_assert_cmpuint(header.sequence, ==, 0x1234);
    g_assert_cmpuint(header.timestamp, ==, 0x01020304);
    g_assert_cmpuint(header.ssrc, ==, 0x0a0b0c0d);
    g_assert_cmpuint(header.payload_offset, ==, HEADER);
    g_assert_cmpuint(header.payload_length, ==, 20);
    g_assert_false(may_be((change_t){.first = 0x40}, &header));
    g_assert_false(may_be((change_t){.first = 0x80, .captured = HEADER - 1}, &header));
    g_assert_true(may_be((change_t){.first = 0x80, .captured = HEADER}, &header));
}

/* RFC 3551 section 6, tables 4 and 5. */
static void
knows_the_payload_types(void)
{
    static const struct {
        uint8_t first, last;
    } assigned[] = {{0, 0}, {3, 18}, {25, 26}, {28, 28}, {31, 34}, {96, 127}};

    for (unsigned type = 0; type <= 127; type++) {
        bool expected = false;

        for (size_t i = 0; i < G_N_ELEMENTS(assigned); i++)
            expected = expected || (type >= assigned[i].first && type <= assigned[i].last);
        g_assert_true(may_be_of_type((uint8_t)type) == expected);
    }
}

static void
skips_sources_and_extension(void)
{
    rtp_header_t header;

    g_assert_true(may_be((change_t){.first = 0x80 | 2}, &header));
    g_assert_cmpuint(header.payload_offset, ==, HEADER + 8);
    g_assert_cmpuint(header.payload_length, ==, 12);
    g_assert_false(may_be((change_t){.first = 0x80 | 5}, &header));

    g_assert_true(may_be((change_t){0x80 | EXTENDED, 0, HEADER + 3, 2, 0}, &header));
    g_assert_cmpuint(header.payload_offset, ==, HEADER + 12);
    g_assert_cmpuint(header.payload_length, ==, 8);
    g_assert_false(may_be((change_t){0x80 | EXTENDED, 0, HEADER + 3, 4, 0}, &header));
    g_assert_false(may_be_with((change_t){0x80 | EXTENDED, 0, 0, 0, HEADER + 3}));
    g_assert_true(may_be_with((change_t){0x80 | EXTENDED, 0, 0, 0, HEADER + 4}));
}

static void
leaves_out_padding(void)
{
    const unsigned last = sizeof speech - 1;
    rtp_header_t header;

    g_assert_true(may_be((change_t){0x80 | PADDED, 0, last, 4, 0}, &header));
    g_assert_cmpuint(header.payload_length, ==, 16);
    g_assert_true(may_be((change_t){0x80 | PADDED, 0, last, 20, 0}, &header));
    g_assert_cmpuint(header.payload_length, ==, 0);
    g_assert_false(may_be_with((change_t){0x80 | PADDED, 0, last, 21, 0}));
    g_assert_false(may_be_with((change_t){0x80 | PADDED, 0, last, 0, 0}));
    /* It tells nothing of what is not padded, and is not there in what was cut. */
    g_assert_true(may_be_with((change_t){0x80, PADDED | 64, last, 21, 0}));
    g_assert_true(may_be((change_t){0x80 | PADDED, 0, last, 21, last}, &header));
    g_assert_cmpuint(header.payload_length, ==, 20);
}

static carries_t
carries(rtp_header_t header, uint8_t event, uint8_t flags)
{
    const uint8_t octets[] = {event, flags, 0, 0};
    tvbuff_t *tvb = captured_of(octets, sizeof octets, sizeof octets);
    carries_t found = rtp_carries(tvb, &header, "g729", 101);

    tvb_free(tvb);
    return found;
}

/* RFC 4733 section 2.3. */
static void
tells_events_from_media(void)
{
    rtp_header_t header = {.payload_type = 96, .payload_length = 4};

    g_assert_cmpint(carries(header, 16, 0x8a), ==, CARRIES_EVENT);
    g_assert_cmpint(carries(header, 17, 0x8a), ==, CARRIES_MEDIA);
    g_assert_cmpint(carries(header, 16, 0x40), ==, CARRIES_MEDIA);
    header.payload_type = 101;
    g_assert_cmpint(carries(header, 16, 0x8a), ==, CARRIES_MEDIA);
    header.payload_type = 95;
    g_assert_cmpint(carries(header, 16, 0x8a), ==, CARRIES_MEDIA);
    header = (rtp_header_t){.payload_type = 96, .payload_length = 3};
    g_assert_cmpint(carries(header, 16, 0x8a), ==, CARRIES_MEDIA);
    header = (rtp_header_t){.payload_type = 13, .payload_length = 4};
    g_assert_cmpint(carries(header, 16, 0x8a), ==, CARRIES_NOISE);
    header.payload_length = 0;
    g_assert_cmpint(carries(header, 16, 0x8a), ==, CARRIES_NOTHING);
}

/* A datagram of 32 octets that begins so. */
static bool
is_beside(uint8_t first, uint8_t second, uint16_t length, uint32_t cookie)
{
    uint8_t octets[32] = {first,
                          second,
                          (uint8_t)(length >> 8),
                          (uint8_t)length,
                          (uint8_t)(cookie >> 24),
                          (uint8_t)(cookie >> 16),
                          (uint8_t)(cookie >> 8),
                          (uint8_t)cookie};
    tvbuff_t *tvb = captured_of(octets, sizeof octets, sizeof octets);
    bool found = rtp_is_beside_media(tvb);

    tvb_free(tvb);
    return found;
}

static void
knows_what_shares_the_ports(void)
{
    const uint8_t short_one[7] = {0x80};
    tvbuff_t *tvb = captured_of(short_one, sizeof short_one, sizeof short_one);

    g_assert_true(rtp_is_beside_media(tvb));
    tvb_free(tvb);
    g_assert_false(is_beside(0x80, 0, 0, 0));
    /* STUN with its cookie, or by its length as RFC 3489 had it; ZRTP. */
    g_assert_true(is_beside(0, 1, 0, 0x2112a442));
    g_assert_true(is_beside(0x10, 0, 0, 0x5a525450));
    g_assert_true(is_beside(0, 1, 12, 0));
    g_assert_true(is_beside(1, 1, 12, 0));
    g_assert_false(is_beside(2, 1, 12, 0));
    g_assert_false(is_beside(1, 1, 13, 0));
    /* DTLS. */
    g_assert_true(is_beside(20, 0xfe, 0, 0));
    g_assert_true(is_beside(63, 0xfe, 0, 0));
    g_assert_false(is_beside(20, 0xfd, 0, 0));
    g_assert_false(is_beside(19, 0xfe, 0, 0));
    g_assert_false(is_beside(64, 0xfe, 0, 0));
    /* A receiver report that fills the datagram. */
    g_assert_true(is_beside(0x81, 201, 7, 1));
    g_assert_false(is_beside(0x81, 202, 7, 1));
    g_assert_false(is_beside(0x81, 201, 6, 1));
}

static bool
has_version(uint8_t first)
{
    tvbuff_t *tvb = captured_of(&first, 1, 1);
    bool has = rtp_has_version(tvb, 0);

    g_assert_true(rtp_may_begin(tvb) == has);
    g_assert_false(rtp_has_version(tvb, 1));
    tvb_free(tvb);
    return has;
}

static void
tells_its_version(void)
{
    tvbuff_t *tvb = captured_of(speech, 0, sizeof speech);

    g_assert_true(has_version(0x80));
    g_assert_true(has_version(0xbf));
    g_assert_false(has_version(0x7f));
    g_assert_false(has_version(0xc0));
    g_assert_true(rtp_may_begin(tvb));
    g_assert_false(rtp_has_version(tvb, 0));
    tvb_free(tvb);
}

/* A report of RTCP, of a length and about so many sources, the first of them that of a call's
 * stream. */
static void
take_in(source_t *source, uint8_t count, uint8_t type, size_t captured)
{
    static const uint8_t block[24] = {0, 0, 0x10, 0,   64, 0xff, 0xff, 0xfe, 0, 0, 0,    110,
                                      0, 0, 0,    160, 0,  0,    0,    0,    0, 0, 0x80, 0};
    uint8_t octets[28 + sizeof block] = {(uint8_t)(0x80 | count), type};
    const unsigned at = type == 200 ? 28 : 8;
    const packet_info pinfo = {.num = 50};
    tvbuff_t *tvb;

    octets[3] = (uint8_t)((at + sizeof block) / 4 - 1);
    memcpy(octets + at, block, sizeof block);
    tvb = captured_of(octets, captured ? captured : at + sizeof block, at + sizeof block);
    rtp_take_in_reports(tvb, source->session, SIDE_CALLEE, &pinfo);
    tvb_free_chain(tvb);
}

static void
takes_in_reports(void)
{
    source_t source = source_of(call_up(), SSRC);

    send_many(&source, 10);
    take_in(&source, 1, 202, 0);
    take_in(&source, 1, 201, 31);
    g_assert_cmpuint(stream_of(&source)->reports, ==, 0);
    take_in(&source, 1, 201, 0);
    g_assert_cmpuint(stream_of(&source)->reports, ==, 1);
    g_assert_cmpint(stream_of(&source)->latest.lost, ==, -2);
    g_assert_cmpuint(stream_of(&source)->latest.highest, ==, 110);
    g_assert_cmpuint(stream_of(&source)->latest.jitter, ==, 160);
    take_in(&source, 1, 200, 0);
    g_assert_cmpuint(stream_of(&source)->reports, ==, 2);
}

/* Whoever reports on nothing gets nothing. */
static void
takes_in_empty_reports(void)
{
    source_t source = source_of(call_up(), SSRC);

    send_many(&source, 10);
    take_in(&source, 1, 201, 0);
    g_assert_true(streams_are_reported(source.session, SIDE_CALLEE));
    g_assert_cmpuint(source.session->empty_reports[SIDE_CALLEE], ==, 0);
    take_in(&source, 0, 201, 0);
    g_assert_cmpuint(source.session->empty_reports[SIDE_CALLEE], ==, 1);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rtp/reads_the_header", reads_the_header);
    g_test_add_func("/rtp/knows_the_payload_types", knows_the_payload_types);
    g_test_add_func("/rtp/skips_sources_and_extension", skips_sources_and_extension);
    g_test_add_func("/rtp/leaves_out_padding", leaves_out_padding);
    g_test_add_func("/rtp/tells_events_from_media", tells_events_from_media);
    g_test_add_func("/rtp/knows_what_shares_the_ports", knows_what_shares_the_ports);
    g_test_add_func("/rtp/tells_its_version", tells_its_version);
    g_test_add_func("/rtp/takes_in_reports", takes_in_reports);
    g_test_add_func("/rtp/takes_in_empty_reports", takes_in_empty_reports);
    return g_test_run();
}
