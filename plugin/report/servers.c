/* servers.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/servers.h"

#include "common/hash.h"
#include "report/outside.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/tap.h>
#include <epan/to_str.h>

/* A SYN that is not answered while the capture goes on for so long is not, s. */
#define UNANSWERED_AFTER 3

/* Two sockets, in either order. */
typedef struct {
    transport_t transport;
    address one;
    address other;
    uint16_t one_port;
    uint16_t other_port;
} ends_t;

/* What goes on between two sockets: of TCP, one connection after the other. */
typedef struct talk {
    server_t *server; /* NULL: it is none of our ports that is served here */
    client_t *from;   /* NULL likewise */
    address client;
    uint16_t client_port;
    uint32_t stream; /* TCP's number for it, + 1; 0: not known */
    moment_t syn;
    bool is_answered;
    bool is_refused;
    bool is_missed; /* it counts as unanswered */
} talk_t;

struct servers {
    servers_draw_t draw;       /* NULL: whoever began it listens itself */
    servers_changed_t changed; /* NULL: nobody asks */
    void *data;
    unsigned callback; /* when the file is closed */

    /* Everything below is forgotten at once. */
    wmem_allocator_t *pool; /* NULL: there is nothing yet */
    wmem_map_t *by_ends;    /* ends_t -> talk_t, the latest */
    wmem_map_t *by_socket;  /* ends_t with one end -> server_t */
    wmem_list_t *open;      /* of talk_t: SYNs that may yet be answered in time, the first first */
    unsigned client_ports;
};

static unsigned
ends_hash(const void *key)
{
    const ends_t *ends = key;

    /* The same in either order. */
    return hash_address(&ends->one, ends->one_port) + hash_address(&ends->other, ends->other_port) +
           ends->transport;
}

static gboolean
ends_equal(const void *a, const void *b)
{
    const ends_t *one = a;
    const ends_t *other = b;

    if (one->transport != other->transport)
        return FALSE;
    return (one->one_port == other->one_port && one->other_port == other->other_port &&
            addresses_equal(&one->one, &other->one) &&
            addresses_equal(&one->other, &other->other)) ||
           (one->one_port == other->other_port && one->other_port == other->one_port &&
            addresses_equal(&one->one, &other->other) && addresses_equal(&one->other, &other->one));
}

void
servers_reset(servers_t *servers)
{
    if (servers->pool)
        wmem_destroy_allocator(servers->pool);
    servers->pool = NULL;
    servers->client_ports = 0;
}

static ws_bool
forget_with_file(wmem_allocator_t *scope _U_, wmem_cb_event_t event _U_, void *user_data)
{
    servers_reset(user_data);
    return true;
}

static void
remember(servers_t *servers)
{
    if (servers->pool)
        return;
    servers->pool = wmem_allocator_new(WMEM_ALLOCATOR_SIMPLE);
    servers->by_ends = wmem_map_new(servers->pool, ends_hash, ends_equal);
    servers->by_socket = wmem_map_new(servers->pool, ends_hash, ends_equal);
    servers->open = wmem_list_new(servers->pool);
}

static ends_t *
kept_ends(servers_t *servers, const ends_t *ends)
{
    ends_t *kept = wmem_memdup(servers->pool, ends, sizeof *ends);

    copy_address_wmem(servers->pool, &kept->one, &ends->one);
    copy_address_wmem(servers->pool, &kept->other, &ends->other);
    return kept;
}

static unsigned
client_hash(const void *key)
{
    return hash_address(key, 0);
}

static gboolean
client_equal(const void *a, const void *b)
{
    return addresses_equal(a, b);
}

static server_t *
server_of(servers_t *servers, transport_t transport, const address *addr, uint16_t port)
{
    const ends_t socket = {.transport = transport, .one = *addr, .one_port = port};
    server_t *server = wmem_map_lookup(servers->by_socket, &socket);
    ends_t *kept;

    if (server)
        return server;
    kept = kept_ends(servers, &socket);
    server = wmem_new0(servers->pool, server_t);
    server->transport = transport;
    server->addr = kept->one;
    server->port = port;
    server->spoken = wmem_list_new(servers->pool);
    server->sessions = wmem_map_new(servers->pool, g_direct_hash, g_direct_equal);
    server->clients = wmem_map_new(servers->pool, client_hash, client_equal);
    wmem_map_insert(servers->by_socket, kept, server);
    return server;
}

