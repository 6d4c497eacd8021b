/* meanings.h
 * What the fields of Wireshark's dissectors mean to us: a row a field, with what is
 * to be read of it.
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

/* A field in the tree, and how deep it lies there. */
typedef struct {
    const proto_node *node;
    field_info *field;
    unsigned depth;
    size_t offset; /* of its row */
} found_t;

typedef struct {
    const char *field;
    /* Returns false where the nodes below have been read as well. */
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

/* The text of a field. */
const char *meaning_text_of(wmem_allocator_t *scope, field_info *field);

/* Reads these nodes, their siblings and all below them: what a row calls for the nodes below. */
void reading_descend(reader_t *reader, const proto_node *first, unsigned depth);

#endif
