/* message.h
 * What a reader hands to the session: one control message, whatever its coding.
 * It knows of no session. All of it lives in packet scope (pinfo->pool).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_MESSAGE_H
#define MSICCP_MESSAGE_H

#include "common/vocabulary.h"

#include <epan/address.h>
#include <wsutil/wmem/wmem.h>

#define NO_REASON (-1)

/* More than this of a kind in one message is not kept: H.245 allows 256 channels. */
#define MESSAGE_MOST 256

/* A transport address on which the sender, or its peer, is to get media. */
typedef struct {
    const uint8_t *octets; /* 4, or 16 of IPv6, of its address; NULL: none is known yet */
    const char *codec;     /* as H.245 names it; NULL where the message does not say */
    uint16_t port;
    uint16_t channel;          /* number of its logical channel */
    unsigned payload_type : 8; /* dynamicRTPPayloadType; 0: none is named */
    content_t content : 4;     /* CONTENT_UNKNOWN where the message does not say */
    link_t link : 4; /* how a stream that appears there is joined: negotiated or advertised */
    /* Not of type bool: on Windows, bit-fields share a word if their types are of one size. */
    unsigned is_ipv6 : 1;
    unsigned rtcp : 1;      /* for RTCP rather than RTP */
    unsigned tcp : 1;       /* where to connect to, rather than where UDP is wanted */
    unsigned accepts : 1;   /* the channel is one that the peer has opened */
    unsigned inferred : 1;  /* found in bytes that do not say what they are */
    unsigned offered : 1;   /* named by an earlier message, which this one takes up */
    unsigned fast : 1;      /* of a fast start element */
    unsigned backward : 1;  /* of a channel to the caller, there */
    unsigned to_callee : 1; /* whose address it is; filled in by the session */
} media_offer_t;

/* Kept some six times a call, with octets in file scope, too. */
G_STATIC_ASSERT(sizeof(media_offer_t) <= 24);
G_STATIC_ASSERT(CONTENT_COUNT <= 16 && LINK_OBSERVED < 16);

/* Its address, where one is known; it lives as long as its octets. */
static inline address
offer_address(const media_offer_t *offer)
{
    address addr;

    set_address(&addr, offer->is_ipv6 ? AT_IPv6 : AT_IPv4, offer->is_ipv6 ? 16 : 4, offer->octets);
    return addr;
}

/* Where the sender gets media among that of other channels: each packet says by this number which
 * it is of (ITU-T H.460.19 section 7.2). */
typedef struct {
    address addr;
    uint32_t number; /* multiplexID */
    uint16_t port;
    uint16_t channel; /* number of its logical channel */
    bool rtcp;        /* for RTCP rather than RTP */
    bool accepts;     /* the channel is one that the peer has opened */
} multiplexed_t;

/* A logical channel that the sender opens. */
typedef struct {
    uint16_t channel;
    content_t content;
    bool fast;            /* by a fast start element */
    bool backward;        /* fast start: it goes to the end that offered it */
    bool has_media;       /* its element says where its media is wanted */
    const char *codec;    /* as H.245 names it, or its generic capability is known; NULL: neither */
    uint8_t payload_type; /* dynamicRTPPayloadType; 0: none is named */
} opened_channel_t;

/* What an H.245 message does not accept. */
typedef enum {
    REJECTED_NOTHING,
    REJECTED_CHANNEL,
    REJECTED_CAPABILITIES,
    REJECTED_DETERMINATION, /* of who is master and who slave */
} rejected_t;

/* A run of bytes one way on a connection, and a segment's place in it. */
typedef struct {
    uint32_t number; /* 1, 2, 3, ...; 0: turns are not counted here */
    bool starts;     /* the segment is the first of its turn */
    bool by_opener;  /* sent by the end that opened the connection */
    bool is_first_of_opener;
} turn_t;

