/* reasons.h
 * Why a call was released, where H.225.0 says it: its ReleaseCompleteReason.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_REASONS_H
#define MSICCP_REASONS_H

#include "common/compat.h"

#include <wsutil/wmem/wmem.h>

#define REASON_IN_CONF 10
#define REASON_UNDEFINED 11

/* The reason in words; NULL: there is none, or one that is not known. Static. */
const char *reason_words(int reason);

/* A name of the specification, such as calledPartyNotRegistered, in words. */
char *reason_in_words(wmem_allocator_t *scope, const char *name);

/* The Q.850 cause that a reason stands for; false: none is given for it. */
bool reason_cause(int reason, uint8_t *cause);

#endif
