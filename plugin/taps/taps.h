/* taps.h
 * What tap listeners are told: one record for each message or packet of a
 * session, and for each frame of another protocol on our ports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_TAPS_H
#define MSICCP_TAPS_H

#include "media/media.h"
#include "session/registration.h"
#include "session/session.h"

#define MSICCP_TAP "msiccp"

/* Where a packet comes from and goes to. There may be several in a frame, and what pinfo tells when
 * its taps are heard is of the last of them. */
typedef struct {
    address source;
    address destination;
    uint16_t source_port;
    uint16_t destination_port;
} tapped_ends_t;

/* Lives as long as the packet; what it points to, in file scope, unless said otherwise. */
typedef struct {
    channel_t channel;
    coding_t coding;
    const session_t *session;                /* NULL: it belongs to no call */
    const step_t *step;                      /* of a control or H.245 message; NULL otherwise */
    const joined_t *joined;                  /* of RTP and RTCP, packet scope; NULL otherwise */
    const tapped_ends_t *ends;               /* where there is joined; NULL otherwise */
    const note_t *note;                      /* of a frame that is only evidence; NULL otherwise */
    const registration_told_t *registration; /* that the message tells of; NULL otherwise */
    const char *foreign;                     /* the other protocol's name; NULL otherwise */
} tapped_t;

void taps_register(void);
void taps_handoff(void);

/* Before Wireshark's dissector gets an H.225.0 message; step: as far as it is known, or NULL. */
void taps_before_h225(packet_info *pinfo, const step_t *step);

/* The message with its framing. Step may be NULL, where there is none: that is not reported. */
void taps_control(packet_info *pinfo, tvbuff_t *tvb, const step_t *step);
void taps_h245(packet_info *pinfo, const step_t *step);

/*
 * Later passes, behind a TCP segment: whatever the first pass found in it is told, though TCP may
 * now show it otherwise, or not at all.
 */
void taps_again(packet_info *pinfo);

/* False: nobody hears what taps_media() tells. */
bool taps_hear_media(void);
void taps_media(packet_info *pinfo, const joined_t *joined);

void taps_evidence(packet_info *pinfo, const note_t *note);

/* The name must live as long as the packet. */
void taps_foreign(packet_info *pinfo, const char *name);

#endif
