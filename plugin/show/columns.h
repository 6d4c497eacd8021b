/* columns.h
 * The protocol and info columns of control messages.
 *
 * The info column begins with what the message does and goes on with what the
 * dissector that it was handed to said. That one clears and writes the column as
 * if it were alone there; so the column is read back when it is done, and written
 * anew. It is begun before and finished after that dissector, and since messages
 * that share a packet share its column, what the others left there is kept behind
 * a fence.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_COLUMNS_H
#define MSICCP_COLUMNS_H

#include "session/session.h"

/* Returns the text that other messages have left in the info column, for columns_finish(). */
const char *columns_begin(packet_info *pinfo);

/* Step may be NULL. */
void columns_finish(packet_info *pinfo, const char *before, const message_t *message,
                    const step_t *step);

/* "request near -> 1000": what the message does, or, where that is not known, what it is. */
const char *columns_event(wmem_allocator_t *scope, const message_t *message, const step_t *step);

#endif
