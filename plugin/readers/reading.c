/* reading.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/reading.h"

#include "common/protocol.h"
#include "readers/meanings.h"

#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <wiretap/wtap.h>

/* The deepest nesting that is read; H.225.0 with H.245 inside stays below 40. */
#define MAX_DEPTH 100

/* Some 50 messages. */
#define MAX_ITEMS_IN_SPARE_TREES 10000

static wmem_map_t *meaning_by_field; /* field id -> meaning_t; epan scope */
static GSList *spare_trees;          /* of epan_dissect_t, that no packet has borrowed */
static size_t items_in_spare_trees;  /* about; also those that were only asked for */
static wmem_array_t *wanted_fields;  /* header_field_info *, all that mean something; epan scope */

/* An abbreviation can belong to many fields: all of them mean the same here. */
static void
remember_meaning(const meaning_t *meaning)
{
    const header_field_info *field = proto_registrar_get_byname(meaning->field);

    while (field && field->same_name_prev_id != -1)
        field = proto_registrar_get_nth((unsigned)field->same_name_prev_id);
    for (; field; field = field->same_name_next) {
        wmem_map_insert(meaning_by_field, GINT_TO_POINTER(field->id), (void *)(uintptr_t)meaning);
        wmem_array_append_one(wanted_fields, field);
    }
}

static void
empty_spare_trees(void)
{
    static wtap_rec no_record; /* epan_dissect_reset() looks into it */

    for (GSList *spare = spare_trees; spare; spare = spare->next) {
        epan_dissect_t *lent = spare->data;

        lent->pi.rec = &no_record;
        epan_dissect_reset(lent);
    }
    items_in_spare_trees = 0;
}

static void
free_spare_trees(void)
{
    for (GSList *spare = spare_trees; spare; spare = spare->next)
        epan_dissect_free(spare->data);
    g_slist_free(spare_trees);
    spare_trees = NULL;
}

void
reading_handoff(void)
{
    register_cleanup_routine(empty_spare_trees);
    register_shutdown_routine(free_spare_trees);
    meaning_by_field = wmem_map_new(wmem_epan_scope(), g_direct_hash, g_direct_equal);
    wanted_fields = wmem_array_new(wmem_epan_scope(), sizeof(header_field_info *));
    for (size_t i = 0; i < meaning_count; i++)
        remember_meaning(&meanings[i]);
    for (size_t i = 0; i < meaning_h245_count; i++)
        remember_meaning(&meanings_h245[i]);
}

/* False where the nodes below have been read as well. */
static bool
read_node(reader_t *reader, found_t *found)
{
    const meaning_t *meaning =
        wmem_map_lookup(meaning_by_field, GINT_TO_POINTER(found->field->hfinfo->id));

    if (!meaning)
        return true;
    found->offset = meaning->offset;
    return meaning->read(reader, found);
}

void
reading_descend(reader_t *reader, const proto_node *first, unsigned depth)
{
    if (depth > MAX_DEPTH)
        return;
    for (const proto_node *node = first; node; node = node->next) {
        found_t found = {.node = node, .field = PNODE_FINFO(node), .depth = depth};
        const char **alias = reader->alias;

        if (!found.field || read_node(reader, &found))
            reading_descend(reader, node->first_child, depth + 1);
        reader->alias = alias;
    }
}

/*
 * Called when the borrower's pool is emptied. It must not be freed there: Wireshark
 * keeps one pool for the next packet, and would lose that of the lent tree over
 * the borrower's. Emptied it is after some packets: for each field that a filter could want
 * Wireshark has an array, which costs as much to make and free as the field does.
 */
static ws_bool
take_back(wmem_allocator_t *scope _U_, wmem_cb_event_t event _U_, void *user_data)
{
    epan_dissect_t *lent = user_data;

    spare_trees = g_slist_prepend(spare_trees, lent);
    items_in_spare_trees += PTREE_DATA(lent->tree)->count;
    PTREE_DATA(lent->tree)->count = 0; /* of which Wireshark allows each packet so many */
    if (items_in_spare_trees > MAX_ITEMS_IN_SPARE_TREES)
        empty_spare_trees();
    return false;
}

static epan_dissect_t *
spare_tree(packet_info *pinfo)
{
    epan_dissect_t *spare;

    if (!spare_trees)
        return epan_dissect_new(pinfo->epan, true, false);
    spare = spare_trees->data;
    spare_trees = g_slist_delete_link(spare_trees, spare_trees);
    return spare;
}

/* A tree that only has what is read from it; a packet borrows at most one, until it is done. */
static proto_tree *
lend_tree(packet_info *pinfo)
{
    epan_dissect_t *lent = p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_LENT_TREE);

    if (lent)
        return lent->tree;
    lent = spare_tree(pinfo);
    p_add_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_LENT_TREE, lent);
    /* Taps that run after the dissection may still refer to its items. */
    wmem_register_callback(pinfo->pool, take_back, lent);
    return lent->tree;
}

/*
 * Has the fields that are read put into the tree, whatever else it is to hold. A display
 * filter wants its fields for good, and with them the items of their protocols; here they are
 * wanted for one message, which costs a third of a tree with all fields.
 */
static void
want_fields(reading_t *reading, wmem_allocator_t *scope)
{
    unsigned count = wmem_array_get_count(wanted_fields);
    header_field_info **fields = wmem_array_get_raw(wanted_fields);

    reading->wanted_before = wmem_alloc_array(scope, hf_ref_type, count);
    for (unsigned i = 0; i < count; i++) {
        reading->wanted_before[i] = fields[i]->ref_type;
        fields[i]->ref_type = HF_REF_TYPE_DIRECT;
    }
}

static void
unwant_fields(const reading_t *reading)
{
    unsigned count = wmem_array_get_count(wanted_fields);
    header_field_info **fields = wmem_array_get_raw(wanted_fields);

    for (unsigned i = 0; i < count; i++)
        fields[i]->ref_type = reading->wanted_before[i];
}

reading_t
reading_begin(packet_info *pinfo, proto_tree *tree)
{
    reading_t reading = {.tree = tree ? tree : lend_tree(pinfo)};

    reading.before = reading.tree->last_child;
    want_fields(&reading, pinfo->pool);
    return reading;
}

const proto_node *
reading_first(const reading_t *reading)
{
    return reading->before ? reading->before->next : reading->tree->first_child;
}

void
reading_end(const reading_t *reading, wmem_allocator_t *scope, message_t *message)
{
    reader_t reader = {.scope = scope, .message = message};

    unwant_fields(reading);
    reading_descend(&reader, reading_first(reading), 0);
    if (message->product && reader.version)
        message->product = wmem_strdup_printf(scope, "%s %s", message->product, reader.version);
}
