/* meanings.h
 * What the fields of Wireshark's dissectors mean to us: a row a field, with what is
 * to be read of it. They are read from a list, not from Wireshark's tree: what an earlier message
 * told can be read again with the values of this one (recall.h).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_MEANINGS_H
#define MSICCP_MEANINGS_H

#include "readers/message.h"

/* How media of a channel passes NAT (ITU-T H.460.19, TraversalParameters). */
typedef struct {
    media_offer_t media; /* multiplexedMediaChannel */
    media_offer_t control;
    uint32_t number; /* multiplexID */
    bool has_number;
} traversal_t;

/* What has been read so far; the alias and the transport are restored when their node is left. */
typedef struct {
    const char **alias;       /* where an alias goes; NULL: nobody's */
    media_offer_t *transport; /* the transport address that is being read; NULL: none */
    wmem_allocator_t *scope;
    message_t *message;
    opened_channel_t channel; /* the logical channel that is being read */
    unsigned first_offer;     /* of that channel */
    bool is_in_channel;       /* of a message that opens or accepts one */
    bool channel_is_ack;      /* it is the peer's, and is accepted here */
    bool names_media;         /* that channel says where its media is wanted, be it by IP or not */
    bool is_tcp;              /* what it carries comes over TCP */
    bool is_generic;          /* an object identifier is to tell what that is */
    const char *version;      /* of the product */
    int q931_start;           /* offset in its data source */
    traversal_t *traversal;   /* of the channel that is being read; NULL: none */
    rejected_t rejected;      /* by the H.245 message that is being read */
} reader_t;

/*
 * A field of a message that means something, with its value. They stand in the order of the tree,
 * what is below one right behind it.
 */
typedef struct {
    const struct meaning *meaning;
    const header_field_info *field;
    unsigned below;        /* so many of those behind it */
    int start;             /* in its data source, bytes */
    int length;            /* bytes */
    const uint8_t *octets; /* that it was made of; NULL: they are not there */
    union {
        uint64_t number;
        e_guid_t guid;
        const char *text; /* also of an object identifier, as it is displayed */
    } value;
} found_t;

/* What a message told. */
typedef struct {
    const found_t *first; /* NULL: nothing */
    unsigned count;       /* with what is below others */
} found_list_t;

typedef struct meaning {
    const char *field;
    /* Returns false where those below have been read as well. */
    bool (*read)(reader_t *reader, const found_t *found);
    size_t offset; /* of a member of message_t that the field fills; 0: see the function */
} meaning_t;

/* Of Q.931, H.225.0 and RAS, and of H.245. */
extern const meaning_t meanings[];
extern const size_t meaning_count;
extern const meaning_t meanings_h245[];
extern const size_t meaning_h245_count;

/* What both tables read: a member that says that the field is there, and parts of an address. */
bool meaning_flag(reader_t *reader, const found_t *found);
bool meaning_ipv4(reader_t *reader, const found_t *found);
bool meaning_ipv6(reader_t *reader, const found_t *found);
bool meaning_port(reader_t *reader, const found_t *found);

/* A number that is not read, but differs from message to message. */
bool meaning_of_no_matter(reader_t *reader, const found_t *found);

/* The text of a field, without what fills it up. */
const char *meaning_text_of(wmem_allocator_t *scope, const found_t *found);

/* The value of a field that is a number. */
uint32_t meaning_number_of(const found_t *found);

/* The octets of its value say nothing of what else the message tells: those of addresses, ports,
 * identifiers of a fixed length, and numbers that are of no matter here. */
bool meaning_varies(const found_t *found);

/* Reads these, and what is below them. */
void meaning_read_all(reader_t *reader, const found_t *first, unsigned count);

/* The same of what is below one: a row calls it that reads them otherwise than those elsewhere. */
void meaning_read_below(reader_t *reader, const found_t *found);

#endif
