/* netmeeting.h
 * Microsoft's non-standard data in H.225.0 and H.245, wherever Wireshark decodes
 * these: NetMeeting's application data, and the audio format of a capability.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_NETMEETING_H
#define MSICCP_NETMEETING_H

#include "common/compat.h"

void netmeeting_register(void);
void netmeeting_handoff(void);

#endif
