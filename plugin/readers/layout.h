/* layout.h
 * The layout of native messages as the user describes it: preferences for the
 * framing and for the two numbers that every message has, and two tables, of the
 * message types and of the fields. Nothing is described as it comes: no layout
 * of NetMeeting's own messages has been published.
 *
 * Offsets are in bytes from the start of the message, its framing included.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_LAYOUT_H
#define MSICCP_LAYOUT_H

#include "common/vocabulary.h"

#include <epan/prefs.h>

/* No message is longer, and no field lies behind this: bytes. */
#define LAYOUT_LENGTH_MAX 0x100000

/* So far from a message's beginning may its length stand, bytes: until it is there, all that has
 * come is put together again with every segment. */
#define LAYOUT_HEADER_MAX 1024

/* How messages are told apart in a stream. */
typedef enum {
    FRAMING_OFF, /* no layout is described */
    FRAMING_SEGMENT,
    FRAMING_TPKT,
    FRAMING_LENGTH,
} framing_t;

typedef enum {
    ORDER_BIG,
    ORDER_LITTLE,
} order_t;

/* What a length field counts. */
typedef enum {
    COUNTS_MESSAGE,
    COUNTS_WHAT_FOLLOWS, /* the bytes after the length field */
} counts_t;

typedef enum {
    KIND_UINT,
    KIND_IPV4,
    KIND_PORT,
    KIND_STRING,
    KIND_UTF16,
    KIND_GUID,
    KIND_WAVEFORMAT,
    KIND_BYTES,
} kind_t;

/* What a field's value is to the call. */
typedef enum {
    ROLE_NONE,
    ROLE_CALLER,
    ROLE_CALLEE,
    ROLE_MEDIA_ADDRESS,
    ROLE_MEDIA_PORT,
    ROLE_CAUSE,
} role_t;

/* A number that stands at the same place in every message; int, as preferences have it. */
typedef struct {
    unsigned offset;
    int width; /* bytes; 0: there is none */
    int order; /* order_t */
} layout_number_t;

/* The numbers and how messages are framed: what the preferences say. */
typedef struct {
    int framing; /* framing_t */
    layout_number_t length;
    int length_counts; /* counts_t */
    layout_number_t type;
    layout_number_t transaction;
} layout_t;

typedef struct {
    uint32_t value;
    char *name;
    event_t event;
} layout_type_t;

typedef struct {
    bool in_every_type;
    uint32_t type; /* of the messages that it is in */
    unsigned offset;
    unsigned width; /* bytes; 0: to the end of the message, of text to the NUL before it */
    kind_t kind;
    order_t order;
    role_t role;
    char *name;
    int hf; /* msiccp.native.NAME */
} layout_field_t;

void layout_register(module_t *module);

const layout_t *layout_get(void);

/* The message type of this value, or NULL where none is described. */
const layout_type_t *layout_type(uint32_t value);

/* The described fields, in the order of the table. Good until the user changes the table. */
const layout_field_t *layout_fields(unsigned *count);

#endif
