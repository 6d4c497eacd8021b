/* upstream.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "upstream.h"

const char *
upstream_value_name(const header_field_info *field, uint32_t value)
{
    if (!field->strings)
        return NULL;
    if (field->display & BASE_EXT_STRING)
        return try_val_to_str_ext(value, (value_string_ext *)(uintptr_t)field->strings);
    return try_val_to_str(value, field->strings);
}

const char *
upstream_value_name_of(const char *field, uint32_t value)
{
    const header_field_info *info = proto_registrar_get_byname(field);

    return info ? upstream_value_name(info, value) : NULL;
}
