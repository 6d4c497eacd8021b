/* hash.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/hash.h"

/* Of IPv6. What a longer one has behind that is compared, and not hashed. */
#define LONGEST_ADDRESS 16

unsigned
hash_both(unsigned one, unsigned other)
{
    const uint32_t both[] = {one, other};

    return wmem_strong_hash((const uint8_t *)both, sizeof both);
}

/* A number, and an address and its length. */
#define LONGEST_END (sizeof(uint32_t) + 1 + LONGEST_ADDRESS)

/* Returns the octets that were put. */
static size_t
put_end(uint8_t *key, const address *addr, uint32_t number)
{
    size_t length = addr->len > 0 ? MIN((size_t)addr->len, LONGEST_ADDRESS) : 0;

    memcpy(key, &number, sizeof number);
    key[sizeof number] = (uint8_t)length;
    if (length > 0)
        memcpy(key + sizeof number + 1, addr->data, length);
    return sizeof number + 1 + length;
}

unsigned
hash_address(const address *addr, uint32_t number)
{
    uint8_t key[LONGEST_END];

    return wmem_strong_hash(key, put_end(key, addr, number));
}

unsigned
hash_ends(const address *one, uint32_t number, const address *other, uint32_t other_number)
{
    uint8_t key[2 * LONGEST_END];
    size_t length = put_end(key, one, number);

    return wmem_strong_hash(key, length + put_end(key + length, other, other_number));
}

/* FNV-1a (draft-eastlake-fnv), but a word at a time. */
#define FNV_OFFSET_BASIS UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

uint32_t
hash_fast(const uint8_t *bytes, size_t length)
{
    uint64_t hash = FNV_OFFSET_BASIS ^ length;
    uint64_t word;

    for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = (hash ^ word) * FNV_PRIME;
    }
    word = 0;
    memcpy(&word, bytes, length);
    hash = (hash ^ word) * FNV_PRIME;
    return (uint32_t)(hash ^ hash >> 32);
}
