/* order.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/order.h"

static int
compare_numbers(uint32_t one, uint32_t other)
{
    return (one > other) - (one < other);
}

static int
compare_parties(const party_t *one, const party_t *other)
{
    int order = cmp_address(&one->addr, &other->addr);

    return order ? order : compare_numbers(one->port, other->port);
}

/* Attempts have no number of their own, and several can begin at once, in one frame even. */
int
order_of_sessions(const session_t *one, const session_t *other)
{
    int order = nstime_cmp(&one->setup.at, &other->setup.at);

    if (order == 0)
        order = compare_numbers(one->number, other->number);
    if (order == 0)
        order = compare_numbers(one->setup.frame, other->setup.frame);
    for (side_t side = 0; order == 0 && side < SIDE_COUNT; side++)
        order = compare_parties(&one->parties[side], &other->parties[side]);
    return order;
}
