/* admission.h
 * RAS: which request an answer answers, and the calls that a gatekeeper was asked
 * to admit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_ADMISSION_H
#define MSICCP_ADMISSION_H

#include "session/call.h"

void admission_register(void);

/* First pass only: what this RAS message does. Never NULL. */
step_t *session_ras(const packet_info *pinfo, const message_t *message);

/* First pass only: a RAS message of this type and number answers a request that was seen. */
bool admission_has_request(const packet_info *pinfo, uint8_t type, uint16_t number);

/* First pass only: the two hosts of this packet are known to exchange RAS. */
bool admission_are_speakers(const packet_info *pinfo);

#endif
