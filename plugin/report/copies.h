/* copies.h
 * Packets of an RTP stream that come again, as from a mirrored port or in and outside of a VLAN.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_COPIES_H
#define MSICCP_COPIES_H

#include "common/compat.h"

#include <epan/tap.h>

#include <epan/dissectors/packet-rtp.h>

/* So many of a stream's packets are kept to know copies of them by. */
#define PACKETS_KEPT 64

/* What a packet is known by when it comes again. */
typedef struct {
    uint32_t sequence;
    uint32_t timestamp;
    uint32_t length;
    uint32_t hash; /* of its bytes; 0: they are not all there */
} fingerprint_t;

/* Of one stream; all zero: nothing has come yet. */
typedef struct {
    uint32_t kept;   /* of the latest, ever */
    uint16_t newest; /* the sequence number that is ahead of all others */
    uint32_t count;  /* packets that had been seen before */
    fingerprint_t latest[PACKETS_KEPT];
} copies_t;

/* True for a packet that is one of the latest again, which is counted. */
bool copies_add(copies_t *copies, const struct _rtp_info *info);

#endif
