/* show.h
 * Writes what is known of a session to the tree and to the columns. Holds no
 * state: it shows what the first pass fixed, in whatever pass it is asked to.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_SHOW_H
#define MSICCP_SHOW_H

#include "media/media.h"
#include "session/session.h"
#include "show/columns.h"

void show_register(void);

/* The protocol's own item, over all of these bytes. */
proto_item *show_protocol(tvbuff_t *tvb, proto_tree *tree);

/* A control message; step may be NULL where the first pass left none. */
void show_control(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, const message_t *message,
                  const step_t *step);

/* An H.245 message on a connection of its own. */
void show_h245(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, const step_t *step);

/* False: show_media() has nothing to show of this packet. */
bool show_has_media(packet_info *pinfo, proto_tree *root);

/* An RTP or RTCP packet. */
void show_media(tvbuff_t *tvb, packet_info *pinfo, proto_tree *root, const joined_t *joined);

/* The number in front of it where media is multiplexed. */
void show_multiplex_number(tvbuff_t *tvb, proto_tree *root);

/*
 * What a frame shows of a session, or of an attempt, that is no message and no media of it;
 * false: it is media, and show_media() shows it.
 */
bool show_note(tvbuff_t *tvb, packet_info *pinfo, proto_tree *root, const note_t *note);

/*
 * A payload of another protocol; is_first: of its connection. Shown once a frame;
 * false: it has been before.
 */
bool show_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *root, const char *name,
                  bool is_first);

/* Bytes that are no message. */
void show_unknown(tvbuff_t *tvb, packet_info *pinfo, proto_tree *root, bool malformed);

#endif
