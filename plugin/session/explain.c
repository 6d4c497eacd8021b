/* explain.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/explain.h"

#include "common/numbering.h"
#include "session/lacks.h"
#include "session/outcome.h"
#include "session/reasons.h"

#include <epan/dissectors/packet-isup.h>
#include <epan/to_str.h>

static const char *
silence_of(side_t about)
{
    switch (about) {
    case SIDE_CALLER:
        return "No audio to the caller";
    case SIDE_CALLEE:
        return "No audio to the callee";
    default:
        return "No audio either way";
    }
}

/* What is found of one direction says nothing of the other. */
static bool
is_of_one_direction(finding_t finding)
{
    return finding == FINDING_MEDIA_UNREACHABLE || finding == FINDING_NO_CHANNEL;
}

/* What the two notice by this; NULL: nothing, or that is not known. */
static const char *
effect_of(verdict_t verdict, const evidence_t *evidence)
{
    side_t deaf = verdict == VERDICT_NO_AUDIO_TO_CALLER ? SIDE_CALLER : SIDE_CALLEE;

    if (!verdict_can_be_decided_by(evidence->finding))
        return NULL;
    switch (verdict) {
    case VERDICT_NO_AUDIO:
        if (evidence->finding == FINDING_ONE_WAY_MEDIA)
            return NULL;
        return silence_of(is_of_one_direction(evidence->finding) ? evidence->about : SIDE_COUNT);
    case VERDICT_NO_AUDIO_TO_CALLER:
    case VERDICT_NO_AUDIO_TO_CALLEE:
        if (is_of_one_direction(evidence->finding) && evidence->about != deaf)
            return NULL;
        return silence_of(deaf);
    case VERDICT_POOR:
        return "Poor audio";
    case VERDICT_NOT_CONNECTED:
        return "Not connected";
    default:
        return NULL;
    }
}

static void
append_frames(GString *text, const evidence_t *evidence)
{
    uint32_t named = MIN(evidence->count, EVIDENCE_FRAMES);

    if (named == 0)
        return;
    g_string_append_printf(text, " (frame%s", evidence->count > 1 ? "s" : "");
    for (uint32_t i = 0; i < named; i++)
        g_string_append_printf(text, "%s %" PRIu64, i ? "," : "",
                               numbering_told(evidence->frames[i]));
    if (evidence->count > named)
        g_string_append_printf(text, " and %u more", evidence->count - named);
    g_string_append_c(text, ')');
}

/* Within a sentence, unless it is a name. */
static void
append_lower(GString *text, const char *sentence)
{
    if (g_ascii_islower(sentence[1]) || sentence[1] == ' ')
        g_string_append_printf(text, "%c%s", g_ascii_tolower(*sentence), sentence + 1);
    else
        g_string_append(text, sentence);
}

char *
explain(verdict_t verdict, const evidence_t *evidence)
{
    const char *effect = effect_of(verdict, evidence);
    char *sentence = evidence_sentence(NULL, evidence);
    GString *text = g_string_new(NULL);

    if (effect) {
        g_string_append_printf(text, "%s: ", effect);
        append_lower(text, sentence);
    } else {
        g_string_append(text, sentence);
    }
    append_frames(text, evidence);
    g_string_append_printf(text, ". %s", finding_cause(evidence->finding));
    wmem_free(NULL, sentence);
    return g_string_free(text, FALSE);
}

/* The host of a side, or what is known instead. */
static void
append_host(GString *text, const session_t *session, side_t side)
{
    const party_t *party = &session->parties[side];
    char *host = address_to_str(NULL, &party->addr);

    if (party->addr.type != AT_NONE)
        g_string_append(text, host);
    else
        g_string_append(text, side == SIDE_CALLER ? "The caller" : "The callee");
    wmem_free(NULL, host);
}

/* " (user busy, cause 17)": as far as the message that ended the call says. */
static void
append_cause(GString *text, const session_t *session)
{
    char *reason = session->reason == REASON_UNDEFINED ? NULL : call_reason(NULL, session);
    const char *cause =
        session->has_cause
            ? val_to_str_ext_const(session->cause, &q850_cause_code_vals_ext, "unknown")
            : NULL;

    if (reason && cause)
        g_string_append_printf(text, " (%s; %s, cause %u)", reason, cause, session->cause);
    else if (cause)
        g_string_append_printf(text, " (%s, cause %u)", cause, session->cause);
    else if (reason)
        g_string_append_printf(text, " (%s)", reason);
    wmem_free(NULL, reason);
}

static double
seconds_between(const moment_t *from, const moment_t *to)
{
    nstime_t span;

    nstime_delta(&span, &to->at, &from->at);
    return nstime_to_sec(&span);
}

static void
append_rejected(GString *text, const session_t *session)
{
    if (session->released_by_third)
        g_string_append(text, "The gatekeeper did not admit the call");
    else {
        append_host(text, session, SIDE_CALLEE);
        g_string_append(text, " rejected the call");
    }
    append_cause(text, session);
    g_string_append(text, session->forwarding ? ", and named another place to call." : ".");
}

static void
append_no_answer(GString *text, const session_t *session)
{
    append_host(text, session, session->released_by_caller ? SIDE_CALLER : SIDE_CALLEE);
    g_string_append(text, " gave up");
    if (session->ringing.frame)
        g_string_append_printf(text, " after %.0f s of ringing",
                               seconds_between(&session->ringing, &session->release));
    append_cause(text, session);
    g_string_append(text, ": nobody took the call.");
}

