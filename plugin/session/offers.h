/* offers.h
 * What a message offers: addresses for media, and codecs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_OFFERS_H
#define MSICCP_OFFERS_H

#include "session/call.h"

/* First pass only: keeps what the message offers with its step and its session. */
void offers_keep(step_t *step, const packet_info *pinfo, const message_t *message);

#endif
