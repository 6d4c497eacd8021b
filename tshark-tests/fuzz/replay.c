/* replay.c
 * Decodes inputs of the fuzzer again, each once: what libFuzzer's own main() does with files, for
 * compilers that have none.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <glib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
replay(const char *path)
{
    GError *error = NULL;
    char *data;
    size_t size;

    if (!g_file_get_contents(path, &data, &size, &error)) {
        (void)fprintf(stderr, "%s\n", error->message);
        exit(EXIT_FAILURE);
    }
    (void)fprintf(stderr, "%s\n", path);
    (void)LLVMFuzzerTestOneInput((const uint8_t *)data, size);
    g_free(data);
}

int
main(int argc, char **argv)
{
    (void)LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    return EXIT_SUCCESS;
}
