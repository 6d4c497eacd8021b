/* why_window.h
 * Telephony > MSICCP > Why calls failed: a paragraph a call that did not go well, the worst
 * first, with buttons that show the call and its evidence in the list of packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_WHY_WINDOW_H
#define MSICCP_WHY_WINDOW_H

/* Only Wireshark's window has menus to call this from. There is one such window at a time. */
void why_window_open(void);

#endif
