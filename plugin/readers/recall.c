/* recall.c
 *
 * TPKT: RFC 1006 section 6. A message's header: ITU-T Q.931 section 4; SEGMENT: its annex H.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/recall.h"

#include "readers/h225.h"

#include <epan/dissectors/packet-q931.h>

/* What is longer, or tells more, is read from a tree. */
#define LONGEST 1024
#define MOST_FOUND 256
#define MOST_TEXT 1024 /* octets of all texts together */
#define MOST_VARIABLE 64

/* A message is looked for among these many, which begin alike; then the oldest of them goes. */
#define WAYS 4
#define SETS 64

#define WORDS (LONGEST / sizeof(uint64_t))

#define FIRST_AT TPKT_HEADER_LENGTH
#define Q931_DISCRIMINATOR 0x08
#define Q931_REFERENCE_AT (FIRST_AT + 2) /* its length stands before it */
#define Q931_REFERENCE_LENGTH 0x0f

/* What of the fields differs from message to message, and where it stands in them. */
typedef struct {
    unsigned found;
    unsigned at;
} variable_t;

typedef struct {
    unsigned length;        /* octets, with the TPKT's header; 0: nothing is kept here */
    uint64_t mask[WORDS];   /* the bits that have to be the same */
    uint64_t octets[WORDS]; /* under the mask */
    found_t *found;         /* file scope, as are its texts */
    found_list_t list;
    variable_t variables[MOST_VARIABLE];
    unsigned variable_count;
} layout_kept_t;

typedef struct {
    layout_kept_t *ways[WAYS]; /* file scope; NULL: not yet */
    unsigned oldest;
} set_t;

static set_t sets[SETS];

void
recall_forget(void)
{
    memset(sets, 0, sizeof sets);
}

void
recall_register(void)
{
    register_init_routine(recall_forget);
}

/* Of a message of Q.931, behind its call reference (section 4.2); 0: it is none. */
static unsigned
q931_type(const uint8_t *octets, unsigned length)
{
    unsigned at;

    if (length <= Q931_REFERENCE_AT || octets[FIRST_AT] != Q931_DISCRIMINATOR)
        return 0;
    at = Q931_REFERENCE_AT + (octets[Q931_REFERENCE_AT - 1] & Q931_REFERENCE_LENGTH);
    return at < length ? octets[at] : 0;
}

/* NULL: not a whole TPKT, or what it tells hangs on messages before it. */
static const uint8_t *
octets_of(tvbuff_t *tvb, unsigned *length)
{
    const uint8_t *octets;

    *length = tvb_captured_length(tvb);
    if (*length <= FIRST_AT || *length > LONGEST || *length != tvb_reported_length(tvb) ||
        tvb_get_ntohs(tvb, 2) != *length)
        return NULL;
    octets = tvb_get_ptr(tvb, 0, (int)*length);
    return q931_type(octets, *length) == Q931_SEGMENT ? NULL : octets;
}

/* By what senders choose freely they may fall together: no more than these few are looked at. */
static set_t *
set_of(const uint8_t *octets, unsigned length)
{
    return &sets[(length * 31 + octets[FIRST_AT] * 7u + q931_type(octets, length)) % SETS];
}

static bool
is_alike(const layout_kept_t *kept, const uint64_t *octets, unsigned length)
{
    if (kept->length != length)
        return false;
    for (unsigned i = 0; i * sizeof *octets < length; i++) {
        if ((octets[i] & kept->mask[i]) != kept->octets[i])
            return false;
    }
    return true;
}

/* The last word is filled up with zeros. */
static void
copy_words(uint64_t *words, const uint8_t *octets, unsigned length)
{
    words[(length - 1) / sizeof *words] = 0;
    memcpy(words, octets, length);
}

static layout_kept_t *
find(const uint8_t *octets, unsigned length)
{
    set_t *set = set_of(octets, length);
    uint64_t words[WORDS];

    copy_words(words, octets, length);
    for (unsigned way = 0; way < WAYS && set->ways[way]; way++) {
        if (is_alike(set->ways[way], words, length))
            return set->ways[way];
    }
    return NULL;
}

static uint64_t
number_of(const uint8_t *octets, int length)
{
    uint64_t number = 0;

    for (int i = 0; i < length; i++)
        number = number << 8 | octets[i];
    return number;
}

static e_guid_t
guid_of(const uint8_t *octets)
{
    e_guid_t guid = {
        .data1 = (uint32_t)number_of(octets, 4),
        .data2 = (uint16_t)number_of(octets + 4, 2),
        .data3 = (uint16_t)number_of(octets + 6, 2),
    };

    memcpy(guid.data4, octets + 8, sizeof guid.data4);
    return guid;
}

/* The field has the value of these octets. */
static void
set_value(found_t *found, const uint8_t *octets)
{
    found->octets = octets;
    if (found->field->type == FT_GUID)
        found->value.guid = guid_of(octets);
    else if (FT_IS_UINT32(found->field->type))
        found->value.number = number_of(octets, found->length);
}

/* Of values that are no text; those that are octets alone have none besides. */
static bool
is_same_value(const found_t *one, const found_t *other)
{
    return one->field->type == FT_GUID
               ? memcmp(&one->value.guid, &other->value.guid, sizeof one->value.guid) == 0
               : one->value.number == other->value.number;
}

