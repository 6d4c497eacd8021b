/* world.h
 * Wireshark, with the plugin, as a library: it looks at frames in one way or another.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FUZZ_WORLD_H
#define MSICCP_FUZZ_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

/* Bits of a script's first byte: preferences that are not as they are from the start. */
enum {
    OPTION_NO_DESEGMENTING = 0x01,
    OPTION_OUT_OF_ORDER = 0x02,
    OPTION_NATIVE_LENGTH = 0x04, /* native messages have a length field */
    OPTION_NATIVE_TPKT = 0x08,   /* or are TPKTs; both bits: one in a segment */
    OPTION_NO_MEDIA = 0x10,
    OPTION_NO_OBSERVING = 0x20,
};

typedef enum {
    ONE_PASS,       /* as tshark: details and reports in one go */
    TWO_PASSES,     /* as tshark -2: the first without details, reports in the second */
    THREE_PASSES,   /* as who clicks on packets: the third backwards, and it is what is told */
    WITHOUT_PLUGIN, /* one pass, the plugin's protocol disabled */
    TWO_PASSES_WITHOUT_PLUGIN,
} way_t;

/* Before the fields of each item of the plugin's. */
#define ITEM "msiccp:\n"

/* What was seen; of the frame before it, or the whole, where there is one string only. */
typedef struct {
    GPtrArray *fields; /* char *, by frame: "msiccp.field=value" lines, and ITEM */
    GPtrArray *
        protocols; /* GHashTable *, by frame: how often each protocol is in its tree, by its name */
    GPtrArray
        *texts; /* char *, by frame: labels of the plugin's items, and Info where it has any */
    GString *reports; /* what -z printed */
    GString *tables;  /* what stands in the tables of windows, which Wireshark fills in later passes
                         only */
    GArray *streams;  /* uint64_t, by frame: a bit for each TCP stream, by its number mod 64 */
    GArray *waits;    /* bool, by frame: TCP keeps a segment of it for a later one */
    bool is_renumbered;   /* a SYN/ACK has begun a stream's sequence numbers anew */
    uint64_t segments;    /* a sum over TCP's sequence numbers, what it keeps, and their frames */
    unsigned bugs;        /* dissector bugs, as Wireshark calls them */
    uint64_t nanoseconds; /* processor time */
    size_t kept;          /* bytes that were allocated before the file was closed, and not before */
} seen_t;

/* Once. Ends the program where Wireshark does not start. */
void world_start(void);

void world_set_options(unsigned options);

/* Frames of script_frames(). To be freed with seen_free(). */
seen_t *world_see(const GPtrArray *frames, way_t way);
void seen_free(seen_t *seen);

#endif
