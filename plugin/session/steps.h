/* steps.h
 * A step stays with its packet, and later passes find it there again.
 *
 * A frame can hold several messages, in several TCP segments and data sources,
 * so that no offset tells them apart: a step is found by where its message
 * stood and, among those that stood at the like places, by its turn. A later pass
 * may meet messages that the first one did not, and so find none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_STEPS_H
#define MSICCP_STEPS_H

#include "session/session.h"

/* What a message is read as. What one dissector kept, another does not find. */
typedef enum {
    KEPT_CONTROL,
    KEPT_H245,
    KEPT_RAS,
} kept_as_t;

/* First pass only: keeps the step of the message that begins at this offset of its data source. */
void step_keep(packet_info *pinfo, kept_as_t as, uint32_t offset, bool is_reassembled,
               step_t *step);

/* Later passes: the step of the next such message of this packet; NULL: there is none. */
step_t *step_find(packet_info *pinfo, kept_as_t as, uint32_t offset, bool is_reassembled);

/* The same, without going on to the next. */
step_t *step_peek(packet_info *pinfo, kept_as_t as, uint32_t offset, bool is_reassembled);

#endif
