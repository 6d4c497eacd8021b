/* recognise_test.h
 * What the tests of recognisers share: cases, each with what is said of it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_RECOGNISE_TEST_H
#define MSICCP_RECOGNISE_TEST_H

#include "identify/recognise.h"

#include <string.h>
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <sys/mman.h>
#endif

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

/* A multiple of every machine's pages. */
#define PAGES 0x10000

/* Memory, in front of as much that nobody may read. */
static uint8_t *
memory_before_none(void)
{
#ifdef _WIN32
    DWORD before;
    uint8_t *begin = VirtualAlloc(NULL, 2 * PAGES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    g_assert_nonnull(begin);
    g_assert_true(VirtualProtect(begin + PAGES, PAGES, PAGE_NOACCESS, &before));
#else
    uint8_t *begin =
        mmap(NULL, 2 * PAGES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    g_assert_true(begin != MAP_FAILED);
    g_assert_cmpint(mprotect(begin + PAGES, PAGES, PROT_NONE), ==, 0);
#endif
    return begin;
}

/* A place behind which nobody may read. */
static uint8_t *
end_of_memory(void)
{
    static uint8_t *end;

    if (!end)
        end = memory_before_none() + PAGES;
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
