/* stream_table.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/stream_table.h"

#include "common/hash.h"

/* The streams of the packets that were heard last are found without a strong hash. */
#define RECENT_STREAMS 4096

struct stream_table {
    wmem_allocator_t *pool;
    wmem_map_t *streams;              /* stream_key_t -> stream_t */
    wmem_map_t *rtcp;                 /* stream_key_t -> itself */
    stream_t *recent[RECENT_STREAMS]; /* NULL: none */
};

static unsigned
stream_hash(const void *key)
{
    const stream_key_t *stream = key;
    unsigned ends = hash_ends(&stream->source, stream->source_port, &stream->destination,
                              stream->destination_port);

    return hash_both(ends, hash_both(stream->ssrc, stream->session->number));
}

static gboolean
stream_equal(const void *a, const void *b)
{
    const stream_key_t *one = a;
    const stream_key_t *other = b;

    return one->session == other->session && one->ssrc == other->ssrc &&
           one->source_port == other->source_port &&
           one->destination_port == other->destination_port && one->to == other->to &&
           addresses_equal(&one->source, &other->source) &&
           addresses_equal(&one->destination, &other->destination);
}

stream_table_t *
stream_table_new(wmem_allocator_t *pool)
{
    stream_table_t *table = wmem_new0(pool, stream_table_t);

    table->pool = pool;
    table->streams = wmem_map_new(pool, stream_hash, stream_equal);
    table->rtcp = wmem_map_new(pool, stream_hash, stream_equal);
    return table;
}

stream_t *
stream_table_find(stream_table_t *table, const stream_key_t *key)
{
    unsigned slot = key->ssrc ^ key->destination_port ^ key->session->number;
    stream_t **recent = &table->recent[slot % RECENT_STREAMS];

    if (!*recent || !stream_equal(&(*recent)->key, key))
        *recent = wmem_map_lookup(table->streams, key);
    return *recent;
}

/* The key with addresses of its own. */
static stream_key_t
kept_key(const stream_table_t *table, const stream_key_t *key)
{
    stream_key_t kept = *key;

    copy_address_wmem(table->pool, &kept.source, &key->source);
    copy_address_wmem(table->pool, &kept.destination, &key->destination);
    return kept;
}

stream_t *
stream_table_add(stream_table_t *table, const stream_key_t *key, record_t *record)
{
    stream_t *stream = wmem_new0(table->pool, stream_t);

    stream->key = kept_key(table, key);
    stream->record = record;
    wmem_map_insert(table->streams, &stream->key, stream);
    return stream;
}

void
stream_table_note_rtcp(stream_table_t *table, const stream_key_t *key)
{
    stream_key_t *kept;

    if (wmem_map_lookup(table->rtcp, key))
        return;
    kept = wmem_new(table->pool, stream_key_t);
    *kept = kept_key(table, key);
    wmem_map_insert(table->rtcp, kept, kept);
}

bool
stream_table_has_rtcp(const stream_table_t *table, const stream_key_t *key)
{
    return wmem_map_lookup(table->rtcp, key) != NULL;
}
