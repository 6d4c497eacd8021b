/* capabilities.c
 *
 * Rejections: ITU-T H.245 sections 7.2.4 (master and slave), 7.3.6 (capability sets) and
 * 7.4.3 (logical channels).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/capabilities.h"

#include "readers/codecs.h"

/* An end can add to its set again and again. */
#define MOST_CODECS 64

static unsigned
count_of(const wmem_array_t *codecs)
{
    return codecs ? wmem_array_get_count((wmem_array_t *)(uintptr_t)codecs) : 0;
}

static const char *
codec_at(const wmem_array_t *codecs, unsigned i)
{
    return *(const char **)wmem_array_index((wmem_array_t *)(uintptr_t)codecs, i);
}

static bool
is_same(const char *one, const char *other)
{
    size_t length = codec_family(one);

    return length == codec_family(other) && strncmp(one, other, length) == 0;
}

static bool
has_codec(const wmem_array_t *codecs, const char *codec)
{
    for (unsigned i = 0; i < count_of(codecs); i++) {
        if (is_same(codec_at(codecs, i), codec))
            return true;
    }
    return false;
}

/* The name does not tell which codec it is. */
static bool
is_unnamed(const char *codec)
{
    return codec_is_generic(codec) || strcmp(codec, "nonStandard") == 0;
}

static void
keep_audio(session_t *session, side_t side, const packet_info *pinfo, const message_t *message)
{
    capabilities_t *capabilities = &session->capabilities[side];

    if (!capabilities->audio) {
        capabilities->audio = wmem_array_new(wmem_file_scope(), sizeof(const char *));
        capabilities->frame = pinfo->num;
    }
    for (unsigned i = 0; i < count_of(message->audio_codecs); i++) {
        const char *codec = codec_at(message->audio_codecs, i);

        if (!has_codec(capabilities->audio, codec) && count_of(capabilities->audio) < MOST_CODECS)
            wmem_array_append_one(capabilities->audio, codec);
    }
}

bool
capabilities_are_known(const session_t *session)
{
    return count_of(session->capabilities[SIDE_CALLER].audio) > 0 &&
           count_of(session->capabilities[SIDE_CALLEE].audio) > 0;
}

/* Of what is not named, such as non-standard audio, it is not known that it is not shared. */
static bool
may_share_audio(const session_t *session)
{
    const wmem_array_t *caller = session->capabilities[SIDE_CALLER].audio;
    const wmem_array_t *callee = session->capabilities[SIDE_CALLEE].audio;

    for (unsigned i = 0; i < count_of(caller); i++) {
        if (is_unnamed(codec_at(caller, i)) || has_codec(callee, codec_at(caller, i)))
            return true;
    }
    for (unsigned i = 0; i < count_of(callee); i++) {
        if (is_unnamed(codec_at(callee, i)))
            return true;
    }
    return false;
}

static char *
names_of(const wmem_array_t *codecs)
{
    wmem_strbuf_t *text = wmem_strbuf_new(wmem_file_scope(), "");

    for (unsigned i = 0; i < count_of(codecs); i++) {
        const char *name = codec_commonly(codec_at(codecs, i));

        if (!strstr(wmem_strbuf_get_str(text), name))
            wmem_strbuf_append_printf(text, "%s%s", wmem_strbuf_get_len(text) ? ", " : "", name);
    }
    return wmem_strbuf_finalize(text);
}

static void
compare(step_t *step, const packet_info *pinfo)
{
    session_t *session = step->session;
    const capabilities_t *caller = &session->capabilities[SIDE_CALLER];
    const capabilities_t *callee = &session->capabilities[SIDE_CALLEE];
    const char *seen;

    if (!capabilities_are_known(session) || may_share_audio(session))
        return;
    step->findings |= FINDING_BIT(FINDING_NO_COMMON_CODEC);
    seen = wmem_strdup_printf(wmem_file_scope(),
                              "the caller can do %s, the callee %s, and they have none in common",
                              names_of(caller->audio), names_of(callee->audio));
    evidence_add(&session->evidence, FINDING_NO_COMMON_CODEC, SIDE_COUNT,
                 MIN(caller->frame, callee->frame), seen);
    evidence_add(&session->evidence, FINDING_NO_COMMON_CODEC, SIDE_COUNT, pinfo->num, seen);
}

static const char *
rejected_words(rejected_t rejected)
{
    switch (rejected) {
    case REJECTED_CHANNEL:
        return "a channel that the other end wanted to open";
    case REJECTED_CAPABILITIES:
        return "the other end's capability set";
    default:
        return "who is to be master and who slave";
    }
}

/* Media of a channel would go to who rejects it. */
static void
note_rejection(step_t *step, const packet_info *pinfo, const message_t *message)
{
    session_t *session = step->session;

    if (message->rejected == REJECTED_NOTHING)
        return;
    step->findings |= FINDING_BIT(FINDING_CHANNEL_REJECTED);
    evidence_add(&session->evidence, FINDING_CHANNEL_REJECTED, step->sender, pinfo->num,
                 wmem_strdup_printf(wmem_file_scope(), "the %s rejected %s%s%s",
                                    step->sender == SIDE_CALLER ? "caller" : "callee",
                                    rejected_words(message->rejected),
                                    message->rejected_for ? ": " : "",
                                    message->rejected_for ? message->rejected_for : ""));
}

static bool
opens_audio(const message_t *message)
{
    for (unsigned i = 0; i < count_of(message->opened); i++) {
        const opened_channel_t *opened = wmem_array_index(message->opened, i);

        if (opened->content == CONTENT_AUDIO)
            return true;
    }
    return false;
}

void
capabilities_learn(step_t *step, const packet_info *pinfo, const message_t *message)
{
    session_t *session = step->session;

    session->h245.is_carried |= message->carries_h245;
    session->h245.is_ended |= message->ends_h245;
    if (message->has_h245_address && !session->h245.announced)
        session->h245.announced = pinfo->num;
    session->fast_started |= message->has_fast_start && step->sender == SIDE_CALLEE;
    session->audio_opened |= opens_audio(message);
    if (message->audio_codecs) {
        keep_audio(session, step->sender, pinfo, message);
        compare(step, pinfo);
    }
    note_rejection(step, pinfo, message);
}
