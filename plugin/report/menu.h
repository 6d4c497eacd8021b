/* menu.h
 * Telephony > MSICCP, of Wireshark's window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_MENU_H
#define MSICCP_MENU_H

void menu_register(void);

#endif
