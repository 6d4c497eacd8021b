/* recognise_test.h
 * What the tests of recognisers share: cases, each with what is said of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_RECOGNISE_TEST_H
#define MSICCP_RECOGNISE_TEST_H

#include "identify/recognise.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <glib.h>

/* Octets, of a payload that may be longer than what is captured of it. */
typedef struct {
    match_t match;
    const char *bytes;
    size_t length;
    unsigned more;
} case_t;

#define LONGER(match, more, bytes)                                                                 \
    {                                                                                              \
        match, bytes, sizeof(bytes) - 1, more                                                      \
    }
#define YES(bytes) LONGER(MATCH_YES, 0, bytes)
#define NO(bytes) LONGER(MATCH_NO, 0, bytes)
#define MAYBE(bytes) LONGER(MATCH_MAYBE, 0, bytes)

/* A place behind which nobody may read. */
static uint8_t *
end_of_memory(void)
{
    static uint8_t *end;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    if (!end) {
        uint8_t *begin =
            mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        g_assert_true(begin != MAP_FAILED);
        end = begin + page;
        g_assert_cmpint(mprotect(end, page, PROT_NONE), ==, 0);
    }
    return end;
}

/* Who reads behind the octets of a case dies of it. */
static void
expect(const case_t *cases, size_t count, match_t (*recognise)(const payload_t *payload))
{
    for (size_t i = 0; i < count; i++) {
        unsigned length = (unsigned)cases[i].length;
        uint8_t *copy = end_of_memory() - length;
        const payload_t payload = {.bytes = copy,
                                   .length = length,
                                   .captured = length,
                                   .reported = length + cases[i].more};

        memcpy(copy, cases[i].bytes, length);
        g_test_message("case %zu", i);
        g_assert_cmpint(recognise(&payload), ==, cases[i].match);
    }
}

#define EXPECT(recognise, ...)                                                                     \
    do {                                                                                           \
        static const case_t cases[] = {__VA_ARGS__};                                               \
        expect(cases, G_N_ELEMENTS(cases), recognise);                                             \
    } while (0)

#endif
