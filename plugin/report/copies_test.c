/* copies_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/copies.h"

static const uint8_t octets[] = {1, 2, 3, 4};
static const uint8_t others[] = {1, 2, 3, 5};

static struct _rtp_info
packet(uint16_t sequence)
{
    return (struct _rtp_info){.info_seq_num = sequence,
                              .info_timestamp = 160u * sequence,
                              .info_all_data_present = TRUE,
                              .info_data_len = sizeof octets,
                              .info_data = octets};
}

static bool
add(copies_t *copies, uint16_t sequence)
{
    const struct _rtp_info info = packet(sequence);

    return copies_add(copies, &info);
}

static void
a_copy_is_counted(void)
{
    copies_t copies = {.kept = 0};

    g_assert_false(add(&copies, 7));
    g_assert_true(add(&copies, 7));
    g_assert_false(add(&copies, 8));
    g_assert_true(add(&copies, 7));
    g_assert_true(add(&copies, 8));
    g_assert_cmpuint(copies.count, ==, 3);
    g_assert_cmpuint(copies.kept, ==, 2);
    g_assert_cmpuint(copies.newest, ==, 8);
}

/* Each of these is a packet of its own, though the number has come. */
static void
all_must_be_the_same(void)
{
    copies_t copies = {.kept = 0};
    struct _rtp_info info;

    add(&copies, 7);
    add(&copies, 9);
    info = packet(8);
    info.info_timestamp = 160u * 7;
    g_assert_false(copies_add(&copies, &info));
    info = packet(7);
    info.info_timestamp++;
    g_assert_false(copies_add(&copies, &info));
    info = packet(7);
    info.info_data_len--;
    g_assert_false(copies_add(&copies, &info));
    info = packet(7);
    info.info_data = others;
    g_assert_false(copies_add(&copies, &info));
    g_assert_cmpuint(copies.count, ==, 0);
    g_assert_cmpuint(copies.newest, ==, 9);
}

/* What is not all there is compared by what is known of it. */
static void
octets_may_be_missing(void)
{
    copies_t copies = {.kept = 0};
    struct _rtp_info info = packet(7);

    info.info_all_data_present = FALSE;
    info.info_data = NULL;
    g_assert_false(copies_add(&copies, &info));
    g_assert_true(copies_add(&copies, &info));
    info.info_data_len--;
    g_assert_false(copies_add(&copies, &info));
    g_assert_false(add(&copies, 7));
}

static void
numbers_wrap(void)
{
    copies_t copies = {.kept = 0};

    g_assert_false(add(&copies, 0xffff));
    g_assert_cmpuint(copies.newest, ==, 0xffff);
    g_assert_false(add(&copies, 0));
    g_assert_cmpuint(copies.newest, ==, 0);
    g_assert_true(add(&copies, 0xffff));
    /* half of them ahead is behind, and no copy of anything */
    g_assert_false(add(&copies, 0x8000));
    g_assert_cmpuint(copies.newest, ==, 0);
    g_assert_false(add(&copies, 0x7fff));
    g_assert_cmpuint(copies.newest, ==, 0x7fff);
}

/* What is ahead of all others is not looked for among them. */
static void
what_is_ahead_is_new(void)
{
    copies_t copies = {.kept = 0};

    add(&copies, 7);
    copies.newest = 6;
    g_assert_false(add(&copies, 7));
}

static void
so_many_are_kept(void)
{
    copies_t copies = {.kept = 0};

    for (uint16_t sequence = 0; sequence <= PACKETS_KEPT; sequence++)
        g_assert_false(add(&copies, sequence));
    g_assert_true(add(&copies, 1));
    g_assert_true(add(&copies, PACKETS_KEPT));
    g_assert_false(add(&copies, 0));
    g_assert_false(add(&copies, 1));
    g_assert_true(add(&copies, 0));
    g_assert_cmpuint(copies.count, ==, 3);
}

/* Room that nothing is in yet is no packet. */
static void
an_empty_place_is_no_packet(void)
{
    copies_t copies = {.kept = 0};
    struct _rtp_info nothing = {.info_seq_num = 0};

    add(&copies, 1);
    g_assert_false(copies_add(&copies, &nothing));
    g_assert_true(copies_add(&copies, &nothing));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/copies/a_copy_is_counted", a_copy_is_counted);
    g_test_add_func("/copies/all_must_be_the_same", all_must_be_the_same);
    g_test_add_func("/copies/octets_may_be_missing", octets_may_be_missing);
    g_test_add_func("/copies/numbers_wrap", numbers_wrap);
    g_test_add_func("/copies/what_is_ahead_is_new", what_is_ahead_is_new);
    g_test_add_func("/copies/so_many_are_kept", so_many_are_kept);
    g_test_add_func("/copies/an_empty_place_is_no_packet", an_empty_place_is_no_packet);
    return g_test_run();
}
