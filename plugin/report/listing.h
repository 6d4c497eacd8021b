/* listing.h
 * Statistics that print at the end of a capture: -z NAME[,FILTER].
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_LISTING_H
#define MSICCP_LISTING_H

#include "common/compat.h"

/* Its name begins the argument of -z; static. */
typedef struct {
    const char *name;
    /* False: the filter, which may be NULL, is wrong; the error is to be freed with g_free(). */
    bool (*begin)(const char *filter, char **error);
} listing_t;

void listing_register(listing_t *listing);

/* Above a table and, without a title, below it: on standard output, so many columns. */
void listing_print_ruler(const char *title, unsigned columns);

#endif
