/* media.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "media/media.h"

#include "common/upstream.h"
#include "media/attempts.h"
#include "media/observe.h"
#include "media/places.h"
#include "media/settled.h"

void
media_register(module_t *module)
{
    upstream_register();
    places_register(module);
    settled_register();
    multiplexed_register();
    connections_register();
    attempts_register();
    observe_register_preferences(module);
}

void
media_handoff(const media_handles_t *handles)
{
    setup_handoff(handles);
    join_handoff();
    connections_handoff(handles);
    unreachable_handoff(handles);
    observe_handoff(handles->rtp, handles->rtcp);
}
