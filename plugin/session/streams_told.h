/* streams_told.h
 * What the streams of a call tell of it: what was lost, what was silent, what ended early.
 *
 * Reports: RFC 3550 section 6.4.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_STREAMS_TOLD_H
#define MSICCP_STREAMS_TOLD_H

#include "session/streams.h"

/* What the receiver says that it has lost, of 1; 0: nothing, or that cannot be told. */
double streams_reported_loss(const session_t *session, const watched_stream_t *stream);

/* Of one side, what its receiver says of loss covers most of the stream: it is to be believed. */
bool streams_are_told_by_receiver(const session_t *session, const watched_stream_t *stream);

/* Adds to the list what is to be said of each way of the audio: that it was silent, or ended. */
void streams_judge_audio(const session_t *session, const nstime_t *until, evidence_list_t *list,
                         uint32_t frame);

/* What came to a side was over before half of the call was. */
bool streams_cover_little(const session_t *session);

/* Adds to the list which streams have lost much, by their numbers or as their receivers say. */
void streams_judge(const session_t *session, evidence_list_t *list, uint32_t frame);

#endif
