/* hash.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/hash.h"

unsigned
hash_both(unsigned one, unsigned other)
{
    const uint32_t both[] = {one, other};

    return wmem_strong_hash((const uint8_t *)both, sizeof both);
}

unsigned
hash_address(const address *addr, uint32_t number)
{
    unsigned hash = addr->len > 0 ? wmem_strong_hash(addr->data, (size_t)addr->len) : 0;

    return hash_both(hash, number);
}
