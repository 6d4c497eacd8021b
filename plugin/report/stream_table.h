/* stream_table.h
 * The RTP streams of a statistic, by session, SSRC and addresses; and who sent RTCP.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_STREAM_TABLE_H
#define MSICCP_STREAM_TABLE_H

#include "report/records.h"

typedef struct stream_table stream_table_t;

/* Lives in the pool, as does all that is put into it. */
stream_table_t *stream_table_new(wmem_allocator_t *pool);

/* NULL: it is new. */
stream_t *stream_table_find(stream_table_t *table, const stream_key_t *key);

/* A new stream, of which the key and the record are filled in. */
stream_t *stream_table_add(stream_table_t *table, const stream_key_t *key, record_t *record);

void stream_table_note_rtcp(stream_table_t *table, const stream_key_t *key);
bool stream_table_has_rtcp(const stream_table_t *table, const stream_key_t *key);

#endif
