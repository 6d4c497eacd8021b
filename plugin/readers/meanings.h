/* meanings.h
 * What the fields of Wireshark's dissectors mean to us: a row a field, with what is
 * to be read of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_MEANINGS_H
#define MSICCP_MEANINGS_H

#include "readers/message.h"

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
    bool is_tcp;              /* what it carries comes over TCP */
    bool is_generic;          /* an object identifier is to tell what that is */
    const char *version;      /* of the product */
    int q931_start;           /* offset in its data source */
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

extern const meaning_t meanings[];
extern const size_t meaning_count;

/* Reads these nodes, their siblings and all below them: what a row calls for the nodes below. */
void reading_descend(reader_t *reader, const proto_node *first, unsigned depth);

#endif
