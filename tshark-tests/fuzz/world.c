/* world.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wireshark.h>
#include <epan/column-utils.h>
#include <epan/column-info.h>
#include <epan/column.h>
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/frame_data.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/proto.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <wiretap/wtap.h>
#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>
#include <wsutil/report_message.h>

#include "allocated.h"
#include "script.h"
#include "tables.h"

#define OURS "msiccp"
#define SYN_ACK 0x12u

struct packet_provider_data {
    frame_data *frames;
    uint32_t count;
};

typedef struct {
    const GPtrArray *frames;
    struct packet_provider_data provider;
    epan_t *epan;
    nstime_t elapsed;
    const frame_data *reference;
    const frame_data *previous;
    uint32_t bytes; /* cumulated */
    seen_t *seen;
} session_t;

/* What one frame's tree holds. */
typedef struct {
    GString *fields;
    GString *texts;
    GHashTable *protocols;
    uint64_t streams;
    bool waits;
    bool has_syn_ack;
    bool has_reused_ports;
    uint64_t segments;
    unsigned bugs;
} gathered_t;

extern void plugin_register(void);

static int proto_msiccp_id;
static int hf_tcp_stream;
static int hf_tcp_seq;
static int hf_tcp_flags;
static int hf_tcp_segment_data;
static int hf_tcp_reused_ports;
static column_info columns;

static void
say(const char *format, va_list arguments)
{
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
}

static void
say_open_failure(const char *name, int error, gboolean for_writing _U_)
{
    (void)fprintf(stderr, "%s: %s\n", name, g_strerror(error));
}

static void
say_failure(const char *name, int error)
{
    (void)fprintf(stderr, "%s: %s\n", name, g_strerror(error));
}

static void
set_preference(const char *text)
{
    char *copy = g_strdup(text);
    char *error = NULL;

    if (prefs_set_pref(copy, &error) != PREFS_SET_OK)
        g_error("the preference %s was not taken: %s", text, error ? error : "");
    g_free(copy);
}

/* A made-up layout, whose numbers mean nothing outside this file. */
static void
describe_native_messages(void)
{
    static const char *const preferences[] = {
        "msiccp.native.length_width:2 bytes",
        "msiccp.native.length_offset:1",
        "msiccp.native.length_counts:The bytes after the length field",
        "msiccp.native.type_offset:0",
        "msiccp.native.type_width:1 byte",
        "msiccp.native.transaction_offset:3",
        "msiccp.native.transaction_width:1 byte",
        "uat:msiccp_native_types:\"1\",\"hello\",\"request\"",
        "uat:msiccp_native_types:\"2\",\"here\",\"accept\"",
        "uat:msiccp_native_types:\"3\",\"bye\",\"release\"",
        "uat:msiccp_native_types:\"4\",\"no\",\"reject\"",
        "uat:msiccp_native_types:\"5\",\"ring\",\"ringing\"",
        "uat:msiccp_native_fields:\"any\",\"4\",\"2\",\"port\",\"port\",\"big\",\"media port\"",
        "uat:msiccp_native_fields:\"any\",\"6\",\"4\",\"ipv4\",\"where\",\"big\",\"media address\"",
        "uat:msiccp_native_fields:\"1\",\"10\",\"8\",\"string\",\"who\",\"big\",\"caller\"",
        "uat:msiccp_native_fields:\"3\",\"4\",\"1\",\"uint\",\"why\",\"big\",\"cause\"",
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(preferences); i++)
        set_preference(preferences[i]);
}

static const nstime_t *
time_of_frame(struct packet_provider_data *provider, uint32_t number)
{
    return number && number <= provider->count ? &provider->frames[number - 1].abs_ts : NULL;
}

static epan_t *
new_epan(struct packet_provider_data *provider)
{
    static const struct packet_provider_funcs functions = {.get_frame_ts = time_of_frame};

    return epan_new(provider, &functions);
}

static void
listen(const char *statistic)
{
    if (!process_stat_cmd_arg(statistic))
        g_error("there is no statistic %s", statistic);
}

