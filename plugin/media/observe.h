/* observe.h
 * Finds RTP between the two ends of a call though no message named its ports,
 * or only a candidate for them was found: by evidence in the packets themselves.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_OBSERVE_H
#define MSICCP_OBSERVE_H

#include "common/compat.h"

#include <epan/prefs.h>

void observe_register_preferences(module_t *module);

/* Adds the heuristic for UDP that no other dissector has claimed; with our own dissectors. */
void observe_handoff(dissector_handle_t rtp, dissector_handle_t rtcp);

#endif
