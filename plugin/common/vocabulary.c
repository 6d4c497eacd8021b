/* vocabulary.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/vocabulary.h"

#define NUMBER(value) ((value)-1)

const value_string coding_vals[] = {
    {NUMBER(CODING_H225), "h225"},       {NUMBER(CODING_RAS), "ras"},
    {NUMBER(CODING_NATIVE), "native"},   {NUMBER(CODING_OPAQUE), "opaque"},
    {NUMBER(CODING_FOREIGN), "foreign"}, {0, NULL},
};

const value_string event_vals[] = {
    {EVENT_REQUEST, "request"},
    {EVENT_PROCEEDING, "proceeding"},
    {EVENT_RINGING, "ringing"},
    {EVENT_ACCEPT, "accept"},
    {EVENT_REJECT, "reject"},
    {EVENT_MEDIA, "media"},
    {EVENT_RELEASE, "release"},
    {EVENT_OTHER, "other"},
    {EVENT_HOLD, "hold"},
    {EVENT_RESUME, "resume"},
    {0, NULL},
};

const value_string state_vals[] = {
    {NUMBER(STATE_REQUESTED), "requested"},
    {NUMBER(STATE_PROCEEDING), "proceeding"},
    {NUMBER(STATE_RINGING), "ringing"},
    {NUMBER(STATE_ANSWERED), "answered"},
    {NUMBER(STATE_MEDIA), "media"},
    {NUMBER(STATE_RELEASED), "released"},
    {NUMBER(STATE_REJECTED), "rejected"},
    {NUMBER(STATE_ABANDONED), "abandoned"},
    {0, NULL},
};

const value_string channel_vals[] = {
    {CHANNEL_CONTROL, "control"},
    {CHANNEL_H245, "h245"},
    {CHANNEL_RTP, "rtp"},
    {CHANNEL_RTCP, "rtcp"},
    {CHANNEL_T38, "t38"},
    {CHANNEL_T120, "t120"},
    {0, NULL},
};

const value_string link_vals[] = {
    {NUMBER(LINK_NEGOTIATED), "negotiated"},
    {NUMBER(LINK_ADVERTISED), "advertised"},
    {NUMBER(LINK_OBSERVED), "observed"},
    {0, NULL},
};

const value_string outcome_vals[] = {
    {NUMBER(OUTCOME_ANSWERED), "answered"},     {NUMBER(OUTCOME_BUSY), "busy"},
    {NUMBER(OUTCOME_REJECTED), "rejected"},     {NUMBER(OUTCOME_NO_ANSWER), "no_answer"},
    {NUMBER(OUTCOME_CANCELLED), "cancelled"},   {NUMBER(OUTCOME_FAILED), "failed"},
    {NUMBER(OUTCOME_INCOMPLETE), "incomplete"}, {0, NULL},
};

const value_string registration_vals[] = {
    {NUMBER(REGISTRATION_REGISTERED), "registered"},
    {NUMBER(REGISTRATION_REFUSED), "refused"},
    {NUMBER(REGISTRATION_UNREGISTERED), "unregistered"},
    {NUMBER(REGISTRATION_UNANSWERED), "unanswered"},
    {0, NULL},
};

const value_string verdict_vals[] = {
    {NUMBER(VERDICT_GOOD), "good"},
    {NUMBER(VERDICT_NO_AUDIO), "no_audio"},
    {NUMBER(VERDICT_NO_AUDIO_TO_CALLER), "no_audio_to_caller"},
    {NUMBER(VERDICT_NO_AUDIO_TO_CALLEE), "no_audio_to_callee"},
    {NUMBER(VERDICT_POOR), "poor"},
    {NUMBER(VERDICT_NOT_CONNECTED), "not_connected"},
    {NUMBER(VERDICT_UNKNOWN), "unknown"},
    {0, NULL},
};

const char *
vocabulary_word(unsigned value, const value_string *words)
{
    return value ? try_val_to_str(vocabulary_number(value), words) : NULL;
}

const char *
vocabulary_word_or(unsigned value, const value_string *words, const char *not_told)
{
    const char *word = vocabulary_word(value, words);

    return word ? word : not_told;
}
