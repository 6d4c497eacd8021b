/* places.h
 * Transport addresses, and the sessions that announced them: by address and by
 * frame, since addresses are used again. Written in the first pass only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_PLACES_H
#define MSICCP_PLACES_H

#include "media/joined.h"
#include "session/session.h"

#include <epan/prefs.h>

/* A transport address, announced by a side of a session. */
typedef struct announcement {
    session_t *session;
    struct announcement *earlier; /* of the same address; NULL: there is none */
    const char *codec;            /* NULL: none, or several in this frame */
    uint32_t frame;
    side_t side : 8;
    link_t link : 8;
    channel_t channel : 8; /* of media that was found, and of data */
    content_t content : 8;
    uint8_t payload_type; /* dynamic, of that codec; 0: none */
    bool is_rtcp;         /* of media: it is for RTCP rather than RTP */
    bool is_found;        /* by the packet of this frame, rather than named in a message */
    bool is_expected;     /* beside RTP that was found so: nothing has come there yet */
} announcement_t;

/* Kept some eight times a call. */
G_STATIC_ASSERT(sizeof(announcement_t) <= 40);

void places_register(module_t *module);

/* What the user wants: see the preference link_media. */
bool places_are_linked(void);

/* Transport addresses, each with its announcements; emptied with each file. */
extern wmem_map_t *places_of_media;
extern wmem_map_t *places_of_h245;
extern wmem_map_t *places_advertised;
extern wmem_map_t *places_of_data; /* of T.120, and of T.38 over TCP */

/* This address is announced in this frame; the rest of what is returned is the caller's to fill. */
announcement_t *places_announce(wmem_map_t *places, session_t *session, side_t side, uint32_t frame,
                                const address *addr, uint32_t port);

/* The latest announcement of an address up to a frame; NULL: none. */
const announcement_t *places_announced(wmem_map_t *places, const address *addr, uint32_t port,
                                       uint32_t frame);

/* The latest announcement of an address by this session up to a frame; NULL: none. */
const announcement_t *places_announced_by(wmem_map_t *places, const session_t *session,
                                          const address *addr, uint32_t port, uint32_t frame);

/* What was agreed on for a place, for a packet that goes there; and whose it is besides. */
void places_take_over(joined_t *joined, const announcement_t *announcement);
void places_join(joined_t *joined, const announcement_t *announcement);

/* The side of a session that this host is; fallback: it is neither's. */
side_t places_side_of(const session_t *session, const address *addr, side_t fallback);

/* A frame that announces something for a session, as set-up frames of conversations name it. */
void places_remember_frame(session_t *session, uint32_t frame);
bool places_has_announced(const session_t *session, uint32_t frame);

/* The session that a frame announces something for; NULL: it is none, or several. */
session_t *places_only_session_of(uint32_t frame);

#endif
