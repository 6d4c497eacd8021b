/* few.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/few.h"

/* A search goes through all of it. */
#define MOST_IN_CHAIN 16

struct few_entry {
    const void *key;
    void *value;
    struct few_entry *next;
};

static struct few_entry **
place_of(few_t *few, const void *key)
{
    struct few_entry **place = &few->first;

    while (*place && (*place)->key != key)
        place = &(*place)->next;
    return place;
}

void *
few_find(const few_t *few, const void *key)
{
    if (few->is_map)
        return wmem_map_lookup(few->all, key);
    for (const struct few_entry *entry = few->first; entry; entry = entry->next) {
        if (entry->key == key)
            return entry->value;
    }
    return NULL;
}

static void
move_to_map(few_t *few)
{
    wmem_map_t *all = wmem_map_new(wmem_file_scope(), g_direct_hash, g_direct_equal);

    for (const struct few_entry *entry = few->first; entry; entry = entry->next)
        wmem_map_insert(all, entry->key, entry->value);
    few->all = all;
    few->is_map = true;
}

static void
put_in_chain(few_t *few, const void *key, void *value)
{
    struct few_entry **place = place_of(few, key);

    if (!*place) {
        *place = wmem_new0(wmem_file_scope(), struct few_entry);
        (*place)->key = key;
        few->count++;
    }
    (*place)->value = value;
}

void
few_put(few_t *few, const void *key, void *value)
{
    if (!few->is_map && few->count == MOST_IN_CHAIN)
        move_to_map(few);
    if (few->is_map)
        wmem_map_insert(few->all, key, value);
    else
        put_in_chain(few, key, value);
}

void
few_remove(few_t *few, const void *key)
{
    struct few_entry **place;

    if (few->is_map) {
        wmem_map_remove(few->all, key);
        return;
    }
    place = place_of(few, key);
    if (*place) {
        *place = (*place)->next;
        few->count--;
    }
}

typedef struct {
    few_visit_t visit;
    void *data;
} visitor_t;

static void
visit_value(void *key _U_, void *value, void *data)
{
    const visitor_t *visitor = data;

    visitor->visit(value, visitor->data);
}

void
few_each(const few_t *few, few_visit_t visit, void *data)
{
    visitor_t visitor = {visit, data};

    if (few->is_map) {
        wmem_map_foreach(few->all, visit_value, &visitor);
        return;
    }
    for (const struct few_entry *entry = few->first; entry; entry = entry->next)
        visit(entry->value, data);
}
