/* order.h
 * The order of sessions and attempts in reports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_ORDER_H
#define MSICCP_ORDER_H

#include "session/call.h"

/*
 * By their beginning: less than, equal to or greater than 0 as for qsort(). It is not 0 of two
 * sessions, nor of attempts between different ends, so that a report is the same each time.
 */
int order_of_sessions(const session_t *one, const session_t *other);

#endif