void
world_start(void)
{
    static const struct report_message_routines routines = {
        say, say, say_open_failure, say_failure, say_failure, NULL, NULL, NULL, NULL, NULL,
    };

    /* The preferences of who starts this are not read. */
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
    g_setenv("HOME", "/nonexistent", TRUE);
    /* Names of makers of network cards and the like are not read: each session would read them
     * anew. */
    g_setenv("WIRESHARK_DATA_DIR", "/nonexistent", TRUE);
    g_setenv("WIRESHARK_DEBUG_WMEM_OVERRIDE", "simple", FALSE);
    init_process_policies();
    g_free(configuration_init("fuzz", NULL));
    ws_log_init("fuzz", NULL);
    init_report_message("fuzz", &routines);
    wtap_init(FALSE);
    plugin_register();
    if (!epan_init(NULL, NULL, FALSE))
        g_error("Wireshark's library does not start");
    epan_load_settings();
    set_preference(
        "gui.column.format: \"No.\",\"%m\",\"Protocol\",\"%p\",\"State\",\"%Cus:msiccp.state\","
        "\"Info\",\"%i\"");
    describe_native_messages();
    /* Of several heuristics that take a datagram, the one that last took any goes first: what is
     * RTCP to Wireshark's would be the call's or not by what came before, in other inputs too. */
    find_heur_dissector_by_unique_short_name("rtcp_udp")->enabled = FALSE;
    build_column_format_array(&columns, prefs.num_cols, TRUE);
    proto_msiccp_id = proto_get_id_by_filter_name(OURS);
    hf_tcp_stream = proto_registrar_get_id_byname("tcp.stream");
    hf_tcp_seq = proto_registrar_get_id_byname("tcp.seq");
    hf_tcp_flags = proto_registrar_get_id_byname("tcp.flags");
    hf_tcp_segment_data = proto_registrar_get_id_byname("tcp.segment_data");
    hf_tcp_reused_ports = proto_registrar_get_id_byname("tcp.analysis.reused_ports");
    listen("msiccp,calls");
    listen("msiccp,cdr");
    listen("msiccp,ports");
    listen("msiccp,ports_json");
    listen("msiccp,registrations");
    listen("msiccp,registrations_json");
    start_requested_stats();
    tables_listen("msiccp,table");
    tables_listen("msiccp,counts");
    tables_listen("msiccp,ports_window");
    world_set_options(0);
}

static void
set_if(bool is_set, const char *name, const char *then, const char *otherwise)
{
    char *text = g_strdup_printf("%s:%s", name, is_set ? then : otherwise);

    set_preference(text);
    g_free(text);
}

void
world_set_options(unsigned options)
{
    static const char *const framings[] = {"Off: there is no layout", "Length field", "TPKT",
                                           "One message a segment"};
    static unsigned current = UINT_MAX;

    if (options == current)
        return;
    current = options;
    set_if(options & OPTION_NO_DESEGMENTING, "msiccp.desegment", "FALSE", "TRUE");
    set_if(options & OPTION_OUT_OF_ORDER, "tcp.reassemble_out_of_order", "TRUE", "FALSE");
    set_if(options & OPTION_NO_MEDIA, "msiccp.link_media", "FALSE", "TRUE");
    set_if(options & OPTION_NO_OBSERVING, "msiccp.observe_media", "FALSE", "TRUE");
    set_if(true, "msiccp.native.framing",
           framings[(options / OPTION_NATIVE_LENGTH) % G_N_ELEMENTS(framings)], "");
    prefs_apply_all();
}

static void
add_text(GString *texts, field_info *field)
{
    char label[ITEM_LABEL_LENGTH];

    if (field->rep) {
        g_string_append(texts, field->rep->representation);
    } else {
        proto_item_fill_label(field, label);
        g_string_append(texts, label);
    }
    g_string_append_c(texts, '\n');
}

static void
add_field(GString *fields, field_info *field)
{
    char *value =
        fvalue_to_string_repr(NULL, &field->value, FTREPR_DISPLAY, field->hfinfo->display);

    g_string_append_printf(fields, "%s=%s\n", field->hfinfo->abbrev, value ? value : "");
    wmem_free(NULL, value);
}

static bool
is_ours(const header_field_info *info)
{
    return g_str_has_prefix(info->abbrev, OURS) &&
           (!info->abbrev[strlen(OURS)] || info->abbrev[strlen(OURS)] == '.');
}

