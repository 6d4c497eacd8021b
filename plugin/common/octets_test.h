/* octets_test.h
 * Octets as a dissector gets them, for the tests of rooms that read them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_OCTETS_TEST_H
#define MSICCP_OCTETS_TEST_H

#include "common/compat.h"

/* A packet of which so many octets were captured; it is for tvb_free(). */
static inline tvbuff_t *
captured_of(const uint8_t *octets, size_t captured, size_t reported)
{
    return tvb_new_real_data(octets, (unsigned)captured, (int)reported);
}

#endif
