/* hash.h
 * Hashes of what comes from a capture. Those of keys are strong: whoever made it must not be able
 * to choose keys that fall together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_HASH_H
#define MSICCP_HASH_H

#include "common/compat.h"

#include <epan/address.h>

/* Of an address and a number that goes with it, all of both. */
unsigned hash_address(const address *addr, uint32_t number);

/* Of two such pairs, in this order: half the work of the hash of two hashes. */
unsigned hash_ends(const address *one, uint32_t number, const address *other,
                   uint32_t other_number);

/* Of two hashes, in this order. */
unsigned hash_both(unsigned one, unsigned other);

/* Of bytes that are no key, a tenth of the work: two that fall together cost nobody any time. */
uint32_t hash_fast(const uint8_t *bytes, size_t length);

#endif
