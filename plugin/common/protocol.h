/* protocol.h
 * What every room needs to know of the protocol that it is a part of.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_PROTOCOL_H
#define MSICCP_PROTOCOL_H

extern int proto_msiccp;

/* What is kept with a packet, each under a key of its own. */
typedef enum {
    KEY_DATA = 1,           /* file scope: the joined_t of a payload of T.120 */
    KEY_EVIDENCE,           /* file scope: session/evidence.c */
    KEY_FOREIGN_CONNECTION, /* file scope: the connection that is, or may come to be, foreign */
    KEY_LAST_STEP,          /* packet scope: session/steps.c */
    KEY_TOLD_STEPS,         /* packet scope: the ends whose steps have been told */
    KEY_IN_FOREIGN,         /* packet scope: a foreign protocol's dissector is at work */
    KEY_SHOWN_FOREIGN,      /* packet scope: its foreign protocol has been shown */
    KEY_SHOWN_DATA,         /* packet scope: its payload of T.120 has been joined */
    KEY_SHOWN_EVIDENCE,     /* packet scope: the note_t that was the first of those shown */
    KEY_LENT_TREE,          /* packet scope: readers/reading.c */
    KEY_QUOTED_CLAIMS,      /* packet scope: identify/foreign.c */
} msiccp_key_t;

#endif
