/* capabilities.h
 * What the ends say in H.245 that they are capable of, and what they do not accept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CAPABILITIES_H
#define MSICCP_CAPABILITIES_H

#include "session/call.h"

/* First pass only: what the message says of H.245. */
void capabilities_learn(step_t *step, const packet_info *pinfo, const message_t *message);

/* Both ends have said what audio they are capable of. */
bool capabilities_are_known(const session_t *session);

#endif
