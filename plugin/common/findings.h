/* findings.h
 * What is found wrong or noteworthy: one row a finding, from which its word, its
 * expert info and its line in docs/PROTOCOL.md come.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FINDINGS_H
#define MSICCP_FINDINGS_H

#include "common/compat.h"

#include <epan/expert.h>

/* FINDING(bit, word, group, severity, text), in the order in which they are listed. */
#define MSICCP_FINDINGS(FINDING)                                                                   \
    FINDING(FOREIGN, "foreign", PI_PROTOCOL, PI_WARN, "Another protocol on this port")             \
    FINDING(MIDCALL, "midcall", PI_ASSUMPTION, PI_NOTE,                                            \
            "The capture begins inside this call: its request is not in it")                       \
    FINDING(ONE_WAY_MEDIA, "one_way_media", PI_SEQUENCE, PI_WARN,                                  \
            "The call was answered, and RTP went one way only")                                    \
    FINDING(NO_MEDIA, "no_media", PI_SEQUENCE, PI_NOTE, "Media was negotiated, and none was seen") \
    FINDING(ADDRESS_MISMATCH, "address_mismatch", PI_PROTOCOL, PI_WARN,                            \
            "The address offered for media or H.245 is not the one that the offer came from: NAT " \
            "or a relay between them")                                                             \
    FINDING(MEDIA_BEFORE_ANSWER, "media_before_answer", PI_SEQUENCE, PI_CHAT,                      \
            "RTP before the call is answered: early media")                                        \
    FINDING(MEDIA_AFTER_RELEASE, "media_after_release", PI_SEQUENCE, PI_NOTE,                      \
            "RTP after the call was released")                                                     \
    FINDING(UNANSWERED, "unanswered", PI_SEQUENCE, PI_NOTE, "The request was never answered")      \
    FINDING(DUPLICATE, "duplicate", PI_SEQUENCE, PI_NOTE,                                          \
            "This message has been seen before: a retransmission, or a mirrored port")             \
    FINDING(MALFORMED, "malformed", PI_MALFORMED, PI_ERROR, "A length or value that cannot be")

#define FINDING_NAMED(bit, word, group, severity, text) FINDING_##bit,

typedef enum {
    MSICCP_FINDINGS(FINDING_NAMED) FINDING_COUNT,
} finding_t;

#define FINDING_BIT(finding) (1u << (finding))

/* The word of a finding, as in the record and after "msiccp.expert.". */
const char *finding_word(finding_t finding);

#endif
