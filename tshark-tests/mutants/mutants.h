/* mutants.h
 * Included by the compiler in front of each source into which script/mutate has woven mutants:
 * which one is wanted is asked at run time, and where a mutant would make a difference is written
 * down.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MUTANTS_H
#define MUTANTS_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define MUTANTS_MOST 65536

/* Each source has them, and the linker keeps one of each. */
#define MUTANTS_ONE __attribute__((weak, visibility("hidden")))

MUTANTS_ONE int mutants_chosen;
MUTANTS_ONE unsigned char mutants_nowhere[MUTANTS_MOST];
MUTANTS_ONE unsigned char *mutants_met = mutants_nowhere;

void mutants_begin(void);

MUTANTS_ONE __attribute__((constructor)) void
mutants_begin(void)
{
    const char *chosen = getenv("MSICCP_MUTANT");
    const char *path = getenv("MSICCP_MUTANTS_MET");
    int file;
    void *met;

    if (chosen)
        mutants_chosen = atoi(chosen);
    if (!path || mutants_met != mutants_nowhere)
        return;
    file = open(path, O_RDWR);
    if (file < 0)
        return;
    met = mmap(NULL, MUTANTS_MOST, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (met != MAP_FAILED)
        mutants_met = (unsigned char *)met;
}

/* 1 where that mutant is wanted, otherwise 0. Evaluated only where it makes a difference. */
#define MUTANT(number) (mutants_met[number] = 1, mutants_chosen == (number))

#endif
