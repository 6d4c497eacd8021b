/* text.h
 * Text of a capture as people are shown it. Whatever a capture calls itself goes
 * through here before it gets to a column, a label, a table or a window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_TEXT_H
#define MSICCP_TEXT_H

#include "common/compat.h"

/*
 * The same text, with every character escaped that is not printable: control
 * characters, which can steer the terminal that shows them, and what changes the
 * direction of writing. NULL stays NULL. Lives in the scope, which may be NULL.
 */
char *text_shown(wmem_allocator_t *scope, const char *text);

/* The same as a JSON string with its quotes, to be freed with g_free(); never NULL. */
char *text_json(const char *text);

#endif