static bool
has_value(const found_t *found, const uint8_t *octets)
{
    found_t other = *found;

    set_value(&other, octets);
    return is_same_value(&other, found);
}

const found_list_t *
recall_find(tvbuff_t *tvb)
{
    unsigned length;
    const uint8_t *octets = octets_of(tvb, &length);
    layout_kept_t *kept = octets ? find(octets, length) : NULL;

    if (!kept)
        return NULL;
    for (unsigned i = 0; i < kept->variable_count; i++)
        set_value(&kept->found[kept->variables[i].found], octets + kept->variables[i].at);
    return &kept->list;
}

/* -1: it was made of no octets of the message. */
static int
place_of(const found_t *found, const uint8_t *octets, unsigned length)
{
    if (!found->octets || found->octets < octets || found->octets + found->length > octets + length)
        return -1;
    return (int)(found->octets - octets);
}

static bool
is_octets(const found_t *found)
{
    const enum ftenum type = found->field->type;

    return type == FT_BYTES || type == FT_IPv4 || type == FT_IPv6;
}

static bool
is_text(const found_t *found)
{
    return FT_IS_STRING(found->field->type) || found->field->type == FT_OID;
}

static void
unmask(layout_kept_t *kept, unsigned at, unsigned length)
{
    memset((uint8_t *)kept->mask + at, 0, length);
}

/* False: it cannot be had from the octets of another message. */
static bool
note_variable(layout_kept_t *kept, const uint8_t *octets, unsigned i)
{
    found_t *found = &kept->found[i];
    int at = place_of(found, octets, kept->length);
    bool varies = at >= 0 && meaning_varies(found) && has_value(found, found->octets);

    if (!varies && !is_octets(found)) {
        found->octets = NULL;
        return true;
    }
    if (at < 0 || kept->variable_count == MOST_VARIABLE)
        return false;
    kept->variables[kept->variable_count++] = (variable_t){i, (unsigned)at};
    if (varies)
        unmask(kept, (unsigned)at, (unsigned)found->length);
    return true;
}

static bool
note_variables(layout_kept_t *kept, const uint8_t *octets)
{
    for (unsigned i = 0; i < kept->list.count; i++) {
        if (!note_variable(kept, octets, i))
            return false;
    }
    return true;
}

static bool
is_too_much(const found_list_t *told)
{
    size_t text = 0;

    for (unsigned i = 0; i < told->count; i++)
        text += is_text(&told->first[i]) ? strlen(told->first[i].value.text) : 0;
    return told->count > MOST_FOUND || text > MOST_TEXT;
}

static void
copy_told(layout_kept_t *kept, const found_list_t *told)
{
    kept->found = wmem_memdup(wmem_file_scope(), told->first, told->count * sizeof *told->first);
    kept->list = (found_list_t){kept->found, told->count};
    for (unsigned i = 0; i < told->count; i++) {
        if (is_text(&kept->found[i]))
            kept->found[i].value.text = wmem_strdup(wmem_file_scope(), kept->found[i].value.text);
    }
}

static void
free_told(layout_kept_t *kept)
{
    for (unsigned i = 0; i < kept->list.count; i++) {
        if (is_text(&kept->found[i]))
            wmem_free(wmem_file_scope(), (char *)(uintptr_t)kept->found[i].value.text);
    }
    wmem_free(wmem_file_scope(), kept->found);
    kept->list.count = 0;
    kept->length = 0;
}

static layout_kept_t *
oldest_of(set_t *set)
{
    layout_kept_t **way = &set->ways[set->oldest];

    set->oldest = (set->oldest + 1) % WAYS;
    if (*way)
        free_told(*way);
    else
        *way = wmem_new0(wmem_file_scope(), layout_kept_t);
    return *way;
}

void
recall_keep(tvbuff_t *tvb, const found_list_t *told, const message_t *message)
{
    unsigned length;
    const uint8_t *octets = octets_of(tvb, &length);
    layout_kept_t *kept;

    if (!octets || told->count == 0 || message->malformed || is_too_much(told))
        return;
    kept = oldest_of(set_of(octets, length));
    copy_told(kept, told);
    memset(kept->mask, 0xff, sizeof kept->mask);
    kept->variable_count = 0;
    kept->length = length;
    if (!note_variables(kept, octets)) {
        free_told(kept);
        return;
    }
    /* It has been read from the octets, and what is read from the tree does not hang on it. */
    if (message->has_call_reference)
        unmask(kept, (unsigned)message->call_reference_offset,
               (unsigned)message->call_reference_width);
    copy_words(kept->octets, octets, length);
    for (unsigned i = 0; i < WORDS; i++)
        kept->octets[i] &= kept->mask[i];
}

#ifdef MSICCP_CHECK_RECALL
static bool
is_told_alike(const found_t *one, const found_t *other)
{
    if (one->meaning != other->meaning || one->field != other->field ||
        one->below != other->below || one->length != other->length)
        return false;
    if (is_text(one))
        return strcmp(one->value.text, other->value.text) == 0;
    if (is_octets(one))
        return memcmp(one->octets, other->octets, (size_t)one->length) == 0;
    return is_same_value(one, other);
}

void
recall_compare(const found_list_t *known, const found_list_t *told)
{
    g_assert_cmpuint(known->count, ==, told->count);
    for (unsigned i = 0; i < told->count; i++)
        g_assert_true(is_told_alike(&known->first[i], &told->first[i]));
}
#endif
