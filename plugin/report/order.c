/* order.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/order.h"

static int
compare_numbers(int64_t one, int64_t other)
{
    return (one > other) - (one < other);
}

static int
compare_parties(const party_t *one, const party_t *other)
{
    int order = cmp_address(&one->addr, &other->addr);

    return order ? order : compare_numbers(one->port, other->port);
}

/* A file can have any number of nanoseconds, of which nstime_cmp() takes the difference. */
static int
compare_times(const nstime_t *one, const nstime_t *other)
{
    int order = compare_numbers(one->secs, other->secs);

    return order ? order : compare_numbers(one->nsecs, other->nsecs);
}

/* Attempts have no number of their own, and several can begin at once, in one frame even. */
int
order_of_sessions(const session_t *one, const session_t *other)
{
    int order = compare_times(&one->setup.at, &other->setup.at);

    if (order == 0)
        order = compare_numbers(one->number, other->number);
    if (order == 0)
        order = compare_numbers(one->setup.frame, other->setup.frame);
    for (side_t side = 0; order == 0 && side < SIDE_COUNT; side++)
        order = compare_parties(&one->parties[side], &other->parties[side]);
    return order;
}
