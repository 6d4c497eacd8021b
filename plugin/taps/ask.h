/* ask.h
 * What a program asks that hands over a capture as it grows, in a tap of its own: a packet of
 * Wireshark's "exported PDU" whose dissector is named msiccp_ask. It is heard where somebody
 * listens, and is nothing otherwise.
 *
 * Its bytes: the question's number and how many packets came before this file, 8 each, the
 * highest first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_ASK_H
#define MSICCP_ASK_H

#include "common/compat.h"

#define ASK_TAP "msiccp_ask"

/* Lives as long as the packet. */
typedef struct {
    uint64_t number;
} ask_t;

void ask_register(void);

#endif
