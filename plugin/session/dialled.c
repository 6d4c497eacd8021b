/* dialled.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/dialled.h"

void
dialled_keep(dialled_list_t *list, wmem_allocator_t *scope, const dialled_t *dialled)
{
    list->counts[dialled->way]++;
    if (!list->first)
        list->first = wmem_array_new(scope, sizeof(dialled_t));
    if (wmem_array_get_count(list->first) < MOST_DIALLED)
        wmem_array_append(list->first, dialled, 1);
}

void
dialled_add(session_t *session, dialled_way_t way, const char *digits, const packet_info *pinfo)
{
    dialled_t dialled = {.moment = {.frame = pinfo->num, .at = pinfo->abs_ts}, .way = way};

    for (const char *digit = digits; digit && *digit; digit = g_utf8_next_char(digit)) {
        dialled.character = g_utf8_get_char(digit);
        dialled_keep(&session->dialled, wmem_file_scope(), &dialled);
    }
}

const dialled_t *
dialled_at(const dialled_list_t *list, unsigned place)
{
    return list->first && place < wmem_array_get_count(list->first)
               ? wmem_array_index(list->first, place)
               : NULL;
}

unsigned
dialled_count(const dialled_list_t *list)
{
    unsigned count = 0;

    for (unsigned way = 0; way < DIALLED_COUNT; way++)
        count += list->counts[way];
    return count;
}

const char *
dialled_way_name(dialled_way_t way)
{
    static const char *const names[DIALLED_COUNT] = {"h245", "rfc2833", "keypad"};

    return names[way];
}
