/* packet_fields.h
 * What a program asks of each packet: -z msiccp,packet_fields,FIELD[,FIELD...]. A line a packet, as
 * it is read, for programs that go through millions of them: tshark's own -T fields makes a tree
 * that could be shown of every packet, this has no more of it than the fields that are asked for.
 *
 * A line is, with 0x1e between its parts and 0x1f between the values of one field:
 *
 *   TIME FRAME SOURCES DESTINATIONS TTL DSCP ID PORT PORT PAYLOAD VALUE...   a packet
 *   TIME FRAME                                                              UDP of no call
 *   @PACKED SOURCE PORT DESTINATION PORT SSRC SESSION                       RTP, or what may be
 *
 * TIME is in microseconds. Addresses are those of all IPv4 headers, or else of all of IPv6: an ICMP
 * error quotes one. TTL, DSCP and ID (IP's identification) are of the first, 0 where there is none.
 * Ports and payload are of UDP, and the latter, in hexadecimal digits, is told of messages and
 * reports alone.
 *
 * PACKED is, in hexadecimal digits and the lowest byte first: time (8 bytes), frame, SSRC,
 * timestamp, CRC of the first 40 octets of the payload (4 each; 0: it was not captured whole),
 * sequence number, IP's identification (2 each), TTL, DSCP, payload type and a zero (1 each).
 * SESSION is empty where no call is known.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_PACKET_FIELDS_H
#define MSICCP_PACKET_FIELDS_H

void packet_fields_register(void);

#endif
