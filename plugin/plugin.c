/* plugin.c
 * What Wireshark loads: the plugin's version, the Wireshark it was built for,
 * and the registration of its protocol.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/compat.h"

#include <ws_symbol_export.h>

#if !MSICCP_WS_BEFORE(4, 2)
#include <wsutil/plugins.h>
#endif

#include "../packet-msiccp.h"

WS_DLL_PUBLIC_DEF const char plugin_version[] = PLUGIN_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);

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
WS_DLL_PUBLIC uint32_t plugin_describe(void);

uint32_t
plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR;
}
#endif
