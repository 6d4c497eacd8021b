/* script.h
 * What a fuzzer's input is: a script of what hosts send, from which frames are made.
 *
 * A script is a byte of options (world.h) and any number of steps, each of them
 *
 *   0     what is sent (step_kind_t) in bits 0-2, and the STEP_ flags
 *   1     hosts: who sends in bits 4-7, to whom in bits 0-3
 *   2-3   source port
 *   4-5   destination port
 *   6     how long after the frame before: a unit in bits 5-7, how many of it in bits 0-4
 *   7     0, or bytes a TCP segment has; with bit 7, how many more than 64 bytes of a frame are
 * captured 8-9   length of the payload that follows
 *
 * with numbers in network byte order. Every sequence of bytes is a script: what is cut off is taken
 * as absent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FUZZ_SCRIPT_H
#define MSICCP_FUZZ_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include <wiretap/wtap.h>

#define STEP_HEADER 10
#define STEP_MAX_PAYLOAD 65400

typedef enum {
    SEND_TCP,
    SEND_UDP,
    SEND_SYN,
    SEND_SYN_ACK,
    SEND_FIN,
    SEND_RST,
    SEND_UNREACHABLE, /* an ICMP error that quotes the packet before, its code the first byte */
    SEND_AGAIN,       /* the packet before */
} step_kind_t;

#define STEP_KIND 0x07
#define STEP_SAME_FRAME 0x08 /* the next packet comes in the same frame, an A-MSDU */
#define STEP_IPV6 0x10
#define STEP_VLAN 0x20
#define STEP_BACK 0x40 /* TCP: it begins where the segment before began */
#define STEP_GAP 0x80  /* TCP: a byte is missing before it */

typedef struct {
    const uint8_t *header; /* STEP_HEADER bytes */
    const uint8_t *payload;
    unsigned length; /* bytes of payload */
} step_t;

/* As they are in a capture; the bytes are the frame's own. */
typedef struct {
    GByteArray *bytes;
    unsigned captured; /* bytes of them that are in the capture */
    bool wireless;     /* IEEE 802.11, else Ethernet */
    bool has_segment;  /* of TCP at a port of the plugin's */
    nstime_t at;
} frame_t;

/* The step at *position of the script, and moves behind it; false at the end. */
bool script_next(const uint8_t *script, size_t size, size_t *position, step_t *step);

/* Frames (frame_t *) that own themselves; unreferencing the array frees them. At most 1,000. */
GPtrArray *script_frames(const uint8_t *script, size_t size);

/* The same, of the beginning of the script, some 10 frames, again and again: by the same hosts,
 * with the same messages, on connections that are opened from another port each time. */
GPtrArray *script_rounds(const uint8_t *script, size_t size, unsigned rounds);

/* What Wireshark knows of the frame beside its bytes: interface 0 is Ethernet, 1 is wireless. */
wtap_rec script_record(const frame_t *frame);

#endif
