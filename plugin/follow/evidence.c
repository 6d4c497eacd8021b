/* evidence.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "follow/evidence.h"

#include "common/protocol.h"
#include "session/session.h"
#include "show/show.h"
#include "taps/taps.h"

void
follow_notes(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, note_t *notes)
{
    const note_t *shown = p_get_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_SHOWN_EVIDENCE);

    p_set_proto_data(pinfo->pool, pinfo, proto_msiccp, KEY_SHOWN_EVIDENCE, notes);
    for (const note_t *note = notes; note != shown; note = note->next) {
        if (show_note(tvb, pinfo, tree, note))
            taps_evidence(pinfo, note);
    }
}
