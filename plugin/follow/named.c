/* named.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "follow/named.h"

#include "common/protocol.h"
#include "identify/identify.h"
#include "show/show.h"
#include "taps/taps.h"

void
follow_named(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const told_t *told)
{
    if (told && told->foreign &&
        show_foreign(tvb, pinfo, tree, told->foreign->name, pinfo->num == told->frame))
        taps_foreign(pinfo, told->foreign->name);
}

void
follow_remember(packet_info *pinfo, connection_t *connection)
{
    if (!PINFO_FD_VISITED(pinfo))
        p_set_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_FOREIGN_CONNECTION,
                         connection);
}

void
follow_named_again(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const connection_t *connection =
        p_get_proto_data(wmem_file_scope(), pinfo, proto_msiccp, KEY_FOREIGN_CONNECTION);

    if (connection && connection_is_of(connection, pinfo))
        follow_named(tvb, pinfo, tree, connection_foreign_at_last(connection, pinfo->num));
}
