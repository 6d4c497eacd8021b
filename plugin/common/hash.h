/* hash.h
 * Hashes of keys that come from a capture: whoever made it must not be able to
 * choose keys that fall together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_HASH_H
#define MSICCP_HASH_H

#include "common/compat.h"

#include <epan/address.h>

/* Of an address and a number that goes with it, all of both. */
unsigned hash_address(const address *addr, uint32_t number);

/* Of two hashes, in this order. */
unsigned hash_both(unsigned one, unsigned other);

#endif
