/* h245.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/h245.h"

#include "common/protocol.h"
#include "common/upstream.h"
#include "readers/reading.h"

#include <epan/exceptions.h>

static dissector_handle_t upstream_h245_handle;

void
h245_handoff(void)
{
    upstream_h245_handle = find_dissector_add_dependency("h245", proto_msiccp);
}

int
h245_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return upstream_dissect(upstream_h245_handle, tvb, pinfo, tree, data);
}

message_t *
h245_message(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const reading_t reading = reading_begin(pinfo, tree);
    message_t *message = wmem_new0(pinfo->pool, message_t);

    message->coding = CODING_H225;
    message->event = EVENT_OTHER;
    message->reason = NO_REASON;
    TRY
    {
        h245_dissect(tvb, pinfo, reading.tree, NULL);
    }
    FINALLY
    {
        reading_end(&reading, pinfo->pool, message);
    }
    ENDTRY;
    return reading_first(&reading) ? message : NULL;
}
