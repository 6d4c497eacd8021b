/* few.h
 * A map for what a call or a connection has few of: a chain as long as it is short, since an
 * empty wmem_map_t takes more than all that most calls keep in one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FEW_H
#define MSICCP_FEW_H

#include "common/compat.h"

/* All zero: empty. What it holds is in file scope. */
typedef struct {
    union {
        struct few_entry *first; /* of the chain */
        wmem_map_t *all;         /* instead of it */
    };
    unsigned count; /* in the chain */
    bool is_map;
} few_t;

/* A connection has five of them. */
G_STATIC_ASSERT(sizeof(few_t) <= 16);

/* Keys are numbers, as GUINT_TO_POINTER() makes them. NULL: there is none. */
void *few_find(const few_t *few, const void *key);

/* In place of what was there under this key. */
void few_put(few_t *few, const void *key, void *value);
void few_remove(few_t *few, const void *key);

/* Calls this for each value, in no order. */
typedef void (*few_visit_t)(void *value, void *data);
void few_each(const few_t *few, few_visit_t visit, void *data);

#endif
