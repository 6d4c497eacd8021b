/* numbering.h
 * The numbers that frames are told by. They are Wireshark's own, but where a program asks (see
 * taps/ask.h) between the packets of a capture that it hands over as it grows: what it asks is a
 * frame too, and counts as none; and what it handed to another tshark before counts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_NUMBERING_H
#define MSICCP_NUMBERING_H

#include "common/compat.h"

void numbering_register(void);

/* First pass only: this frame is a question; so many packets came before the first one of this
 * file, which only the first question says. */
void numbering_pass_over(uint32_t frame, uint64_t before);

uint64_t numbering_told(uint32_t frame);

#endif
