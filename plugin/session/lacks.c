/* lacks.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/lacks.h"

#include <epan/prefs-int.h>
#include <epan/prefs.h>

static const captured_half_t *
half_of(const session_t *session, carrier_t carrier, side_t sender)
{
    const carried_t *carried = &session->carried[carrier];

    return carried->captured ? &carried->captured->ends[(unsigned)sender ^ carried->is_turned]
                             : NULL;
}

uint32_t
lacks_octets(const session_t *session, carrier_t carrier, side_t sender)
{
    const carried_t *carried = &session->carried[carrier];

    return carried->captured
               ? captured_missing(carried->captured, (unsigned)sender ^ carried->is_turned)
               : 0;
}

/* What the other end sends is heard of, by segments or media; a word of an end is no sign of that.
 */
bool
lacks_all_of(const session_t *session, side_t sender)
{
    const captured_half_t *half = half_of(session, OVER_CONTROL, sender);
    const captured_half_t *other = half_of(session, OVER_CONTROL, !sender);

    return half && half->segments == 0 && other->segments > 1 &&
           !call_has_media_to(session, !sender);
}

bool
lacks_captured(const session_t *session, side_t sender)
{
    return lacks_all_of(session, sender) || lacks_octets(session, OVER_CONTROL, sender) > 0 ||
           lacks_octets(session, OVER_H245, sender) > 0;
}

static bool
is_put_in_order(void)
{
    module_t *tcp = prefs_find_module("tcp");
    pref_t *preference = tcp ? prefs_find_preference(tcp, "reassemble_out_of_order") : NULL;

    return preference && prefs_get_bool_value(preference, pref_current);
}

bool
lacks_order(const session_t *session, side_t sender)
{
    const captured_half_t *control = half_of(session, OVER_CONTROL, sender);
    const captured_half_t *h245 = half_of(session, OVER_H245, sender);

    return ((control && control->is_disordered) || (h245 && h245->is_disordered)) &&
           !is_put_in_order();
}

bool
lacks_some_of(const session_t *session, side_t sender)
{
    return lacks_captured(session, sender) || lacks_order(session, sender);
}

bool
lacks_acknowledgement(const session_t *session, side_t sender)
{
    const carried_t *carried = &session->carried[OVER_CONTROL];

    return carried->captured &&
           captured_is_ignored(carried->captured, (unsigned)sender ^ carried->is_turned);
}

bool
lacks_no_answer(const session_t *session)
{
    return !lacks_all_of(session, SIDE_CALLEE) &&
           lacks_octets(session, OVER_CONTROL, SIDE_CALLEE) == 0 &&
           !lacks_order(session, SIDE_CALLEE);
}
