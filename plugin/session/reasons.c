/* reasons.c
 *
 * ReleaseCompleteReason: ITU-T H.225.0 annex H. Causes: ITU-T H.225.0 table 5.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/reasons.h"

#define NO_CAUSE 0

/* By the number of the reason. */
static const struct {
    const char *words;
    uint8_t cause;
} reasons[] = {
    {"no bandwidth", 34},
    {"gatekeeper resources", 47},
    {"unreachable destination", 3},
    {"destination rejection", 16},
    {"invalid revision", 88},
    {"no permission", 127},
    {"unreachable gatekeeper", 38},
    {"gateway resources", 42},
    {"bad format address", 28},
    {"adaptive busy", 41},
    {"in conference", 17},
    {"undefined reason", 31},
    {"facility call deflection", 16},
    {"security denied", 31},
    {"called party not registered", 20},
    {"caller not registered", 31},
    {"new connection needed", 47},
    {"nonstandard reason", 127},
    {"replace with conference invite", 31},
    {"generic data reason", 31},
    {"needed feature not supported", 31},
    {"tunnelled signalling rejected", 127},
    {"invalid CID", 3},
    {"security error", NO_CAUSE},
    {"hop count exceeded", NO_CAUSE},
};

static bool
is_known(int reason)
{
    return reason >= 0 && (size_t)reason < G_N_ELEMENTS(reasons);
}

const char *
reason_words(int reason)
{
    return is_known(reason) ? reasons[reason].words : NULL;
}

char *
reason_in_words(wmem_allocator_t *scope, const char *name)
{
    wmem_strbuf_t *words = wmem_strbuf_new(scope, "");

    for (; *name; name++) {
        if (g_ascii_isupper(*name) && wmem_strbuf_get_len(words))
            wmem_strbuf_append_c(words, ' ');
        wmem_strbuf_append_c(words, g_ascii_tolower(*name));
    }
    return wmem_strbuf_finalize(words);
}

bool
reason_cause(int reason, uint8_t *cause)
{
    if (!is_known(reason) || reasons[reason].cause == NO_CAUSE)
        return false;
    *cause = reasons[reason].cause;
    return true;
}
