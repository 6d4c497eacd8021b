/* entry.h
 * What Wireshark looks for in a plugin: its version, and the Wireshark that it was built for. It is
 * included once, after all other headers, by the file that has plugin_register(), which it
 * declares.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_ENTRY_H
#define MSICCP_ENTRY_H

#include "common/compat.h"

#if !MSICCP_WS_BEFORE(4, 2)
#include <wsutil/plugins.h>
#endif

/* What the headers above declare is Wireshark's; what follows is this library's own. */
#ifndef WS_BUILD_DLL
#define WS_BUILD_DLL
#endif
#define RESET_SYMBOL_EXPORT
#include <ws_symbol_export.h>

WS_DLL_PUBLIC_DEF const char plugin_version[] = PLUGIN_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);
#if !MSICCP_WS_BEFORE(4, 2)
WS_DLL_PUBLIC uint32_t plugin_describe(void);
#endif

#endif
