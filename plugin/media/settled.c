/* settled.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/settled.h"

#include "common/hash.h"

#define LONGEST_ADDRESS 16 /* of IPv6 */

/* A processor reads memory by so many octets. */
#define CACHE_LINE 64

/* All that a packet asks for is in one line: with many calls side by side, reading memory is most
 * of what such a packet takes. */
typedef struct {
    _Alignas(CACHE_LINE) uint8_t octets[LONGEST_ADDRESS]; /* of where it goes */
    int type;                                             /* of that address */
    int length;                                           /* of it; 0: this slot is free */
    uint16_t port;
    uint16_t from_port;
    joined_t joined;
} settled_t;

G_STATIC_ASSERT(sizeof(settled_t) == CACHE_LINE);

/*
 * An address and port choose a pair of slots. Whoever makes that they fall together gains no more
 * than that their packets are looked for.
 */
#define PAIRS 4096
#define SLOTS 2

static settled_t slots[PAIRS][SLOTS];
static bool are_used; /* a file without media leaves their memory alone */

static void
begin_file(void)
{
    if (are_used)
        memset(slots, 0, sizeof slots);
    are_used = false;
}

void
settled_register(void)
{
    register_init_routine(begin_file);
}

/* False: there are no slots for addresses of this kind. */
static bool
key_of(settled_t *key, const address *addr, uint32_t port)
{
    if (addr->len <= 0 || addr->len > LONGEST_ADDRESS)
        return false;
    memset(key, 0, sizeof *key);
    memcpy(key->octets, addr->data, (size_t)addr->len);
    key->type = addr->type;
    key->length = addr->len;
    key->port = (uint16_t)port;
    return true;
}

static settled_t *
pair_of(const settled_t *key)
{
    return slots[(hash_fast(key->octets, sizeof key->octets) ^ key->port * 31u) % PAIRS];
}

static bool
is_there(const settled_t *slot, const settled_t *key)
{
    return slot->port == key->port && slot->type == key->type && slot->length == key->length &&
           memcmp(slot->octets, key->octets, sizeof key->octets) == 0;
}

const joined_t *
settled_find(const packet_info *pinfo)
{
    settled_t key;
    const settled_t *pair;

    if (!key_of(&key, &pinfo->net_dst, pinfo->destport))
        return NULL;
    pair = pair_of(&key);
    for (int i = 0; i < SLOTS; i++) {
        if (pair[i].from_port == pinfo->srcport && is_there(&pair[i], &key))
            return &pair[i].joined;
    }
    return NULL;
}

void
settled_keep(const packet_info *pinfo, const joined_t *joined)
{
    settled_t key;
    settled_t *pair;

    if (!key_of(&key, &pinfo->net_dst, pinfo->destport))
        return;
    key.from_port = (uint16_t)pinfo->srcport;
    key.joined = *joined;
    pair = pair_of(&key);
    pair[1] = pair[0];
    pair[0] = key;
    are_used = true;
}

void
settled_forget(const address *addr, uint32_t port)
{
    settled_t key;
    settled_t *pair;

    if (!are_used || !key_of(&key, addr, port))
        return;
    pair = pair_of(&key);
    for (int i = 0; i < SLOTS; i++) {
        if (is_there(&pair[i], &key))
            pair[i].length = 0;
    }
}
