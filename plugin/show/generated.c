/* generated.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "show/generated.h"

#include "common/vocabulary.h"

void
generated_uint(proto_tree *tree, int field, tvbuff_t *tvb, uint32_t value)
{
    proto_item_set_generated(proto_tree_add_uint(tree, field, tvb, 0, 0, value));
}

void
generated_word(proto_tree *tree, int field, tvbuff_t *tvb, unsigned value)
{
    if (value)
        generated_uint(tree, field, tvb, vocabulary_number(value));
}

void
generated_boolean(proto_tree *tree, int field, tvbuff_t *tvb, bool value)
{
    proto_item_set_generated(proto_tree_add_boolean(tree, field, tvb, 0, 0, value));
}

void
generated_string(proto_tree *tree, int field, tvbuff_t *tvb, const char *value)
{
    if (value)
        proto_item_set_generated(proto_tree_add_string(tree, field, tvb, 0, 0, value));
}

void
generated_time(proto_tree *tree, int field, tvbuff_t *tvb, const nstime_t *from, const nstime_t *to)
{
    nstime_t span;

    nstime_delta(&span, to, from);
    proto_item_set_generated(proto_tree_add_time(tree, field, tvb, 0, 0, &span));
}

void
generated_span(proto_tree *tree, int field, tvbuff_t *tvb, const moment_t *from, const moment_t *to)
{
    if (from->frame && to->frame)
        generated_time(tree, field, tvb, &from->at, &to->at);
}
