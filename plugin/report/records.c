/* records.c
 *
 * A listener hears a packet's taps in the order in which the dissectors queued
 * them: RTP's own comes before ours. TCP's comes before ours or, in later
 * releases of Wireshark, after it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/records.h"

#include "readers/payload.h"
#include "report/carried.h"
#include "report/order.h"
#include "report/stream_table.h"
#include "session/dialled.h"

#include <epan/dissectors/packet-rtp.h>
#include <epan/dissectors/packet-tcp.h>
#include <epan/tap.h>

/* What is given to a tap is known by its address: each of the taps gets its own. */
typedef struct {
    records_t *records;
    bool is_listening;
} listener_t;

struct records {
    listener_t all;
    listener_t filtered;
    listener_t rtp;
    listener_t tcp;
    bool has_filter;
    records_draw_t draw;
    unsigned callback; /* at the end of the file */

    /* Everything below is forgotten at once. */
    wmem_allocator_t *pool;  /* NULL: there is nothing yet */
    wmem_map_t *by_session;  /* session_t -> record_t */
    wmem_map_t *connections; /* TCP stream number + 1 -> control_connection_t */
    stream_table_t *streams;

    /* Of the packet that is being heard. */
    uint32_t rtp_frame;
    const struct _rtp_info *rtp_info; /* the latest of its packets */
    uint32_t tcp_frame;
    uint32_t tcp_stream;
    uint32_t waiting_frame;
    GPtrArray *waiting; /* record_t that wait for the number of their TCP stream */
};

static void
forget(records_t *records)
{
    if (records->pool)
        wmem_destroy_allocator(records->pool);
    records->pool = NULL;
    records->rtp_frame = 0;
    records->tcp_frame = 0;
    records->waiting_frame = 0;
}

/* The sessions go with the file: no record may outlive them. */
static ws_bool
forget_with_file(wmem_allocator_t *scope _U_, wmem_cb_event_t event _U_, void *user_data)
{
    forget(user_data);
    return true;
}

static void
remember(records_t *records)
{
    if (records->pool)
        return;
    records->pool = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);
    records->by_session = wmem_map_new(records->pool, g_direct_hash, g_direct_equal);
    records->streams = stream_table_new(records->pool);
    records->connections = wmem_map_new(records->pool, g_direct_hash, g_direct_equal);
}

static record_t *
record_of(records_t *records, const session_t *session)
{
    record_t *record;

    remember(records);
    record = wmem_map_lookup(records->by_session, session);
    if (!record) {
        record = wmem_new0(records->pool, record_t);
        record->session = session;
        record->chosen = !records->has_filter;
        record->streams = wmem_list_new(records->pool);
        wmem_map_insert(records->by_session, session, record);
    }
    return record;
}

static stream_t *
stream_new(records_t *records, const packet_info *pinfo, const tapped_t *tapped,
           const struct _rtp_info *info, const stream_key_t *key)
{
    record_t *record = record_of(records, tapped->session);
    stream_t *stream = stream_table_add(records->streams, key, record);

    stream->link = tapped->joined->link;
    stream->negotiated_codec = tapped->joined->codec;
    stream->payload_type = (uint8_t)info->info_payload_type;
    if (info->info_payload_type_str)
        stream->payload_name = wmem_strdup(records->pool, info->info_payload_type_str);
    stream->codecs = wmem_list_new(records->pool);
    stream->first.frame = pinfo->num;
    stream->first.at = pinfo->abs_ts;
    wmem_list_append(record->streams, stream);
    return stream;
}

static bool
is_same_run(const stream_t *stream, const codec_run_t *run, const char *codec, uint8_t type)
{
    if (stream->more_runs)
        return stream->latest_type == type;
    return run && run->payload_type == type && g_strcmp0(run->codec, codec) == 0;
}

