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

void show_register(void);

/* A control message; step may be NULL where the first pass left none. */
void show_control(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, const message_t *message,
                  const step_t *step);

/* An H.245 message on a connection of its own. */
void show_h245(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, const step_t *step);

/* An RTP or RTCP packet. */
void show_media(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, const joined_t *joined);

/*
 * A payload of another protocol; is_first: of its connection. Shown once a frame;
 * false: it has been before.
 */
bool show_foreign(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const char *name,
                  bool is_first);

/* Bytes that are no message. */
void show_unknown(tvbuff_t *tvb, packet_info *pinfo, proto_item *item, bool malformed);

/*
 * The info column begins with what the message does and goes on with what the
 * dissector that it was handed to said; so the column is begun before and
 * finished after that one. Messages that share a packet share its column. Returns
 * the text that other messages have left there, for show_info_finish().
 */
const char *show_info_begin(packet_info *pinfo);
void show_info_finish(packet_info *pinfo, const char *before, const message_t *message,
                      const step_t *step);

#endif
