/* steps.h
 * A step is what one message did. It is kept until the file is closed, and later passes
 * find it by its frame.
 *
 * A frame can hold several messages, in several TCP segments and data sources, so
 * that no offset tells them apart: a step is found by where its message stood and,
 * among those that stood at the like places, by its turn. A later pass may meet
 * messages that the first one did not, and so find none: whoever asks for a step
 * must be able to do without.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_STEPS_H
#define MSICCP_STEPS_H

#include "session/call.h"

/* What a message is read as: what one dissector kept, another does not find. */
typedef enum {
    READ_AS_CONTROL,
    READ_AS_H245,
    READ_AS_RAS,
} read_as_t;

/* Where a message stands in its packet. */
typedef struct {
    uint32_t offset; /* in its data source, bytes */
    read_as_t as : 8;
    unsigned is_reassembled : 1; /* that is of a TCP reassembly; no bool, as in media_offer_t */
} where_t;

void steps_register(void);

/* None is kept yet. */
void steps_begin_file(void);

/* First pass only: of a message of this session, which may be NULL. In file scope. */
step_t *step_new(session_t *session, side_t sender, const message_t *message);

/* First pass only: a message that has been seen before did nothing more. */
step_t *step_duplicate(const step_t *original, const packet_info *pinfo, const message_t *message);

/* First pass only: the step is done; it keeps what is known of the session by now. */
void step_conclude(step_t *step, const packet_info *pinfo);

/* First pass only: keeps it, without a session that is not known to be a call. */
void step_keep(const packet_info *pinfo, const where_t *where, step_t *step);

/* Later passes: the step of the next message there; NULL: there is none. */
step_t *step_find(packet_info *pinfo, const where_t *where);

/* The same, without going on to the next. */
step_t *step_peek(packet_info *pinfo, const where_t *where);

/*
 * Later passes, which may not meet the messages again that the first one did: calls tell for each
 * step of this packet's two ends in this frame, once however often it is asked.
 */
void steps_tell(packet_info *pinfo, void (*tell)(packet_info *, const step_t *, read_as_t));

/* The sessions that this packet has messages of, in their order; in packet scope. */
wmem_list_t *steps_sessions(const packet_info *pinfo);

#endif
