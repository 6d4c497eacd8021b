/* vocabulary.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/vocabulary.h"

const value_string coding_vals[] = {
    {CODING_H225, "h225"},     {CODING_RAS, "ras"},         {CODING_NATIVE, "native"},
    {CODING_OPAQUE, "opaque"}, {CODING_FOREIGN, "foreign"}, {0, NULL},
};

const value_string event_vals[] = {
    {EVENT_REQUEST, "request"}, {EVENT_PROCEEDING, "proceeding"}, {EVENT_RINGING, "ringing"},
    {EVENT_ACCEPT, "accept"},   {EVENT_REJECT, "reject"},         {EVENT_MEDIA, "media"},
    {EVENT_RELEASE, "release"}, {EVENT_OTHER, "other"},           {0, NULL},
};

const value_string state_vals[] = {
    {STATE_REQUESTED, "requested"}, {STATE_PROCEEDING, "proceeding"}, {STATE_RINGING, "ringing"},
    {STATE_ANSWERED, "answered"},   {STATE_MEDIA, "media"},           {STATE_RELEASED, "released"},
    {STATE_REJECTED, "rejected"},   {STATE_ABANDONED, "abandoned"},   {0, NULL},
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
    {LINK_NEGOTIATED, "negotiated"},
    {LINK_ADVERTISED, "advertised"},
    {LINK_OBSERVED, "observed"},
    {0, NULL},
};

const value_string outcome_vals[] = {
    {OUTCOME_ANSWERED, "answered"},     {OUTCOME_BUSY, "busy"},
    {OUTCOME_REJECTED, "rejected"},     {OUTCOME_NO_ANSWER, "no_answer"},
    {OUTCOME_CANCELLED, "cancelled"},   {OUTCOME_FAILED, "failed"},
    {OUTCOME_INCOMPLETE, "incomplete"}, {0, NULL},
};

const value_string verdict_vals[] = {
    {VERDICT_GOOD, "good"},
    {VERDICT_NO_AUDIO, "no_audio"},
    {VERDICT_NO_AUDIO_TO_CALLER, "no_audio_to_caller"},
    {VERDICT_NO_AUDIO_TO_CALLEE, "no_audio_to_callee"},
    {VERDICT_POOR, "poor"},
    {VERDICT_NOT_CONNECTED, "not_connected"},
    {VERDICT_UNKNOWN, "unknown"},
    {0, NULL},
};
