/* statistics.h
 * The counts of -z msiccp,tree, also in Wireshark's menus.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_STATISTICS_H
#define MSICCP_STATISTICS_H

#include "taps/taps.h"

typedef enum {
    COUNTED_CODINGS,
    COUNTED_EVENTS,
    COUNTED_OUTCOMES,
    COUNTED_CAUSES,
    COUNTED_VERDICTS,
    COUNTED_CODECS,
    COUNTED_LINKS,
    COUNTED_FOREIGN,
    COUNTED_COUNT,
} counted_t;

extern const char *const statistics_titles[COUNTED_COUNT];

/* One more of this value, which lives as long as the packet. */
typedef void (*count_t)(void *sink, counted_t counted, const char *value);

/* Counts all that is to be counted of one message or packet. */
void statistics_count(packet_info *pinfo, const tapped_t *tapped, count_t count, void *sink);

void statistics_register(void);

#endif
