/* voip.h
 * The calls of Telephony > VoIP Calls. Wireshark lists there the H.323 calls
 * that carry a call identifier (H.225.0 version 2 and later), through taps of
 * its own dissectors; this adds the sessions that have none, so that each
 * session is listed once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_VOIP_H
#define MSICCP_VOIP_H

#include "taps/taps.h"

void voip_handoff(void);

/* Before an H.225.0 message is dissected; step: what the first pass found it to do, or NULL. */
void voip_before_h225(packet_info *pinfo, const step_t *step);

/* False: whoever reports to it does so for nobody. */
bool voip_is_listened_to(void);

/* A message or a packet of a session. */
void voip_report(packet_info *pinfo, const tapped_t *tapped);

#endif
