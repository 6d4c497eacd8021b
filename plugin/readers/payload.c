/* payload.c
 *
 * Wireshark has these names and clocks too, but no longer opens them to plugins.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/payload.h"

#include <glib.h>

#define COMFORT_NOISE 13
#define COMFORT_NOISE_OLD 19

static const struct {
    const char *name;
    unsigned clock;
} fixed[] = {
    [0] = {"PCMU", 8000},   [1] = {"1016", 8000},   [2] = {"G721", 8000},   [3] = {"GSM", 8000},
    [4] = {"G723", 8000},   [5] = {"DVI4", 8000},   [6] = {"DVI4", 16000},  [7] = {"LPC", 8000},
    [8] = {"PCMA", 8000},   [9] = {"G722", 8000},   [10] = {"L16", 44100},  [11] = {"L16", 44100},
    [12] = {"QCELP", 8000}, [13] = {"CN", 8000},    [14] = {"MPA", 90000},  [15] = {"G728", 8000},
    [16] = {"DVI4", 11025}, [17] = {"DVI4", 22050}, [18] = {"G729", 8000},  [19] = {"CN", 8000},
    [25] = {"CelB", 90000}, [26] = {"JPEG", 90000}, [28] = {"nv", 90000},   [31] = {"H261", 90000},
    [32] = {"MPV", 90000},  [33] = {"MP2T", 90000}, [34] = {"H263", 90000},
};

bool
payload_is_comfort_noise(unsigned type)
{
    return type == COMFORT_NOISE || type == COMFORT_NOISE_OLD;
}

unsigned
payload_clock(unsigned type)
{
    return type < G_N_ELEMENTS(fixed) ? fixed[type].clock : 0;
}

const char *
payload_name(unsigned type)
{
    return type < G_N_ELEMENTS(fixed) ? fixed[type].name : NULL;
}
