/* findings.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/findings.h"

typedef struct {
    const char *word;
    const char *text;
    const char *cause;
} words_t;

#define FINDING_WORDS(bit, word, group, severity, text, cause)                                     \
    [FINDING_##bit] = {(word), (text), (cause)},

static const words_t words[FINDING_COUNT] = {MSICCP_FINDINGS(FINDING_WORDS)};

const char *
finding_word(finding_t finding)
{
    return words[finding].word;
}

const char *
finding_text(finding_t finding)
{
    return words[finding].text;
}

const char *
finding_cause(finding_t finding)
{
    return words[finding].cause;
}
