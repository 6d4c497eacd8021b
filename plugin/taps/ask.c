/* ask.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "taps/ask.h"

#include "common/numbering.h"
#include "common/protocol.h"

#include <epan/tap.h>

#define NUMBER_OFFSET 0
#define BEFORE_OFFSET 8
#define ASK_LENGTH 16

static int ask_tap;

static int
dissect_ask(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree _U_, void *data _U_)
{
    ask_t *ask;

    if (!have_tap_listener(ask_tap) || tvb_captured_length(tvb) < ASK_LENGTH)
        return 0;
    if (!PINFO_FD_VISITED(pinfo))
        numbering_pass_over(pinfo->num, tvb_get_ntoh64(tvb, BEFORE_OFFSET));
    ask = wmem_new(pinfo->pool, ask_t);
    ask->number = tvb_get_ntoh64(tvb, NUMBER_OFFSET);
    tap_queue_packet(ask_tap, pinfo, ask);
    return ASK_LENGTH;
}

void
ask_register(void)
{
    numbering_register();
    ask_tap = register_tap(ASK_TAP);
    register_dissector("msiccp_ask", dissect_ask, proto_msiccp);
}
