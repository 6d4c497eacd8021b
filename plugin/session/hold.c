/* hold.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/hold.h"

static bool
is_asked_for(const hold_t *hold)
{
    return hold->asked[SIDE_CALLER] || hold->asked[SIDE_CALLEE];
}

static void
begin(step_t *step, const packet_info *pinfo)
{
    session_t *session = step->session;

    if (!session->hold)
        session->hold = wmem_new0(wmem_file_scope(), hold_t);
    if (session->hold->asked[step->sender])
        return;
    session->hold->asked[step->sender] = true;
    call_mark(&session->hold->since, pinfo);
    step->event = EVENT_HOLD;
}

static void
go_on(step_t *step, const packet_info *pinfo)
{
    hold_t *hold = step->session->hold;

    step->event = EVENT_RESUME;
    if (is_asked_for(hold))
        return;
    hold->before = hold_time(step->session, &pinfo->abs_ts);
    hold->since.frame = 0;
}

static bool
opens_channel(const message_t *message)
{
    return message->opened && wmem_array_get_count(message->opened) > 0;
}

/* An end that can do something again goes on, and so do both where a channel is opened. */
static void
learn_to_go_on(step_t *step, const packet_info *pinfo, const message_t *message)
{
    hold_t *hold = step->session->hold;

    if (opens_channel(message))
        memset(hold->asked, 0, sizeof hold->asked);
    else if (message->has_capabilities && hold->asked[step->sender])
        hold->asked[step->sender] = false;
    else
        return;
    go_on(step, pinfo);
}

/* The first set of a call may be empty, too: there is nothing to pause before there is media. */
void
hold_learn(step_t *step, const packet_info *pinfo, const message_t *message)
{
    const session_t *session = step->session;

    if (!session->answer.frame || call_is_over(session) || step->event != EVENT_OTHER)
        return;
    if (call_is_held(session))
        learn_to_go_on(step, pinfo, message);
    if (message->sets_capabilities && !message->has_capabilities && session->media_agreed)
        begin(step, pinfo);
}

nstime_t
hold_time(const session_t *session, const nstime_t *until)
{
    const hold_t *hold = session->hold;
    nstime_t held = NSTIME_INIT_ZERO;
    nstime_t now;

    if (!hold)
        return held;
    held = hold->before;
    if (hold->since.frame) {
        nstime_delta(&now, until, &hold->since.at);
        nstime_add(&held, &now);
    }
    return held;
}
