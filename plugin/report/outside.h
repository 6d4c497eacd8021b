/* outside.h
 * Addresses that are not of a private network.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_OUTSIDE_H
#define MSICCP_OUTSIDE_H

#include "common/compat.h"

#include <epan/address.h>

/* An address that can be reached from everywhere: RFC 1918, 3927, 4193, 4291, 6598 have the others.
 */
bool outside_is(const address *addr);

#endif