static codec_run_t *
run_new(records_t *records, stream_t *stream, const packet_info *pinfo, const char *codec,
        uint8_t type)
{
    codec_run_t *run = wmem_new0(records->pool, codec_run_t);

    run->codec = codec ? wmem_strdup(records->pool, codec) : NULL;
    run->payload_type = type;
    run->first_frame = pinfo->num;
    wmem_list_append(stream->codecs, run);
    return run;
}

static void
follow_codec(records_t *records, stream_t *stream, const packet_info *pinfo, const joined_t *joined,
             const struct _rtp_info *info)
{
    wmem_list_frame_t *last = wmem_list_tail(stream->codecs);
    codec_run_t *run = last ? wmem_list_frame_data(last) : NULL;
    const char *codec = carried_codec(joined, info);
    uint8_t type = (uint8_t)info->info_payload_type;

    if (carried_is_event(joined, info) || payload_is_comfort_noise(info->info_payload_type))
        return;
    if (!is_same_run(stream, run, codec, type)) {
        if (wmem_list_count(stream->codecs) < MOST_RUNS)
            run = run_new(records, stream, pinfo, codec, type);
        else
            stream->more_runs++;
        stream->latest_type = type;
    }
    if (run && !stream->more_runs)
        run->packets++;
}

/* All packets of an event have the timestamp of its beginning (RFC 2833, section 3.6). */
static void
note_digit(records_t *records, stream_t *stream, const packet_info *pinfo, const joined_t *joined,
           const struct _rtp_info *info)
{
    dialled_t dialled = {.moment = {.frame = pinfo->num, .at = pinfo->abs_ts},
                         .way = DIALLED_EVENT,
                         .character = carried_digit(joined, info)};

    if (!dialled.character ||
        (stream->has_event && stream->event_timestamp == info->info_timestamp))
        return;
    stream->has_event = true;
    stream->event_timestamp = info->info_timestamp;
    dialled_keep(&stream->record->dialled, records->pool, &dialled);
}

static void
add_quality(stream_t *stream, const packet_info *pinfo, const struct _rtp_info *info)
{
    unsigned clock = rtp_figures_clock(info);

    if (clock)
        stream->clock = clock;
    if (stream->figures.packets == 1)
        stream->payload_octets = info->info_payload_len;
    quality_add(&stream->quality, (uint16_t)info->info_seq_num, info->info_timestamp,
                nstime_to_sec(&pinfo->rel_ts), clock);
}

static void
count_rtp(records_t *records, const packet_info *pinfo, const tapped_t *tapped,
          const struct _rtp_info *info)
{
    stream_key_t key = {
        .session = tapped->session,
        .to = tapped->joined->to,
        .source = tapped->ends->source,
        .destination = tapped->ends->destination,
        .source_port = tapped->ends->source_port,
        .destination_port = tapped->ends->destination_port,
        .ssrc = info->info_sync_src,
    };
    stream_t *stream;

    remember(records);
    stream = stream_table_find(records->streams, &key);
    if (!stream)
        stream = stream_new(records, pinfo, tapped, info, &key);
    stream->record->latest.at = pinfo->abs_ts;
    if (copies_add(&stream->copies, info))
        return;
    follow_codec(records, stream, pinfo, tapped->joined, info);
    note_digit(records, stream, pinfo, tapped->joined, info);
    if (info->info_payload_type < 128)
        stream->payload_types[info->info_payload_type / 64] |= UINT64_C(1)
                                                               << info->info_payload_type % 64;
    stream->last.frame = pinfo->num;
    stream->last.at = pinfo->abs_ts;
    rtp_figures_add(&stream->figures, pinfo, info);
    add_quality(stream, pinfo, info);
}

static stream_key_t
rtcp_key(const session_t *session, side_t to, const address *source)
{
    stream_key_t key = {.session = session, .to = to, .source = *source};

    return key;
}

static void
note_rtcp(records_t *records, const tapped_t *tapped)
{
    const stream_key_t key = rtcp_key(tapped->session, tapped->joined->to, &tapped->ends->source);

    stream_table_note_rtcp(records->streams, &key);
}