/*
 * Who is asked. A SYN tells; without one it is the end at our port, unless the other port is
 * one that servers have: clients drew theirs from 1024 up.
 */
static bool
is_to_server(transport_t transport, const ends_t *ends, unsigned flags)
{
    bool from_ours = ports_is_ours(transport, ends->one_port);
    bool to_ours = ports_is_ours(transport, ends->other_port);

    if (flags & TH_SYN)
        return !(flags & TH_ACK);
    if (from_ours != to_ours)
        return to_ours != ports_is_service(transport, to_ours ? ends->one_port : ends->other_port);
    return true;
}

static client_t *
client_of(servers_t *servers, server_t *server, const address *addr)
{
    client_t *client = wmem_map_lookup(server->clients, addr);

    if (!client) {
        client = wmem_new0(servers->pool, client_t);
        client->addr = *addr;
        wmem_map_insert(server->clients, &client->addr, client);
        server->silent++;
    }
    return client;
}

static talk_t *
talk_new(servers_t *servers, const ends_t *ends, unsigned flags)
{
    ends_t *kept = kept_ends(servers, ends);
    talk_t *talk = wmem_new0(servers->pool, talk_t);
    bool to_server = is_to_server(ends->transport, ends, flags);
    uint16_t port = to_server ? kept->other_port : kept->one_port;

    talk->client = to_server ? kept->one : kept->other;
    talk->client_port = to_server ? kept->one_port : kept->other_port;
    wmem_map_insert(servers->by_ends, kept, talk);
    if (!ports_is_ours(ends->transport, port)) {
        servers->client_ports++;
        return talk;
    }
    talk->server = server_of(servers, ends->transport, to_server ? &kept->other : &kept->one, port);
    talk->server->connections++;
    talk->from = client_of(servers, talk->server, &talk->client);
    talk->from->latest = talk;
    return talk;
}

/* NULL: it is at none of our ports. */
static talk_t *
talk_of(servers_t *servers, const ends_t *ends, unsigned flags, uint32_t stream)
{
    talk_t *talk;

    if (!ports_is_ours(ends->transport, ends->one_port) &&
        !ports_is_ours(ends->transport, ends->other_port))
        return NULL;
    remember(servers);
    talk = wmem_map_lookup(servers->by_ends, ends);
    if (!talk || (stream && talk->stream && talk->stream != stream))
        talk = talk_new(servers, ends, flags);
    if (stream)
        talk->stream = stream;
    return talk;
}

static void
speak(servers_t *servers, server_t *server, kind_t kind, const char *name, told_by_t told_by)
{
    wmem_list_frame_t *frame = wmem_list_head(server->spoken);
    spoken_t *spoken;

    for (; frame; frame = wmem_list_frame_next(frame)) {
        spoken = wmem_list_frame_data(frame);
        if (spoken->kind == kind && g_strcmp0(spoken->name, name) == 0)
            return;
    }
    spoken = wmem_new0(servers->pool, spoken_t);
    spoken->kind = kind;
    spoken->name = name ? wmem_strdup(servers->pool, name) : NULL;
    spoken->told_by = told_by;
    wmem_list_append(server->spoken, spoken);
}

static void
note_step(servers_t *servers, const talk_t *talk, const step_t *step)
{
    static const told_by_t told[] = {
        [CODING_H225] = TOLD_BY_SIGNATURE,
        [CODING_RAS] = TOLD_BY_SIGNATURE,
        [CODING_NATIVE] = TOLD_BY_LAYOUT,
        [CODING_OPAQUE] = TOLD_BY_INFERENCE,
    };
    const session_t *session = step->session;
    server_t *server = talk->server;

    if (step->coding > CODING_OPAQUE)
        return;
    speak(servers, server, KIND_CALL_CONTROL, vocabulary_word_or(step->coding, coding_vals, ""),
          told[step->coding]);
    if (session)
        wmem_map_insert(server->sessions, session, (void *)(uintptr_t)session);
    if (step->coding != CODING_OPAQUE && outside_is(&talk->client) && !outside_is(&server->addr))
        server->notes |= NOTE_FROM_OUTSIDE;
}

static void
tell_change(const servers_t *servers, server_t *server)
{
    if (servers->changed)
        servers->changed(server, servers->data);
}

