/* connection.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/connection.h"

#include "common/protocol.h"
#include "session/hosts.h"

connection_t *
connection_find(const conversation_t *conversation)
{
    return conversation_get_proto_data(conversation, proto_msiccp);
}

connection_t *
connection_get(conversation_t *conversation, const packet_info *pinfo)
{
    connection_t *connection = connection_find(conversation);

    if (!connection) {
        connection = wmem_new0(wmem_file_scope(), connection_t);
        copy_address_wmem(wmem_file_scope(), &connection->first_addr, &pinfo->src);
        connection->first_port = (uint16_t)pinfo->srcport;
        if (pinfo->ptype == PT_TCP)
            connection->captured = wmem_new0(wmem_file_scope(), captured_t);
        conversation_add_proto_data(conversation, proto_msiccp, connection);
    }
    return connection;
}

bool
connection_is(const connection_t *connection, coding_t coding, uint32_t frame)
{
    return connection && connection->since[coding] && connection->since[coding] <= frame;
}

void
connection_set(connection_t *connection, coding_t coding, uint32_t frame)
{
    if (!connection->since[coding])
        connection->since[coding] = frame;
}

static const told_t *
told_at(const connection_t *connection, uint32_t frame)
{
    return connection->told ? wmem_tree_lookup32_le(connection->told, frame) : NULL;
}

const told_t *
connection_foreign(const connection_t *connection, uint32_t frame)
{
    return connection ? told_at(connection, frame) : NULL;
}

const told_t *
connection_foreign_at_last(const connection_t *connection, uint32_t frame)
{
    const told_t *told = told_at(connection, frame);

    return told ? told : connection->first_told;
}

void
connection_set_foreign(connection_t *connection, const struct foreign *foreign, uint32_t frame)
{
    told_t *told = wmem_new(wmem_file_scope(), told_t);

    connection_set(connection, CODING_FOREIGN, frame);
    told->foreign = foreign;
    told->frame = frame;
    if (!connection->told)
        connection->told = wmem_tree_new(wmem_file_scope());
    wmem_tree_insert32(connection->told, frame, told);
    if (!connection->first_told)
        connection->first_told = told;
}

turn_t
connection_turn(connection_t *connection, bool by_opener)
{
    turn_t turn = {.by_opener = by_opener};

    turn.starts = connection->turns == 0 || connection->turn_by_opener != by_opener;
    if (turn.starts)
        connection->turns++;
    turn.number = connection->turns;
    turn.is_first_of_opener = by_opener && !connection->opener_has_spoken;
    connection->turn_by_opener = by_opener;
    connection->opener_has_spoken |= by_opener;
    return turn;
}

/* What closes a connection. */
typedef struct {
    packet_info *pinfo;
    bool by_reset;
} closing_t;

static void
close_call(void *value, void *data)
{
    const closing_t *closing = data;
    session_t *session = value;

    if (session->coding == CODING_OPAQUE)
        hosts_leave(session);
    call_control_closed(session, closing->pinfo, closing->by_reset);
}

void
connection_close(connection_t *connection, packet_info *pinfo, bool by_reset)
{
    closing_t closing = {pinfo, by_reset};

    if (connection->is_closed)
        return;
    connection->is_closed = true;
    few_each(&connection->calls, close_call, &closing);
}

static bool
is_first_end(const connection_t *connection, const address *addr, uint32_t port)
{
    return connection->first_port == port && addresses_equal(&connection->first_addr, addr);
}

bool
connection_is_of(const connection_t *connection, const packet_info *pinfo)
{
    return connection->captured && (is_first_end(connection, &pinfo->src, pinfo->srcport) ||
                                    is_first_end(connection, &pinfo->dst, pinfo->destport));
}

unsigned
connection_end_of_sender(const connection_t *connection, const packet_info *pinfo)
{
    return !(pinfo->srcport == connection->first_port &&
             addresses_equal(&pinfo->src, &connection->first_addr));
}
