/* capture_name.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/capture_name.h"

#include "common/compat.h"

/* tshark's options that have an argument, of 4.0 to 4.6. */
#define OPTIONS_WITH_ARGUMENT "aAbBcCdeEfFGHijJkKmMNoOQrRsStTuUwWXyYz"

#define LONG_OPTION "--read-file"

/* The capture file in a group of one-letter options; next is the argument that follows it. */
static const char *
in_short_options(const char *group, const char *next, bool *takes_next)
{
    for (const char *option = group; *option; option++) {
        bool has_argument = strchr(OPTIONS_WITH_ARGUMENT, *option) != NULL;

        if (!has_argument)
            continue;
        *takes_next = option[1] == '\0';
        if (*option != 'r')
            return NULL;
        return *takes_next ? next : option + 1;
    }
    return NULL;
}

static const char *
in_arguments(char *const *arguments)
{
    const char *name = NULL;

    for (; *arguments; arguments++) {
        const char *argument = *arguments;
        const char *found = NULL;
        bool takes_next = false;

        if (strcmp(argument, LONG_OPTION) == 0) {
            found = arguments[1];
            takes_next = true;
        } else if (g_str_has_prefix(argument, LONG_OPTION "=")) {
            found = argument + strlen(LONG_OPTION "=");
        } else if (argument[0] == '-' && argument[1] != '-') {
            found = in_short_options(argument + 1, arguments[1], &takes_next);
        }
        if (found)
            name = found;
        if (takes_next && arguments[1])
            arguments++;
    }
    return name;
}

static char **
command_line(void)
{
#ifdef _WIN32
    return g_win32_get_command_line();
#else
    GPtrArray *arguments = g_ptr_array_new_with_free_func(g_free);
    char *text = NULL;
    size_t length = 0;

    if (g_file_get_contents("/proc/self/cmdline", &text, &length, NULL)) {
        for (size_t at = 0; at < length; at += strlen(text + at) + 1)
            g_ptr_array_add(arguments, g_strdup(text + at));
    }
    g_free(text);
    g_ptr_array_add(arguments, NULL);
    return (char **)g_ptr_array_free(arguments, FALSE);
#endif
}

const char *
capture_name(void)
{
    static char **arguments;

    if (!arguments)
        arguments = command_line();
    return arguments[0] ? in_arguments(arguments + 1) : NULL;
}