/* By ICMP: the latest of the client's connections. */
static void
note_refusal(servers_t *servers, const session_t *attempt)
{
    const party_t *callee = &attempt->parties[SIDE_CALLEE];
    server_t *server;
    const client_t *client;

    remember(servers);
    server = server_of(servers, attempt->attempted_over, &callee->addr, callee->port);
    client = wmem_map_lookup(server->clients, &attempt->parties[SIDE_CALLER].addr);
    if (!client || client->latest->is_answered || client->latest->is_refused)
        return;
    client->latest->is_refused = true;
    server->refused++;
    server->unanswered -= client->latest->is_missed;
    client->latest->is_missed = false;
    tell_change(servers, server);
}

static void
note_said(servers_t *servers, const talk_t *talk, const tapped_t *tapped)
{
    if (tapped->step) {
        note_step(servers, talk, tapped->step);
    } else if (tapped->foreign) {
        speak(servers, talk->server, KIND_FOREIGN, tapped->foreign, TOLD_BY_SIGNATURE);
        talk->server->notes |= servers_notes_on(tapped->foreign);
    }
}

/* What Wireshark has found above TCP or UDP; NULL: nothing but bytes. */
static const char *
found_by_wireshark(const packet_info *pinfo, bool *is_ours)
{
    const char *name = NULL;
    bool is_above = false;

    *is_ours = false;
    for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer;
         layer = wmem_list_frame_next(layer)) {
        const char *filter =
            proto_get_protocol_filter_name(GPOINTER_TO_INT(wmem_list_frame_data(layer)));

        if (is_above && !name && strcmp(filter, "data") != 0 && strcmp(filter, "msiccp") != 0)
            name = proto_get_protocol_short_name(
                find_protocol_by_id(GPOINTER_TO_INT(wmem_list_frame_data(layer))));
        *is_ours |= strcmp(filter, "msiccp") == 0;
        if (strcmp(filter, "tcp") == 0 || strcmp(filter, "udp") == 0) {
            is_above = true;
            name = NULL;
        }
    }
    return name;
}

/* A payload that our dissector has said nothing of is Wireshark's, or nobody's. */
static void
note_payload(servers_t *servers, talk_t *talk, const packet_info *pinfo, bool to_server,
             uint32_t length)
{
    server_t *server = talk->server;
    bool is_ours;
    const char *name = found_by_wireshark(pinfo, &is_ours);

    server->silent -= !talk->from->has_spoken;
    talk->from->has_spoken = true;
    if (to_server)
        server->bytes_to_server += length;
    else
        server->bytes_from_server += length;
    if (wmem_list_count(server->spoken) > 0 || is_ours)
        return;
    if (name)
        speak(servers, server, KIND_FOREIGN, name, TOLD_BY_HEURISTIC);
}

static void
note_packet(servers_t *servers, talk_t *talk, const packet_info *pinfo, bool to_server,
            uint32_t length)
{
    server_t *server = talk->server;

    if (!server->first.frame) {
        server->first.frame = pinfo->num;
        server->first.at = pinfo->abs_ts;
    }
    server->last.frame = pinfo->num;
    server->last.at = pinfo->abs_ts;
    if (length)
        note_payload(servers, talk, pinfo, to_server, length);
}

static void
note_answer(talk_t *talk, unsigned flags)
{
    if (flags & TH_RST && !talk->is_answered && !talk->is_refused) {
        talk->is_refused = true;
        talk->server->refused++;
    } else if (!(flags & TH_RST)) {
        talk->is_answered = true;
    }
}

static void
note_flags(servers_t *servers, talk_t *talk, const packet_info *pinfo, unsigned flags,
           bool to_server)
{
    if (!to_server) {
        note_answer(talk, flags);
        if (talk->is_missed && (talk->is_answered || talk->is_refused)) {
            talk->is_missed = false;
            talk->server->unanswered--;
        }
        return;
    }
    if ((flags & (TH_SYN | TH_ACK)) == TH_SYN && !talk->syn.frame) {
        talk->syn.frame = pinfo->num;
        talk->syn.at = pinfo->abs_ts;
        wmem_list_append(servers->open, talk);
    }
}

static double
seconds_open(const talk_t *talk, const packet_info *pinfo)
{
    nstime_t since;

    nstime_delta(&since, &pinfo->abs_ts, &talk->syn.at);
    return nstime_to_sec(&since);
}

