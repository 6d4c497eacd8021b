/* plugin.c
 * What Wireshark loads: the plugin's version, the Wireshark it was built for,
 * and the registration of its protocol.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "../packet-msiccp.h"
#include "common/entry.h"

void
plugin_register(void)
{
    static proto_plugin msiccp = {
        .register_protoinfo = proto_register_msiccp,
        .register_handoff = proto_reg_handoff_msiccp,
    };

    proto_register_plugin(&msiccp);
}

#if !MSICCP_WS_BEFORE(4, 2)
uint32_t
plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR;
}
#endif
