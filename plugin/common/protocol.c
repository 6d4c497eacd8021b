/* protocol.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/protocol.h"

int proto_msiccp = -1;