typedef struct {
    coding_t coding;
    uint32_t type;         /* the coding's own message type */
    const char *type_name; /* static, or packet scope */
    int type_offset;       /* of the type in the message, bytes; -1 where it has none */
    unsigned type_width;   /* bytes */
    uint32_t length;       /* with its framing, bytes */
    event_t event;         /* as far as the message alone tells: a reject is a release here */

    bool keep_alive;         /* an empty frame, that says nothing */
    bool in_call;            /* it belongs to a call */
    bool from_originator;    /* sent by the side that asked for that call, or chose its reference */
    bool has_call_reference; /* without one, a connection carries one call at a time */
    uint16_t call_reference;
    int call_reference_offset; /* in the message, bytes; -1: not known */
    int call_reference_width;  /* bytes */
    bool has_transaction;      /* it has this number in common with its request, or answer */
    uint32_t transaction;

    unsigned hash; /* RAS: of the datagram, by which a repeated one is known */
    bool has_request_number;
    uint16_t request_number; /* RAS requestSeqNum: an answer repeats that of its request */
    bool asks_admission;     /* RAS: the sender asks whether it may make or answer the call */
    bool refuses_admission;  /* RAS: it may not */
    const char *refusal; /* RAS: why, as H.225.0 names the reason; NULL: none is given. Static */
    bool keeps_alive;    /* RAS: the request only renews a registration */
    bool has_time_to_live;
    uint32_t time_to_live;       /* RAS: of a registration, s */
    const char *gatekeeper_name; /* RAS: identifiers; NULL: not there */
    const char *endpoint_name;
    bool from_called; /* RAS: the sender is the one that is called */

    bool has_sequence; /* the message's first byte stands at this TCP sequence number */
    uint32_t sequence;

    const char *source_alias;
    const char *destination_alias;
    const char *source_place; /* an alias that is a transport address, in words */
    const char *destination_place;
    const char *display;
    const char *calling_number;
    const char *called_number;
    bool more_digits;    /* the number called is the rest of one: overlap sending */
    const char *product; /* the sender's, with its version */
    bool has_call_id;
    e_guid_t call_id;
    bool has_conference_id;
    e_guid_t conference_id;

    bool has_cause;
    uint8_t cause; /* Q.850 */
    int reason;    /* H.225.0 ReleaseCompleteReason, or NO_REASON */

    bool media_accepted; /* it accepts a logical channel (H.245 openLogicalChannelAck) */
    bool has_fast_start; /* it carries fast start elements: an offer, or from the callee a choice */
    wmem_array_t *offers;      /* of media_offer_t; NULL: none */
    wmem_array_t *opened;      /* of opened_channel_t; NULL: none */
    wmem_array_t *accepted;    /* uint16_t, logical channels of the peer (H.245 Ack); NULL: none */
    wmem_array_t *multiplexed; /* of multiplexed_t; NULL: none */
    const char *digits;        /* dialled by H.245 userInput; NULL: none */
    const char *keypad;        /* by an INFORMATION's Keypad facility (Q.931 4.5.18); NULL: none */
    bool encrypted;            /* it carries tokens or opens media of H.235 */

    bool carries_h245;          /* an H.245 message is in it, or it is one */
    bool ends_h245;             /* endSessionCommand */
    wmem_array_t *audio_codecs; /* const char *, static, as H.245 names them: those of its
                                   capability set; NULL: it has none */
    bool sets_capabilities;     /* it is, or holds, a terminalCapabilitySet */
    bool has_capabilities;      /* that is not empty */
    rejected_t rejected;
    const char *rejected_for; /* H.245's word for the cause; NULL: it has none. Static */

    bool is_forwarding;        /* the call is to go on elsewhere, at one of these */
    const char *forward_alias; /* or number; NULL: none */
    bool has_forward_address;
    address forward_addr;
    uint16_t forward_port;

    bool has_source_address; /* SETUP: where the caller says that it is */
    address source_addr;
    uint16_t source_port;

    bool has_h245_address;
    address h245_addr;
    uint16_t h245_port;

    turn_t turn; /* opaque: as connection_turn() counts */

    bool is_cut;     /* the capture has not all of it */
    bool netmeeting; /* it carries data that NetMeeting puts there */
    bool malformed;
} message_t;

#endif