static control_connection_t *
connection_of(records_t *records, uint32_t tcp_stream)
{
    void *key = GUINT_TO_POINTER(tcp_stream + 1);
    control_connection_t *connection = wmem_map_lookup(records->connections, key);

    if (!connection) {
        connection = wmem_new0(records->pool, control_connection_t);
        wmem_map_insert(records->connections, key, connection);
    }
    return connection;
}

static void
note_control(records_t *records, const packet_info *pinfo, const tapped_t *tapped)
{
    record_t *record = record_of(records, tapped->session);

    if (record->connection || pinfo->ptype != PT_TCP)
        return;
    if (records->tcp_frame == pinfo->num) {
        record->connection = connection_of(records, records->tcp_stream);
        return;
    }
    if (records->waiting_frame != pinfo->num)
        g_ptr_array_set_size(records->waiting, 0);
    records->waiting_frame = pinfo->num;
    g_ptr_array_add(records->waiting, record);
}

static tap_packet_status
hear_session(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tap_data,
             tap_flags_t flags _U_)
{
    records_t *records = ((listener_t *)data)->records;
    const tapped_t *tapped = tap_data;

    if (!tapped->session)
        return TAP_PACKET_DONT_REDRAW;
    if (tapped->channel == CHANNEL_RTP && records->rtp_frame == pinfo->num) {
        count_rtp(records, pinfo, tapped, records->rtp_info);
        return TAP_PACKET_REDRAW;
    }
    record_of(records, tapped->session)->latest.at = pinfo->abs_ts;
    if (tapped->channel == CHANNEL_CONTROL && !tapped->note)
        note_control(records, pinfo, tapped);
    else if (tapped->channel == CHANNEL_RTCP)
        note_rtcp(records, tapped);
    return TAP_PACKET_REDRAW;
}

static tap_packet_status
hear_filtered(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *tap_data,
              tap_flags_t flags _U_)
{
    const tapped_t *tapped = tap_data;

    if (!tapped->session)
        return TAP_PACKET_DONT_REDRAW;
    record_of(((listener_t *)data)->records, tapped->session)->chosen = true;
    return TAP_PACKET_REDRAW;
}

static tap_packet_status
hear_rtp(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tap_data,
         tap_flags_t flags _U_)
{
    records_t *records = ((listener_t *)data)->records;

    records->rtp_frame = pinfo->num;
    records->rtp_info = tap_data;
    return TAP_PACKET_DONT_REDRAW;
}

static tap_packet_status
hear_tcp(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tap_data,
         tap_flags_t flags _U_)
{
    records_t *records = ((listener_t *)data)->records;
    const struct tcpheader *tcp = tap_data;
    control_connection_t *connection;

    records->tcp_frame = pinfo->num;
    records->tcp_stream = tcp->th_stream;
    if (!records->pool)
        return TAP_PACKET_DONT_REDRAW;
    if (records->waiting_frame == pinfo->num) {
        for (unsigned i = 0; i < records->waiting->len; i++)
            ((record_t *)g_ptr_array_index(records->waiting, i))->connection =
                connection_of(records, tcp->th_stream);
        records->waiting_frame = 0;
    }
    if (!(tcp->th_flags & (TH_FIN | TH_RST)))
        return TAP_PACKET_DONT_REDRAW;
    connection = wmem_map_lookup(records->connections, GUINT_TO_POINTER(tcp->th_stream + 1));
    if (!connection || connection->closed.frame)
        return TAP_PACKET_DONT_REDRAW;
    connection->closed.frame = pinfo->num;
    connection->closed.at = pinfo->abs_ts;
    connection->reset = (tcp->th_flags & TH_RST) != 0;
    return TAP_PACKET_REDRAW;
}

static void
reset_all(void *data)
{
    forget(((listener_t *)data)->records);
}

static void
draw_all(void *data)
{
    records_t *records = ((listener_t *)data)->records;

    records->draw(records);
}

