/* findings.h
 * What is found wrong or noteworthy: one row a finding, from which its word, its
 * expert info, its lines in the reports and in docs/DIAGNOSIS.md come.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FINDINGS_H
#define MSICCP_FINDINGS_H

#include "common/compat.h"

#include <epan/expert.h>

/* FINDING(bit, word, group, severity, text, cause), in the order in which they are listed. The
 * text says what was found, the cause what usually is behind it. */
#define MSICCP_FINDINGS(FINDING)                                                                   \
    FINDING(FOREIGN, "foreign", PI_PROTOCOL, PI_WARN, "Another protocol on this port", "")         \
    FINDING(MIDCALL, "midcall", PI_ASSUMPTION, PI_NOTE,                                            \
            "The capture begins inside this call: its request is not in it",                       \
            "What was said before is not known.")                                                  \
    FINDING(CAPTURED_IN_PART, "captured_in_part", PI_ASSUMPTION, PI_NOTE,                          \
            "Something that was sent is not in the capture",                                       \
            "Capture at both ends, or at a place that all packets pass; a mirror port of one "     \
            "direction, asymmetric routes and a capture that drops packets do this.")              \
    FINDING(CONTROL_REFUSED, "control_refused", PI_SEQUENCE, PI_WARN,                              \
            "The connection to the control port was refused",                                      \
            "Nothing listens there: NetMeeting does not run, or waits on another port; or a "      \
            "firewall rejects the port.")                                                          \
    FINDING(CONTROL_UNANSWERED, "control_unanswered", PI_SEQUENCE, PI_WARN,                        \
            "No answer to the connection to the control port",                                     \
            "The machine is off, or a firewall drops what comes to this port.")                    \
    FINDING(CONTROL_RESET, "control_reset", PI_SEQUENCE, PI_WARN,                                  \
            "The control connection was reset while the call was up",                              \
            "A program has failed, or a firewall or router has given the connection up; nobody "   \
            "can be told any more that the call is over.")                                         \
    FINDING(H245_REFUSED, "h245_refused", PI_SEQUENCE, PI_WARN,                                    \
            "The H.245 connection was refused",                                                    \
            "A firewall that passes the control port and not the dynamic TCP ports does that.")    \
    FINDING(H245_UNANSWERED, "h245_unanswered", PI_SEQUENCE, PI_WARN,                              \
            "No answer to the H.245 connection",                                                   \
            "A firewall that drops the dynamic TCP ports does that, and so does an address that "  \
            "is only reachable from behind its router.")                                           \
    FINDING(H245_MISSING, "h245_missing", PI_SEQUENCE, PI_NOTE,                                    \
            "An address for H.245 was announced, and nobody connected to it in this capture",      \
            "A firewall before the place of the capture may have dropped the connection, or the "  \
            "capture has only some of the ports.")                                                 \
    FINDING(H245_BROKEN, "h245_broken", PI_SEQUENCE, PI_WARN,                                      \
            "The H.245 connection ended without endSession while the call was up",                 \
            "A program has failed, or a firewall or router has given the connection up.")          \
    FINDING(NO_COMMON_CODEC, "no_common_codec", PI_RESPONSE_CODE, PI_WARN,                         \
            "Both ends have said what they can do, and have no audio codec in common",             \
            "Another codec has to be switched on at one of the two ends.")                         \
    FINDING(CHANNEL_REJECTED, "channel_rejected", PI_RESPONSE_CODE, PI_WARN,                       \
            "An end has rejected what H.245 proposed",                                             \
            "The ends do not agree on how to send: compare their codecs and settings.")            \
    FINDING(NO_CHANNEL, "no_channel", PI_SEQUENCE, PI_NOTE,                                        \
            "The call was answered, and no audio channel was ever opened one way",                 \
            "An end that has no sound device, or that waits for the other, opens none.")           \
    FINDING(MEDIA_UNREACHABLE, "media_unreachable", PI_RESPONSE_CODE, PI_WARN,                     \
            "Media was sent back as undeliverable",                                                \
            "A firewall rejects the dynamic UDP ports, or no program waits for media there.")      \
    FINDING(MEDIA_ELSEWHERE, "media_elsewhere", PI_SEQUENCE, PI_NOTE,                              \
            "Media comes from or goes to another address or port than was agreed on",              \
            "An address translation (NAT) or a relay between the two does that.")                  \
    FINDING(CODEC_MISMATCH, "codec_mismatch", PI_PROTOCOL, PI_WARN,                                \
            "Media in another codec than was agreed on for its direction",                         \
            "The receiver may be unable to play it; a relay that converts badly does that.")       \
    FINDING(LOSSY_MEDIA, "lossy_media", PI_SEQUENCE, PI_WARN, "5 % or more of a stream was lost",  \
            "A link on the way is overloaded or disturbed.")                                       \
    FINDING(MEDIA_ENDED, "media_ended", PI_SEQUENCE, PI_NOTE,                                      \
            "A stream ended long before the call",                                                 \
            "An address translation (NAT) or a firewall may have given it up, a program or "       \
            "sound device may have stopped, or its sender had nothing to say.")                    \
    FINDING(SILENT_MEDIA, "silent_media", PI_SEQUENCE, PI_NOTE,                                    \
            "RTP that carries nothing but silence",                                                \
            "Its sender is muted, or records from a sound device that hears nothing.")             \
    FINDING(MEDIA_UNKNOWN, "media_unknown", PI_UNDECODED, PI_NOTE,                                 \
            "Datagrams in no known form, at the address that was agreed on for media",             \
            "A relay may wrap RTP in a form of its own, as gatekeepers and clients do that help "  \
            "each other past NAT. Whether it is heard, only the program at the other end tells.")  \
    FINDING(MEDIA_GAP, "media_gap", PI_SEQUENCE, PI_NOTE,                                          \
            "A second or more of a stream is missing",                                             \
            "A link on the way failed for a moment, or the capture did.")                          \
    FINDING(RESTARTED, "restarted", PI_SEQUENCE, PI_NOTE,                                          \
            "A stream began anew in mid-call, from another source or port",                        \
            "The sender has opened its sound device again, a relay has taken over, or an address " \
            "translation (NAT) has forgotten the stream.")                                         \
    FINDING(ONE_WAY_MEDIA, "one_way_media", PI_SEQUENCE, PI_WARN,                                  \
            "The call was answered, and RTP went one way only",                                    \
            "A firewall that passes the dynamic UDP ports one way only does that, and so does an " \
            "address in the messages that is not reachable from the other side.")                  \
    FINDING(NO_MEDIA, "no_media", PI_SEQUENCE, PI_NOTE,                                            \
            "Neither end sent media that was captured, though it was negotiated",                  \
            "A firewall before the place of the capture may have dropped it, or the capture has "  \
            "only some of the ports.")                                                             \
    FINDING(ADDRESS_MISMATCH, "address_mismatch", PI_PROTOCOL, PI_WARN,                            \
            "The address offered for media or H.245 is not the one that the offer came from: NAT " \
            "or a relay between them",                                                             \
            "A router that translates addresses, and not those within messages, makes calls that " \
            "fail or cannot be heard.")                                                            \
    FINDING(MEDIA_BEFORE_ANSWER, "media_before_answer", PI_SEQUENCE, PI_CHAT,                      \
            "RTP before the call is answered: early media",                                        \
            "Ringing tones and announcements are sent so.")                                        \
    FINDING(MEDIA_AFTER_RELEASE, "media_after_release", PI_SEQUENCE, PI_NOTE,                      \
            "RTP after the call was released",                                                     \
            "Packets were still on their way, or an end does not know that the call is over.")     \
    FINDING(UNANSWERED, "unanswered", PI_SEQUENCE, PI_NOTE, "The request was never answered",      \
            "A program that hangs, or that speaks another protocol than H.323, does that. Where "  \
            "TCP acknowledges nothing of it, a device between drops it.")                          \
    FINDING(DUPLICATE, "duplicate", PI_SEQUENCE, PI_NOTE,                                          \
            "This message has been seen before: a retransmission, or a mirrored port",             \
            "It is counted once.")                                                                 \
    FINDING(MALFORMED, "malformed", PI_MALFORMED, PI_ERROR, "A length or value that cannot be",    \
            "What sends it does not keep to the specification, or the capture is damaged.")

#define FINDING_NAMED(bit, word, group, severity, text, cause) FINDING_##bit,

typedef enum {
    FINDING_NONE,
    MSICCP_FINDINGS(FINDING_NAMED) FINDING_COUNT,
} finding_t;

#define FINDING_BIT(finding) (1u << (finding))

/* The word of a finding, as in the record and after "msiccp.expert.". */
const char *finding_word(finding_t finding);

/* What was found, in general. */
const char *finding_text(finding_t finding);

/* What usually is behind it, a sentence. */
const char *finding_cause(finding_t finding);

#endif
