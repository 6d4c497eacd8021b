/* explain.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/explain.h"

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
        g_string_append_printf(text, "%s %u", i ? "," : "", evidence->frames[i]);
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
