/* hosts_test.h
 * Addresses, for the tests of rooms that tell hosts apart.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_HOSTS_TEST_H
#define MSICCP_HOSTS_TEST_H

#include "common/compat.h"

#include <epan/address.h>

/* Hosts of RFC 5737, nobody, and a group. */
static const uint8_t hosts[][4] = {{192, 0, 2, 1}, {192, 0, 2, 2}, {192, 0, 2, 3}, {192, 0, 2, 4},
                                   {192, 0, 2, 5}, {0, 0, 0, 0},   {224, 0, 0, 1}};

static address
host(unsigned number)
{
    address addr;

    set_address(&addr, AT_IPv4, sizeof hosts[number], hosts[number]);
    return addr;
}

#endif
