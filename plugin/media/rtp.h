/* rtp.h
 * Reads the headers of RTP and RTCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_RTP_H
#define MSICCP_RTP_H

#include "session/streams.h"

#define RTP_TYPE_OF_RTCP 64 /* the first that it could be mistaken for */

/* True for what can be RTP, with all that its header announces. */
bool rtp_may_be(tvbuff_t *tvb, rtp_header_t *header);

/* The header of what is known to be RTP; false: it is not all there. */
bool rtp_header(tvbuff_t *tvb, rtp_header_t *header);

/*
 * Wireshark takes it for RTP whatever comes behind the header: a dynamic type may be another
 * protocol's, and the others from 64 on are those of RTCP (RFC 5761 section 4).
 */
static inline bool
rtp_is_certain(const rtp_header_t *header)
{
    return header->payload_type < RTP_TYPE_OF_RTCP;
}

/* RTP and RTCP begin so (RFC 3550 sections 5.1 and 6.4.1). */
bool rtp_has_version(tvbuff_t *tvb, int offset);

/*
 * False for what is not RTP, since it has another version: Wireshark 4.4 and later take that for
 * something to do with RTP nevertheless.
 */
bool rtp_may_begin(tvbuff_t *tvb);

/* What it carries; a dynamic type that the signalling has named for a codec is that, NULL: none is.
 */
carries_t rtp_carries(tvbuff_t *tvb, const rtp_header_t *header, const char *codec,
                      uint8_t payload_type);

/* Its payload is known to be silence. */
bool rtp_is_silence(tvbuff_t *tvb, const rtp_header_t *header);

/* What shares its ports with RTP, as its first octets say: STUN, ZRTP, DTLS (RFC 7983 section 7),
 * or is RTCP. */
bool rtp_is_beside_media(tvbuff_t *tvb);

/* True for RTCP packets, the first of them a report, that fill the datagram. */
bool rtp_is_rtcp(tvbuff_t *tvb);

/* The sources that the first report of RTCP is by, and about; false: it is about none. */
uint32_t rtp_reporter(tvbuff_t *tvb);
bool rtp_reported(tvbuff_t *tvb, uint32_t *ssrc);

/* First pass only: what the reports of this RTCP by a side say of the session's streams. */
void rtp_take_in_reports(tvbuff_t *tvb, session_t *session, side_t reporter,
                         const packet_info *pinfo);

#endif
