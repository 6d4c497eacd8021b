/* findings.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/findings.h"

#define FINDING_WORD(bit, word, group, severity, text) [FINDING_##bit] = (word),

const char *
finding_word(finding_t finding)
{
    static const char *const words[] = {MSICCP_FINDINGS(FINDING_WORD)};

    return words[finding];
}
