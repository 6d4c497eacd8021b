/* vocabulary.h
 * The words that every room shares: see docs/PROTOCOL.md, "Words".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_VOCABULARY_H
#define MSICCP_VOCABULARY_H

#include "common/compat.h"
#include "common/findings.h"

/*
 * Zero is no word of any enumeration that a record shows: what nobody has told is not told by
 * default. Fields have the numbers that they always had, from 0 on: see vocabulary_number().
 */

/* How the control messages are written. */
typedef enum {
    CODING_NOT_TOLD,
    CODING_H225,    /* TPKT, Q.931, H.225.0 */
    CODING_RAS,     /* H.225.0 RAS over UDP */
    CODING_NATIVE,  /* a layout that the user described */
    CODING_OPAQUE,  /* none of these */
    CODING_FOREIGN, /* another protocol */
    CODING_COUNT,
} coding_t;

/* What a control message does to the call. */
typedef enum {
    EVENT_REQUEST,
    EVENT_PROCEEDING,
    EVENT_RINGING,
    EVENT_ACCEPT,
    EVENT_REJECT,
    EVENT_MEDIA,
    EVENT_RELEASE,
    EVENT_OTHER,
    EVENT_HOLD,   /* H.245: the sender wants no media for now */
    EVENT_RESUME, /* and again */
    EVENT_COUNT,
} event_t;

/* Where the call stands. */
typedef enum {
    STATE_NOT_TOLD,
    STATE_REQUESTED,
    STATE_PROCEEDING,
    STATE_RINGING,
    STATE_ANSWERED,
    STATE_MEDIA,
    STATE_RELEASED,
    STATE_REJECTED,
    STATE_ABANDONED,
    STATE_COUNT,
} state_t;

/* Which part of the session a frame belongs to. */
typedef enum {
    CHANNEL_CONTROL,
    CHANNEL_H245,
    CHANNEL_RTP,
    CHANNEL_RTCP,
    CHANNEL_T38,
    CHANNEL_T120,
    CHANNEL_COUNT,
} channel_t;

/* What a logical channel carries. */
typedef enum {
    CONTENT_UNKNOWN,
    CONTENT_AUDIO,
    CONTENT_VIDEO,
    CONTENT_T38,
    CONTENT_T120,
    CONTENT_OTHER_DATA,
    CONTENT_COUNT,
} content_t;

/* How a stream came to be joined to its session. */
typedef enum {
    LINK_NOT_TOLD,
    LINK_NEGOTIATED,
    LINK_ADVERTISED,
    LINK_OBSERVED,
} link_t;

/* How a call ended. */
typedef enum {
    OUTCOME_NOT_TOLD, /* the call goes on, or its beginning is not in the capture */
    OUTCOME_ANSWERED,
    OUTCOME_BUSY,
    OUTCOME_REJECTED,
    OUTCOME_NO_ANSWER,
    OUTCOME_CANCELLED,
    OUTCOME_FAILED,
    OUTCOME_INCOMPLETE,
} outcome_t;

/* How the call went for the two people. */
typedef enum {
    VERDICT_NOT_TOLD, /* the call goes on */
    VERDICT_GOOD,
    VERDICT_NO_AUDIO,
    VERDICT_NO_AUDIO_TO_CALLER,
    VERDICT_NO_AUDIO_TO_CALLEE,
    VERDICT_POOR,
    VERDICT_NOT_CONNECTED,
    VERDICT_UNKNOWN, /* the capture cannot tell */
} verdict_t;

/* Where an endpoint stands with a gatekeeper. */
typedef enum {
    REGISTRATION_NOT_TOLD,
    REGISTRATION_REGISTERED,
    REGISTRATION_REFUSED,
    REGISTRATION_UNREGISTERED,
    REGISTRATION_UNANSWERED,
} registration_state_t;

/* The two ends of a call; the caller is the one that asked for it. */
typedef enum {
    SIDE_CALLER,
    SIDE_CALLEE,
    SIDE_COUNT,
} side_t;

/* What nothing but guessing tells says so. */
#define INFERRED " (inferred)"

extern const value_string coding_vals[];
extern const value_string event_vals[];
extern const value_string state_vals[];
extern const value_string channel_vals[];
extern const value_string link_vals[];
extern const value_string outcome_vals[];
extern const value_string verdict_vals[];
extern const value_string registration_vals[];

/* The number that a field shows for a value of an enumeration that has a zero for "not told". */
static inline uint32_t
vocabulary_number(unsigned value)
{
    return value - 1;
}

/* Its word, of the field's table; NULL: not told. Static. */
const char *vocabulary_word(unsigned value, const value_string *words);

/* The same, or what is said where it is not told. */
const char *vocabulary_word_or(unsigned value, const value_string *words, const char *not_told);

#endif