/* Those that have waited for too long, by the time of this packet. */
static void
miss_answers(servers_t *servers, const packet_info *pinfo)
{
    wmem_list_frame_t *first = servers->pool ? wmem_list_head(servers->open) : NULL;

    while (first) {
        talk_t *talk = wmem_list_frame_data(first);

        if (seconds_open(talk, pinfo) < UNANSWERED_AFTER)
            return;
        wmem_list_remove_frame(servers->open, first);
        first = wmem_list_head(servers->open);
        if (talk->is_answered || talk->is_refused)
            continue;
        talk->is_missed = true;
        talk->server->unanswered++;
        tell_change(servers, talk->server);
    }
}

static void
hear_of(servers_t *servers, const packet_info *pinfo, const packet_t *packet)
{
    const ends_t ends = {.transport = packet->transport,
                         .one = packet->from,
                         .other = packet->to,
                         .one_port = packet->from_port,
                         .other_port = packet->to_port};
    talk_t *talk = talk_of(servers, &ends, packet->flags, packet->stream);
    bool to_server;

    if (!talk || !talk->server)
        return;
    if (packet->tapped) {
        note_said(servers, talk, packet->tapped);
    } else {
        to_server =
            packet->from_port == talk->client_port && addresses_equal(&packet->from, &talk->client);
        if (packet->transport == OVER_TCP)
            note_flags(servers, talk, pinfo, packet->flags, to_server);
        note_packet(servers, talk, pinfo, to_server, packet->length);
    }
    tell_change(servers, talk->server);
}

void
servers_hear(servers_t *servers, packet_info *pinfo, const packet_t *packet)
{
    const tapped_t *tapped = packet->tapped;

    miss_answers(servers, pinfo);
    if (tapped && tapped->note) {
        if (tapped->session->is_attempt &&
            tapped->note->evidence->finding == FINDING_CONTROL_REFUSED)
            note_refusal(servers, tapped->session);
        return;
    }
    if (!tapped || !tapped->joined)
        hear_of(servers, pinfo, packet);
}

static tap_packet_status
hear(void *data, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tap_data,
     tap_flags_t flags _U_)
{
    servers_hear(data, pinfo, tap_data);
    return TAP_PACKET_REDRAW;
}

static void
reset(void *data)
{
    servers_reset(data);
}

static void
draw(void *data)
{
    servers_t *servers = data;

    servers->draw(servers);
}

bool
servers_begin(const char *filter, servers_draw_t drawer, char **error)
{
    servers_t *servers = servers_new(NULL, NULL);
    GString *text;

    servers->draw = drawer;
    text = register_tap_listener(PACKETS_TAP, servers, filter, TL_REQUIRES_NOTHING, reset, hear,
                                 draw, NULL);
    if (!text)
        return true;
    servers_free(servers);
    *error = g_string_free(text, FALSE);
    return false;
}

servers_t *
servers_new(servers_changed_t changed, void *data)
{
    servers_t *servers = g_new0(servers_t, 1);

    packets_begin();
    servers->changed = changed;
    servers->data = data;
    servers->callback = wmem_register_callback(wmem_file_scope(), forget_with_file, servers);
    return servers;
}

void
servers_free(servers_t *servers)
{
    if (!servers)
        return;
    wmem_unregister_callback(wmem_file_scope(), servers->callback);
    servers_reset(servers);
    g_free(servers);
}

static void
add_server(void *key _U_, void *value, void *user_data)
{
    server_t *server = value;

    servers_settle(server);
    if (server->connections)
        g_ptr_array_add(user_data, server);
}

static int
compare_servers(const void *a, const void *b)
{
    const server_t *one = *(server_t *const *)a;
    const server_t *other = *(server_t *const *)b;
    int order = cmp_address(&one->addr, &other->addr);

    if (order == 0)
        order = (one->port > other->port) - (one->port < other->port);
    return order ? order : (int)one->transport - (int)other->transport;
}

GPtrArray *
servers_sorted(servers_t *servers)
{
    GPtrArray *sorted = g_ptr_array_new();

    if (servers->pool)
        wmem_map_foreach(servers->by_socket, add_server, sorted);
    g_ptr_array_sort(sorted, compare_servers);
    return sorted;
}

unsigned
servers_client_ports(const servers_t *servers)
{
    return servers->client_ports;
}
