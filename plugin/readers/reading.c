/* reading.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/reading.h"

#include "common/protocol.h"
#include "readers/recall.h"
#include "readers/strings.h"

#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/exceptions.h>
#include <wiretap/wtap.h>

/* The deepest nesting that is read; H.225.0 with H.245 inside stays below 40. */
#define MAX_DEPTH 100

/* Some 50 messages. */
#define MAX_ITEMS_IN_SPARE_TREES 10000

/* Where to what is found is written. */
typedef struct {
    wmem_allocator_t *scope;
    wmem_array_t *list; /* of found_t */
} listing_t;

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

static const uint8_t *
octets_of(const field_info *field)
{
    if (!field->ds_tvb || field->length <= 0 ||
        !tvb_bytes_exist(field->ds_tvb, field->start, field->length))
        return NULL;
    return tvb_get_ptr(field->ds_tvb, field->start, field->length);
}

static void
take_value(found_t *found, field_info *field, wmem_allocator_t *scope)
{
    const enum ftenum type = field->hfinfo->type;

    if (FT_IS_STRING(type))
        found->value.text = strings_of_field(scope, field);
    else if (type == FT_OID)
        found->value.text =
            fvalue_to_string_repr(scope, FI_VALUE(field), FTREPR_DISPLAY, BASE_NONE);
    else if (type == FT_GUID)
        found->value.guid = *fvalue_get_guid(FI_VALUE(field));
    else if (type == FT_BOOLEAN)
        found->value.number = fvalue_get_uinteger64(FI_VALUE(field));
    else if (FT_IS_UINT32(type))
        found->value.number = fvalue_get_uinteger(FI_VALUE(field));
}
static const meaning_t *
meaning_of(const field_info *field)
{
    return wmem_map_lookup(meaning_by_field, GINT_TO_POINTER(field->hfinfo->id));
}

static void
append_field(const listing_t *listing, const meaning_t *meaning, field_info *field)
{
    found_t found = {
        .meaning = meaning,
        .field = field->hfinfo,
        .start = field->start,
        .length = field->length,
        .octets = octets_of(field),
    };

    take_value(&found, field, listing->scope);
    wmem_array_append_one(listing->list, found);
}

/* All that has been listed behind it is below it. */
static void
set_below(wmem_array_t *list, unsigned at)
{
    found_t *found = wmem_array_index(list, at);

    found->below = wmem_array_get_count(list) - at - 1;
}

/* What of these nodes, and of all below them, means something. */
static void
list_nodes(const listing_t *listing, const proto_node *first, unsigned depth)
{
    if (depth > MAX_DEPTH)
        return;
    for (const proto_node *node = first; node; node = node->next) {
        field_info *field = PNODE_FINFO(node);
        const meaning_t *meaning = field ? meaning_of(field) : NULL;
        unsigned at = wmem_array_get_count(listing->list);

        if (meaning)
            append_field(listing, meaning, field);
        list_nodes(listing, node->first_child, depth + 1);
        if (meaning)
            set_below(listing->list, at);
    }
}

/* Ends what reading_begin() began. */
static found_list_t
list_found(const reading_t *reading, wmem_allocator_t *scope)
{
    const listing_t listing = {scope, wmem_array_new(scope, sizeof(found_t))};

    unwant_fields(reading);
    list_nodes(&listing, reading_first(reading), 0);
    return (found_list_t){wmem_array_get_raw(listing.list), wmem_array_get_count(listing.list)};
}

static void
read_list(const found_list_t *list, wmem_allocator_t *scope, message_t *message)
{
    reader_t reader = {.scope = scope, .message = message};

    meaning_read_all(&reader, list->first, list->count);
    if (message->product && reader.version)
        message->product = wmem_strdup_printf(scope, "%s %s", message->product, reader.version);
}

void
reading_end(const reading_t *reading, wmem_allocator_t *scope, message_t *message)
{
    const found_list_t list = list_found(reading, scope);

    read_list(&list, scope, message);
}

static void
dissect_into_tree(dissect_message_t dissect, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                  found_list_t *told, message_t *message)
{
    const reading_t reading = reading_begin(pinfo, tree);

    TRY
    {
        dissect(tvb, pinfo, reading.tree);
    }
    FINALLY
    {
        /* A message cut short by the capture still says what it has said so far. */
        *told = list_found(&reading, pinfo->pool);
        read_list(told, pinfo->pool, message);
    }
    ENDTRY;
}

#ifdef MSICCP_CHECK_RECALL
/* For tests: it is dissected into a tree all the same, which has to tell what is known. */
static void
dissect_known(dissect_message_t dissect, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
              const found_list_t *known)
{
    message_t unused = {.coding = CODING_H225};
    found_list_t told;

    dissect_into_tree(dissect, tvb, pinfo, tree, &told, &unused);
    recall_compare(known, &told);
}
#else
static void
dissect_known(dissect_message_t dissect, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
              const found_list_t *known _U_)
{
    dissect(tvb, pinfo, tree);
}
#endif

bool
reading_dissect(dissect_message_t dissect, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree,
                message_t *message)
{
    const found_list_t *known = recall_find(tvb);
    found_list_t told;

    if (known) {
        read_list(known, pinfo->pool, message);
        dissect_known(dissect, tvb, pinfo, tree, known);
        return true;
    }
    dissect_into_tree(dissect, tvb, pinfo, tree, &told, message);
    recall_keep(tvb, &told, message);
    return told.count > 0;
}
