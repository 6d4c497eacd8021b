/* readers.h
 * The readers, a coding each: bytes in, a message_t out, and what is shown of the
 * bytes themselves. They know of no call.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_READERS_H
#define MSICCP_READERS_H

#include "readers/h225.h"
#include "readers/h245.h"
#include "readers/native.h"
#include "readers/opaque.h"
#include "readers/ras.h"

/* Registers their fields, and the preferences of the native layout. */
void readers_register(module_t *module);

/* Called when the fields and dissectors of all protocols are registered. */
void readers_handoff(void);

#endif
