/* explain.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/explain.h"

/* What the two notice; NULL: nothing, or that is not known. */
static const char *
effect_of(verdict_t verdict)
{
    switch (verdict) {
    case VERDICT_NO_AUDIO:
        return "No audio either way";
    case VERDICT_NO_AUDIO_TO_CALLER:
        return "No audio to the caller";
    case VERDICT_NO_AUDIO_TO_CALLEE:
        return "No audio to the callee";
    case VERDICT_POOR:
        return "Poor audio";
    case VERDICT_NOT_CONNECTED:
        return "Not connected";
    default:
        return NULL;
    }
}

/* What concerns media to the other side does not explain what this one lacks. */
static bool
explains(verdict_t verdict, const evidence_t *evidence)
{
    bool is_of_media =
        evidence->finding == FINDING_MEDIA_UNREACHABLE || evidence->finding == FINDING_NO_CHANNEL;

    if (!effect_of(verdict) || !verdict_can_be_decided_by(evidence->finding))
        return false;
    return !is_of_media ||
           !((verdict == VERDICT_NO_AUDIO_TO_CALLER && evidence->about == SIDE_CALLEE) ||
             (verdict == VERDICT_NO_AUDIO_TO_CALLEE && evidence->about == SIDE_CALLER));
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

char *
explain(verdict_t verdict, const evidence_t *evidence)
{
    GString *text = g_string_new(NULL);

    if (explains(verdict, evidence))
        g_string_append_printf(text, "%s: %s", effect_of(verdict),
                               evidence->seen ? evidence->seen : finding_text(evidence->finding));
    else
        g_string_append_printf(text, "%s",
                               evidence->seen ? evidence->seen : finding_text(evidence->finding));
    text->str[0] = g_ascii_toupper(text->str[0]);
    append_frames(text, evidence);
    g_string_append_printf(text, ". %s", finding_cause(evidence->finding));
    return g_string_free(text, FALSE);
}
