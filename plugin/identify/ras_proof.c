/* ras_proof.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/ras_proof.h"

#include "readers/ras.h"
#include "session/session.h"

/* A message shorter than this proves nothing on its own. */
#define TELLING_LENGTH 20

/* The messages that are long and structured enough for a decode to mean something. */
static bool
is_telling(int type)
{
    switch (type) {
    case RAS_URQ:
    case RAS_ARQ:
    case RAS_ACF:
    case RAS_BRQ:
    case RAS_DRQ:
    case RAS_LRQ:
    case RAS_LCF:
    case RAS_IRR:
        return true;
    default:
        return false;
    }
}

/* What makes a message that decodes credible: its own length, its request, or others before it. */
static bool
is_credible(tvbuff_t *tvb, const packet_info *pinfo, uint8_t type, uint16_t number)
{
    if (is_telling(type) && tvb_captured_length(tvb) >= TELLING_LENGTH)
        return true;
    if ((type == RAS_RAI || type == RAS_RAC) && ras_has_protocol_identifier(tvb))
        return true;
    /* What these answer (IRR) is no request, of which nothing is kept. */
    if (ras_role(type) == RAS_RESPONSE && type != RAS_IACK && type != RAS_INAK)
        return admission_has_request(pinfo, type, number);
    return admission_are_speakers(pinfo);
}

bool
ras_is_proven(tvbuff_t *tvb, packet_info *pinfo)
{
    int type = ras_type(tvb);
    uint16_t number;

    if (type < 0)
        return false;
    if (ras_is_opening((uint8_t)type))
        return ras_has_protocol_identifier(tvb);
    return ras_decodes(tvb, pinfo, &number) && is_credible(tvb, pinfo, (uint8_t)type, number);
}
