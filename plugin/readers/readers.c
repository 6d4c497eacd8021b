/* readers.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/readers.h"

#include "readers/netmeeting.h"
#include "readers/reading.h"
#include "readers/recall.h"
#include "readers/waveform.h"

void
readers_register(module_t *module)
{
    opaque_register();
    ras_register();
    netmeeting_register();
    waveform_register();
    recall_register();
    native_register(module);
}

void
readers_handoff(void)
{
    reading_handoff();
    h225_handoff();
    h245_handoff();
    ras_handoff();
    netmeeting_handoff();
}