static GString *
add_listener(listener_t *listener, const char *tap, const char *filter, tap_reset_cb reset,
             tap_packet_cb hear, tap_draw_cb redraw)
{
    GString *error = register_tap_listener(tap, listener, filter, TL_REQUIRES_NOTHING, reset, hear,
                                           redraw, NULL);

    listener->is_listening = !error;
    return error;
}

static GString *
add_listeners(records_t *records, const char *filter)
{
    GString *error =
        add_listener(&records->all, MSICCP_TAP, NULL, reset_all, hear_session, draw_all);

    if (!error && filter)
        error = add_listener(&records->filtered, MSICCP_TAP, filter, NULL, hear_filtered, NULL);
    if (!error)
        error = add_listener(&records->rtp, "rtp", NULL, NULL, hear_rtp, NULL);
    if (!error)
        error = add_listener(&records->tcp, "tcp", NULL, NULL, hear_tcp, NULL);
    return error;
}

/* Wireshark warns of one that is not there. */
static void
remove_listener(listener_t *listener)
{
    if (listener->is_listening)
        remove_tap_listener(listener);
}

static void
remove_listeners(records_t *records)
{
    remove_listener(&records->all);
    remove_listener(&records->filtered);
    remove_listener(&records->rtp);
    remove_listener(&records->tcp);
}

records_t *
records_begin(const char *filter, records_draw_t draw, char **error)
{
    records_t *records = g_new0(records_t, 1);
    GString *text;

    records->all.records = records;
    records->filtered.records = records;
    records->rtp.records = records;
    records->tcp.records = records;
    records->has_filter = filter != NULL;
    records->draw = draw;
    records->waiting = g_ptr_array_new();

    records->callback = wmem_register_callback(wmem_file_scope(), forget_with_file, records);

    text = add_listeners(records, filter);
    if (text) {
        records_end(records);
        *error = g_string_free(text, FALSE);
        return NULL;
    }
    return records;
}

void
records_end(records_t *records)
{
    wmem_unregister_callback(wmem_file_scope(), records->callback);
    remove_listeners(records);
    forget(records);
    g_ptr_array_unref(records->waiting);
    g_free(records);
}

static void
add_if_chosen(void *key _U_, void *value, void *user_data)
{
    record_t *record = value;

    /* Of an attempt that was answered late nothing is left to say. */
    if (record->chosen && !(record->session->is_attempt && !record->session->evidence.first))
        g_ptr_array_add(user_data, record);
}

static int
compare_records(const void *a, const void *b)
{
    return order_of_sessions((*(record_t *const *)a)->session, (*(record_t *const *)b)->session);
}

GPtrArray *
records_sorted(records_t *records)
{
    GPtrArray *sorted = g_ptr_array_new();

    if (records->pool)
        wmem_map_foreach(records->by_session, add_if_chosen, sorted);
    g_ptr_array_sort(sorted, compare_records);
    return sorted;
}

const record_t *
records_find(records_t *records, const session_t *session)
{
    return records->pool ? wmem_map_lookup(records->by_session, session) : NULL;
}

const control_connection_t *
record_closed(const record_t *record)
{
    const control_connection_t *connection = record->connection;

    if (!connection || connection->closed.frame < record->session->setup.frame ||
        record->session->release.frame)
        return NULL;
    return connection;
}

evidence_list_t
record_findings(const record_t *record, wmem_allocator_t *scope)
{
    return outcome_findings(record->session, &record->latest, scope);
}

judgement_t
record_verdict(const record_t *record, const evidence_list_t *found)
{
    return verdict_by_now(record->session, found);
}

bool
record_has_rtcp(records_t *records, const record_t *record, const stream_t *stream)
{
    const stream_key_t key = rtcp_key(record->session, stream->key.to, &stream->key.source);

    return stream_table_has_rtcp(records->streams, &key);
}

const char *
record_payload_name(const stream_t *stream)
{
    const wmem_list_frame_t *first = wmem_list_head(stream->codecs);

    if (first)
        return ((const codec_run_t *)wmem_list_frame_data(first))->codec;
    return stream->payload_name ? stream->payload_name : payload_name(stream->payload_type);
}