static void
append_failed(GString *text, const session_t *session)
{
    if (session->control_end && session->control_end->by) {
        g_string_append_printf(text,
                               "%s %s the control connection before the call was answered. A "
                               "program has failed, or a firewall does not let it go on.",
                               session->control_end->by,
                               session->control_end->by_reset ? "reset" : "closed");
        return;
    }
    if (session->control_end) {
        g_string_append(text, "The control connection went on to another call before this one was "
                              "answered. A program has failed, or the capture lacks something.");
        return;
    }
    append_host(text, session, session->released_by_caller ? SIDE_CALLER : SIDE_CALLEE);
    g_string_append(text, " ended the call for an error of protocol");
    append_cause(text, session);
    g_string_append(text, ". The two programs do not understand one another.");
}

static void
append_not_connected(GString *text, const session_t *session)
{
    switch (outcome_by_now(session)) {
    case OUTCOME_BUSY:
        append_host(text, session, SIDE_CALLEE);
        g_string_append(text, " is busy and did not take the call");
        append_cause(text, session);
        g_string_append(text, ". It is in another call, or one is still open there.");
        break;
    case OUTCOME_NO_ANSWER:
        append_no_answer(text, session);
        break;
    case OUTCOME_CANCELLED:
        append_host(text, session, SIDE_CALLER);
        g_string_append_printf(text,
                               " released the call itself after %.1f s, before it was answered",
                               seconds_between(&session->asked, &session->release));
        append_cause(text, session);
        g_string_append_c(text, '.');
        break;
    case OUTCOME_REJECTED:
        append_rejected(text, session);
        break;
    default:
        append_failed(text, session);
    }
}

/* What was seen of audio, where that is no verdict. */
static const char *
audio_seen(const session_t *session)
{
    bool to_caller = outcome_hears(session, SIDE_CALLER);
    bool to_callee = outcome_hears(session, SIDE_CALLEE);

    if (to_caller && to_callee)
        return "Audio was seen both ways.";
    if (to_caller)
        return "Audio was seen to the caller only.";
    return to_callee ? "Audio was seen to the callee only." : "No audio was seen.";
}

/* Why it is not known, and what to do to know it. */
static void
append_unknown(GString *text, const session_t *session)
{
    const char *seen = audio_seen(session);

    if (!outcome_is_about_audio(session))
        g_string_append(text,
                        "The two ends opened channels for fax or data only: there is no audio "
                        "to speak of.");
    else if (lacks_order(session, SIDE_CALLER) || lacks_order(session, SIDE_CALLEE))
        g_string_append_printf(text,
                               "Segments with its messages were captured out of order, and some "
                               "messages may not have been read. %s Switch on "
                               "tcp.reassemble_out_of_order to know how it went.",
                               seen);
    else if (session->coding == CODING_OPAQUE || session->coding == CODING_NATIVE)
        g_string_append_printf(text, "The messages do not tell whether the call was answered. %s",
                               seen);
    else if (outcome_by_now(session) == OUTCOME_INCOMPLETE)
        g_string_append_printf(text,
                               "The capture ends before the call. %s Capture all of it to know how "
                               "it went.",
                               session->answer.frame ? seen : "It was not answered until then.");
    else if (!session->begun)
        g_string_append_printf(text,
                               "The capture begins inside the call. %s Capture it from its "
                               "beginning to know how it went.",
                               seen);
    else
        g_string_append_printf(text,
                               "The capture cannot tell how the call went. %s Capture at the "
                               "other end too, and without a capture filter.",
                               seen);
}

/* What was heard of a good call may be nothing to hear. */
static void
append_silence(GString *text, const evidence_list_t *found)
{
    for (const evidence_t *evidence = found->first; evidence; evidence = evidence->next) {
        char *sentence;

        if (evidence->finding != FINDING_SILENT_MEDIA && evidence->finding != FINDING_MEDIA_ENDED)
            continue;
        sentence = evidence_sentence(NULL, evidence);
        g_string_append_printf(text, " %s.", sentence);
        wmem_free(NULL, sentence);
    }
}

static void
append_good(GString *text, const session_t *session, const evidence_list_t *found)
{
    if (outcome_heard(session, SIDE_CALLER) == HEARD_BY_RECEIVER &&
        outcome_heard(session, SIDE_CALLEE) == HEARD_BY_RECEIVER)
        g_string_append(text, "Audio went both ways, and both receivers report it.");
    else
        g_string_append(text, "Audio went both ways, as seen here. Only receivers' reports, or a "
                              "capture at the other end too, tell what arrived.");
    if (session->control_end && session->control_end->by_reset)
        g_string_append_printf(text, " %s reset the control connection in the midst of the call.",
                               session->control_end->by);
    append_silence(text, found);
}

char *
explain_call(const session_t *session, const judgement_t *judgement, const evidence_list_t *found)
{
    const evidence_t *evidence = verdict_evidence(judgement, found);
    GString *text;

    if (evidence)
        return explain(judgement->verdict, evidence);
    text = g_string_new(NULL);
    if (judgement->verdict == VERDICT_NOT_CONNECTED)
        append_not_connected(text, session);
    else if (judgement->verdict == VERDICT_GOOD)
        append_good(text, session, found);
    else
        append_unknown(text, session);
    return g_string_free(text, FALSE);
}