static void
gather_tcp(gathered_t *gathered, field_info *field)
{
    const int id = field->hfinfo->id;

    if (id == hf_tcp_seq)
        gathered->segments = gathered->segments * 31 + fvalue_get_uinteger(&field->value);
    else if (id == hf_tcp_stream)
        gathered->streams |= UINT64_C(1) << fvalue_get_uinteger(&field->value) % 64;
    else if (id == hf_tcp_flags)
        gathered->has_syn_ack |= (fvalue_get_uinteger(&field->value) & SYN_ACK) == SYN_ACK;
    else if (id == hf_tcp_segment_data)
        gathered->waits = true;
    else if (id == hf_tcp_reused_ports)
        gathered->has_reused_ports = true;
}

static void
gather(proto_node *node, void *data)
{
    gathered_t *gathered = data;
    field_info *field = PNODE_FINFO(node);

    if (field && field->hfinfo) {
        const header_field_info *info = field->hfinfo;

        if (info->type == FT_PROTOCOL) {
            const unsigned count =
                GPOINTER_TO_UINT(g_hash_table_lookup(gathered->protocols, info->abbrev));

            g_hash_table_insert(gathered->protocols, (void *)info->abbrev,
                                GUINT_TO_POINTER(count + 1));
        }
        gather_tcp(gathered, field);
        if (is_ours(info)) {
            add_text(gathered->texts, field);
            if (info->type == FT_PROTOCOL)
                g_string_append(gathered->fields, ITEM);
            else
                add_field(gathered->fields, field);
        }
        if (strcmp(info->abbrev, "_ws.malformed.dissector_bug") == 0)
            gathered->bugs++;
    }
    proto_tree_children_foreach(node, gather, data);
}

static const char *
column_text(int format)
{
    for (int i = 0; i < columns.num_cols; i++) {
        if (columns.columns[i].col_fmt == format)
            return columns.columns[i].col_data;
    }
    return "";
}

/* The Info column where it is the plugin's: another dissector's may hold anything. */
static void
add_info(GString *texts)
{
    if (g_str_has_prefix(column_text(COL_PROTOCOL), "MSICCP"))
        g_string_append(texts, column_text(COL_INFO));
}

/* What the frame shows: once in a session. */
static void
note(seen_t *seen, unsigned index, epan_dissect_t *edt)
{
    gathered_t gathered = {
        .fields = g_string_new(NULL),
        .texts = g_string_new(NULL),
        .protocols = g_hash_table_new(g_str_hash, g_str_equal),
    };

    proto_tree_children_foreach(edt->tree, gather, &gathered);
    epan_dissect_fill_in_columns(edt, FALSE, TRUE);
    if (gathered.texts->len)
        add_info(gathered.texts);
    seen->fields->pdata[index] = g_string_free(gathered.fields, FALSE);
    seen->texts->pdata[index] = g_string_free(gathered.texts, FALSE);
    seen->protocols->pdata[index] = gathered.protocols;
    g_array_index(seen->streams, uint64_t, index) = gathered.streams;
    g_array_index(seen->waits, bool, index) = gathered.waits;
    seen->is_renumbered |= gathered.has_syn_ack && gathered.has_reused_ports;
    seen->segments += (gathered.segments * 2 + gathered.waits) * (index + 1);
    seen->bugs += gathered.bugs;
}

typedef enum { QUIETLY, WITH_DETAILS, WITH_DETAILS_AND_REPORTS } manner_t;

/* In an allocation of its own size, so that the sanitizer sees what is read behind its end. */
static tvbuff_t *
buffer_of(const frame_t *frame)
{
    tvbuff_t *shared =
        tvb_new_real_data(frame->bytes->data, frame->captured, (int)frame->bytes->len);
    tvbuff_t *own = tvb_clone(shared);

    tvb_free(shared);
    return own;
}

static void
dissect(session_t *session, unsigned index, manner_t manner, bool to_note)
{
    const frame_t *frame = g_ptr_array_index(session->frames, index);
    frame_data *data = &session->provider.frames[index];
    const bool with_tree = manner != QUIETLY;
    epan_dissect_t *edt = epan_dissect_new(session->epan, with_tree, with_tree);
    wtap_rec record = script_record(frame);
    tvbuff_t *tvb;

    if (!data->visited) {
        frame_data_init(data, index + 1, &record, 0, session->bytes);
        session->provider.count = index + 1;
        prime_epan_dissect_with_postdissector_wanted_hfids(edt);
    }
    if (with_tree)
        col_custom_prime_edt(edt, &columns);
    frame_data_set_before_dissect(data, &session->elapsed, &session->reference, session->previous);
    tvb = buffer_of(frame);
    if (manner == WITH_DETAILS_AND_REPORTS)
        epan_dissect_run_with_taps(edt, WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, &record, tvb, data,
                                   &columns);
    else
        epan_dissect_run(edt, WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, &record, tvb, data,
                         with_tree ? &columns : NULL);
    if (to_note)
        note(session->seen, index, edt);
    frame_data_set_after_dissect(data, &session->bytes);
    session->previous = data;
    epan_dissect_free(edt);
}

