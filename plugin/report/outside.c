/* outside.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/outside.h"

typedef struct {
    int type;
    uint8_t first[2];
    uint8_t mask[2];
} network_t;

static const network_t inside[] = {
    {AT_IPv4, {10, 0}, {0xff, 0}},       {AT_IPv4, {172, 16}, {0xff, 0xf0}},
    {AT_IPv4, {192, 168}, {0xff, 0xff}}, {AT_IPv4, {169, 254}, {0xff, 0xff}},
    {AT_IPv4, {100, 64}, {0xff, 0xc0}},  {AT_IPv4, {127, 0}, {0xff, 0}},
    {AT_IPv6, {0xfc, 0}, {0xfe, 0}},     {AT_IPv6, {0xfe, 0x80}, {0xff, 0xc0}},
    {AT_IPv6, {0, 0}, {0xff, 0xff}},
};

bool
outside_is(const address *addr)
{
    const uint8_t *octets = addr->data;

    if (addr->type != AT_IPv4 && addr->type != AT_IPv6)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(inside); i++) {
        const network_t *network = &inside[i];

        if (network->type == addr->type && (octets[0] & network->mask[0]) == network->first[0] &&
            (octets[1] & network->mask[1]) == network->first[1])
            return false;
    }
    return true;
}
