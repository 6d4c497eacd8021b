/* emodel_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/emodel.h"

#include <math.h>

static const struct {
    const char *codec;
    unsigned payload_octets;
    double loss;
    double burst_ratio;
    double rating; /* negative: it cannot be told */
} cases[] = {
    {"PCMU", 160, 0, 1, 93.2},
    {"PCMU", 160, 0.01, 1, 93.2 - 95 / 5.3},
    {"PCMU", 160, 0.01, 2, 93.2 - 95 / 4.8},
    {"G723", 24, 0, 1, 78.2},
    {"G723", 48, 0.02, 1, 93.2 - 15 - 80 * 2 / 18.1},
    {"G723", 20, 0, 1, 74.2},
    {"G723", 20, 0.02, 1, -1},
    {"G729", 20, 0, 1, 82.2},
    {"GSM", 33, 0, 1, 73.2},
    {"GSM", 33, 0.001, 1, -1},
    {"PCMA", 160, 1, 1, 2.117},
};

static void
ratings(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        codec_impairment_t impairment;

        g_assert_true(emodel_codec(cases[i].codec, cases[i].payload_octets, &impairment));
        g_assert_cmpfloat_with_epsilon(
            emodel_rating(&impairment, cases[i].loss, cases[i].burst_ratio), cases[i].rating, 0.01);
    }
}

static void
a_codec_of_which_nothing_is_published_has_none(void)
{
    codec_impairment_t impairment;

    g_assert_false(emodel_codec("speex", 20, &impairment));
    g_assert_false(emodel_codec(NULL, 20, &impairment));
}

/* G.107 Annex B: the scores of some ratings. */
static void
scores(void)
{
    g_assert_cmpfloat_with_epsilon(emodel_mos(93.2), 4.41, 0.005);
    g_assert_cmpfloat_with_epsilon(emodel_mos(80), 4.02, 0.005);
    g_assert_cmpfloat_with_epsilon(emodel_mos(70), 3.60, 0.005);
    g_assert_cmpfloat_with_epsilon(emodel_mos(60), 3.10, 0.005);
    g_assert_cmpfloat_with_epsilon(emodel_mos(0), 1, 0.005);
    g_assert_cmpfloat_with_epsilon(emodel_mos(100), 4.5, 0.005);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/emodel/ratings", ratings);
    g_test_add_func("/emodel/nothing_published", a_codec_of_which_nothing_is_published_has_none);
    g_test_add_func("/emodel/scores", scores);
    return g_test_run();
}
