/* call_window.h
 * The calls as a table of Wireshark's window: Telephony > MSICCP > Calls. On
 * paper, with each call's streams, they are what -z msiccp,calls prints.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CALL_WINDOW_H
#define MSICCP_CALL_WINDOW_H

/* The argument of -z that opens it. */
#define CALL_WINDOW "msiccp,table"

void call_window_register(void);

#endif
