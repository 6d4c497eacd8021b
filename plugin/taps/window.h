/* window.h
 * What Wireshark's window offers for the selected packet and in its menus: the
 * conversation filter "MSICCP session", Follow Stream for the control messages
 * of a session, and Telephony > MSICCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_WINDOW_H
#define MSICCP_WINDOW_H

#include "session/session.h"

void window_register(void);

/* A control message with its framing, for those who follow its session; step may be NULL. */
void window_note_message(packet_info *pinfo, tvbuff_t *tvb, const step_t *step);

#endif
