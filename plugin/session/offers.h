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

/* First pass only: what the channels carry that the message agrees on, and to whom. */
void offers_agree(const step_t *step, const message_t *message);

/* First pass only: is the caller where its request says that it is? */
void offers_compare_source(session_t *session, const packet_info *pinfo, const message_t *message);

/* What an end has opened by that number of a logical channel; NULL: it is not known. */
const channel_state_t *offers_channel(const session_t *session, side_t opener, uint16_t channel);

#endif
