/* handles.h
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_HANDLES_H
#define MSICCP_HANDLES_H

#include "common/compat.h"

#include <epan/packet.h>

/* Our dissectors of what calls announce, and of what tells of calls, in front of Wireshark's. */
typedef struct {
    dissector_handle_t h245;
    dissector_handle_t data;
    dissector_handle_t rtp;
    dissector_handle_t rtcp;
    dissector_handle_t expected_rtcp; /* where no message named it */
    dissector_handle_t t38;
    dissector_t tcp;
    dissector_t icmp;
    dissector_t icmpv6;
} media_handles_t;

#endif
