/* payload.c
 *
 * Wireshark has these names and clocks too, but no longer opens them to plugins. Frames: RFC 3551
 * section 4.5.8 (GSM 06.10), ITU-T G.723.1 section 5.4 (its two lowest bits tell what a frame is),
 * ITU-T G.729 annex B (a description of silence has two octets).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/payload.h"

#include <glib.h>

#define TYPE_PCMU 0
#define TYPE_GSM 3
#define TYPE_G723 4
#define TYPE_PCMA 8
#define TYPE_G729 18

#define GSM_FRAME 33
#define GSM_SUBFRAMES 4
#define GSM_SUBFRAME 7
#define GSM_FIRST_AMPLITUDE 6 /* the octet that begins with the rest of what is before it */

#define G723_SILENCE 4
#define G723_NOTHING 1

#define G729_SILENCE 2

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

static bool
is_one_value(const uint8_t *octets, size_t length)
{
    for (size_t i = 1; i < length; i++) {
        if (octets[i] != octets[0])
            return false;
    }
    return length > 0;
}

/* The block amplitudes of all four subframes are zero. */
static bool
is_silent_gsm_frame(const uint8_t *frame)
{
    for (size_t i = 0; i < GSM_SUBFRAMES; i++) {
        const uint8_t *amplitude = frame + GSM_FIRST_AMPLITUDE + i * GSM_SUBFRAME;

        if (amplitude[0] & 0x1f || amplitude[1] & 0x80)
            return false;
    }
    return true;
}

static bool
is_silent_gsm(const uint8_t *octets, size_t length)
{
    if (length == 0 || length % GSM_FRAME != 0)
        return false;
    for (size_t at = 0; at < length; at += GSM_FRAME) {
        if (!is_silent_gsm_frame(octets + at))
            return false;
    }
    return true;
}

static bool
is_silent_g723(const uint8_t *octets, size_t length)
{
    size_t at = 0;

    while (at < length && octets[at] & 2)
        at += octets[at] & 1 ? G723_NOTHING : G723_SILENCE;
    return length > 0 && at >= length;
}

bool
payload_is_silence(unsigned type, const uint8_t *octets, size_t length)
{
    switch (type) {
    case TYPE_PCMU:
    case TYPE_PCMA:
        return is_one_value(octets, length);
    case TYPE_GSM:
        return is_silent_gsm(octets, length);
    case TYPE_G723:
        return is_silent_g723(octets, length);
    case TYPE_G729:
        return length == G729_SILENCE;
    default:
        return false;
    }
}