static void
pass(session_t *session, manner_t manner, bool to_note)
{
    for (unsigned index = 0; index < session->frames->len; index++)
        dissect(session, index, manner, to_note);
}

static void
pass_backwards(session_t *session)
{
    for (unsigned index = session->frames->len; index-- > 0;)
        dissect(session, index, WITH_DETAILS, true);
}

/* What PRINT writes to the standard output of the C library. */
static GString *
printed(void (*print)(void))
{
    FILE *const really = stdout;
    char *text = NULL;
    size_t length = 0;
    GString *copy;

    stdout = open_memstream(&text, &length);
    print();
    (void)fclose(stdout);
    stdout = really;
    copy = g_string_new_len(text, (gssize)length);
    free(text);
    return copy;
}

static void
print_reports(void)
{
    draw_tap_listeners(TRUE);
}

static uint64_t
processor_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void
go_through(session_t *session, way_t way)
{
    switch (way) {
    case ONE_PASS:
        pass(session, WITH_DETAILS_AND_REPORTS, true);
        break;
    case WITHOUT_PLUGIN:
        pass(session, WITH_DETAILS, true);
        break;
    case TWO_PASSES:
    case TWO_PASSES_WITHOUT_PLUGIN:
        pass(session, QUIETLY, false);
        pass(session, WITH_DETAILS_AND_REPORTS, true);
        break;
    case THREE_PASSES:
        pass(session, QUIETLY, false);
        pass(session, WITH_DETAILS, false);
        pass_backwards(session);
        break;
    }
}

static void
free_protocols(void *protocols)
{
    g_hash_table_destroy(protocols);
}

static seen_t *
new_seen(unsigned frames)
{
    seen_t *seen = g_new0(seen_t, 1);

    seen->fields = g_ptr_array_new_with_free_func(g_free);
    seen->texts = g_ptr_array_new_with_free_func(g_free);
    seen->protocols = g_ptr_array_new_with_free_func(free_protocols);
    g_ptr_array_set_size(seen->fields, (int)frames);
    g_ptr_array_set_size(seen->texts, (int)frames);
    g_ptr_array_set_size(seen->protocols, (int)frames);
    seen->streams = g_array_sized_new(FALSE, TRUE, sizeof(uint64_t), frames);
    g_array_set_size(seen->streams, frames);
    seen->waits = g_array_sized_new(FALSE, TRUE, sizeof(bool), frames);
    g_array_set_size(seen->waits, frames);
    return seen;
}

void
seen_free(seen_t *seen)
{
    g_ptr_array_unref(seen->fields);
    g_ptr_array_unref(seen->texts);
    g_ptr_array_unref(seen->protocols);
    g_array_unref(seen->streams);
    g_array_unref(seen->waits);
    g_string_free(seen->reports, TRUE);
    g_string_free(seen->tables, TRUE);
    g_free(seen);
}

seen_t *
world_see(const GPtrArray *frames, way_t way)
{
    session_t session = {.frames = frames, .seen = new_seen(frames->len)};
    const uint64_t begin = processor_time();
    const size_t before = __sanitizer_get_current_allocated_bytes();

    session.provider.frames = g_new0(frame_data, frames->len);
    proto_set_decoding(proto_msiccp_id, way != WITHOUT_PLUGIN && way != TWO_PASSES_WITHOUT_PLUGIN);
    session.epan = new_epan(&session.provider);
    reset_tap_listeners();
    go_through(&session, way);
    session.seen->reports = printed(print_reports);
    session.seen->tables = printed(tables_print);
    session.seen->kept = __sanitizer_get_current_allocated_bytes() - before;
    for (unsigned index = 0; index < frames->len; index++)
        frame_data_destroy(&session.provider.frames[index]);
    epan_free(session.epan);
    g_free(session.provider.frames);
    session.seen->nanoseconds = processor_time() - begin;
    return session.seen;
}
