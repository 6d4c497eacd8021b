/* recall.h
 * Endpoints send the same messages again and again, with other addresses, ports, identifiers
 * and references. Where all octets but those of such values are the same, what an earlier message
 * told holds, with the values of this one: Wireshark need not write a tree for it to be read.
 * docs/decisions/recalled-messages.md says why that is so, and what is left out.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_RECALL_H
#define MSICCP_RECALL_H

#include "readers/meanings.h"

void recall_register(void);

/* Another file begins, and what was kept has gone with the last one's scope. */
void recall_forget(void);

/*
 * What a message tells that is one whole TPKT and laid out like one that has been kept. NULL: none
 * is known. Good until either function is called again, and as long as the octets are there.
 */
const found_list_t *recall_find(tvbuff_t *tvb);

/* This is what a tree told of the message, which has been dissected to its end. */
void recall_keep(tvbuff_t *tvb, const found_list_t *told, const message_t *message);

#ifdef MSICCP_CHECK_RECALL
/* Ends the program where they differ. */
void recall_compare(const found_list_t *known, const found_list_t *told);
#endif

#endif
