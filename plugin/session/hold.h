/* hold.h
 * Pauses of a call: an end that sends an empty capability set wants no media for now.
 *
 * ITU-T H.323 section 8.4.6.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_HOLD_H
#define MSICCP_HOLD_H

#include "session/call.h"

/* First pass only: what a message of a call that is up says of a pause; it can be the step's event.
 */
void hold_learn(step_t *step, const packet_info *pinfo, const message_t *message);

/* How long the call was held up to that moment. */
nstime_t hold_time(const session_t *session, const nstime_t *until);

#endif
