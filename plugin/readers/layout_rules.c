/* layout_rules.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/layout_rules.h"

const value_string layout_order_vals[] = {
    {ORDER_BIG, "big"},
    {ORDER_LITTLE, "little"},
    {0, NULL},
};

const value_string layout_kind_vals[] = {
    {KIND_UINT, "uint"},
    {KIND_IPV4, "ipv4"},
    {KIND_PORT, "port"},
    {KIND_STRING, "string"},
    {KIND_UTF16, "utf-16"},
    {KIND_GUID, "guid"},
    {KIND_WAVEFORMAT, "waveformat"},
    {KIND_BYTES, "bytes"},
    {0, NULL},
};

const value_string layout_role_vals[] = {
    {ROLE_NONE, "none"},
    {ROLE_CALLER, "caller"},
    {ROLE_CALLEE, "callee"},
    {ROLE_MEDIA_ADDRESS, "media address"},
    {ROLE_MEDIA_PORT, "media port"},
    {ROLE_CAUSE, "cause"},
    {0, NULL},
};

#define KIND_BIT(kind) (1u << (kind))

const layout_kind_rule_t layout_rules_of_kinds[] = {
    [KIND_UINT] = {1, 8, false, "1 to 8", FT_UINT64, BASE_DEC},
    [KIND_IPV4] = {4, 4, true, "4", FT_IPv4, BASE_NONE},
    [KIND_PORT] = {2, 2, true, "2", FT_UINT16, BASE_DEC},
    [KIND_STRING] = {1, LAYOUT_LENGTH_MAX, true, "up to 1048576", FT_STRING, BASE_NONE},
    [KIND_UTF16] = {2, LAYOUT_LENGTH_MAX, true, "2 to 1048576", FT_STRING, BASE_NONE},
    [KIND_GUID] = {16, 16, true, "16", FT_GUID, BASE_NONE},
    [KIND_WAVEFORMAT] = {16, LAYOUT_LENGTH_MAX, true, "16 to 1048576", FT_BYTES, BASE_NONE},
    [KIND_BYTES] = {1, LAYOUT_LENGTH_MAX, true, "up to 1048576", FT_BYTES, BASE_NONE},
};

/* The kinds that a field with this role can have, and how they are called. */
static const struct {
    unsigned kinds;
    const char *names;
} role_rules[] = {
    [ROLE_NONE] = {~0u, ""},
    [ROLE_CALLER] = {KIND_BIT(KIND_STRING) | KIND_BIT(KIND_UTF16) | KIND_BIT(KIND_UINT),
                     "string, utf-16 or uint"},
    [ROLE_CALLEE] = {KIND_BIT(KIND_STRING) | KIND_BIT(KIND_UTF16) | KIND_BIT(KIND_UINT),
                     "string, utf-16 or uint"},
    [ROLE_MEDIA_ADDRESS] = {KIND_BIT(KIND_IPV4), "ipv4"},
    [ROLE_MEDIA_PORT] = {KIND_BIT(KIND_PORT), "port"},
    [ROLE_CAUSE] = {KIND_BIT(KIND_UINT), "uint"},
};

/* Decimal, or hexadecimal with 0x. */
bool
layout_rules_read_number(const char *text, uint32_t *value)
{
    bool is_hex = text && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = is_hex ? text + 2 : text;
    char *end;
    guint64 number;

    if (!digits || !g_ascii_isxdigit(digits[0]))
        return false;
    number = g_ascii_strtoull(digits, &end, is_hex ? 16 : 10);
    if (*end || end == digits || number > UINT32_MAX)
        return false;
    *value = (uint32_t)number;
    return true;
}

static ws_bool
complain(char **error, char *complaint)
{
    *error = complaint;
    return false;
}

static ws_bool
check_number(const char *what, const char *text, uint32_t max, char **error)
{
    uint32_t value;

    if (!layout_rules_read_number(text, &value))
        return complain(error, g_strdup_printf("%s \"%s\" is not a number: write it in decimal, "
                                               "or in hexadecimal with 0x",
                                               what, text ? text : ""));
    if (value > max)
        return complain(error, g_strdup_printf("%s %s is more than %u", what, text, (unsigned)max));
    *error = NULL;
    return true;
}

bool
layout_rules_is_any(const char *type)
{
    return g_strcmp0(type, LAYOUT_ANY_TYPE) == 0;
}

static ws_bool
check_name(const char *name, char **error)
{
    if (!name || !*name)
        return complain(
            error,
            g_strdup("A field needs a name: it is filtered for as " LAYOUT_FIELD_PREFIX "NAME"));
    if (g_ascii_isdigit(*name))
        return complain(error,
                        g_strdup_printf("The name \"%s\" has to begin with a letter or _", name));
    for (const char *c = name; *c; c++) {
        if (!g_ascii_isalnum(*c) && *c != '_')
            return complain(
                error, g_strdup_printf("The name \"%s\" has to be of letters, digits and _, "
                                       "since it becomes the filter " LAYOUT_FIELD_PREFIX "NAME",
                                       name));
    }
    *error = NULL;
    return true;
}

static ws_bool
check_width(const layout_field_record_t *record, char **error)
{
    const layout_kind_rule_t *rule = &layout_rules_of_kinds[record->kind];
    uint32_t width = 0;

    if (!check_number("Width", record->width, LAYOUT_LENGTH_MAX, error))
        return false;
    layout_rules_read_number(record->width, &width);
    if (width == 0 ? rule->may_be_open : width >= rule->width_min && width <= rule->width_max)
        return true;
    return complain(error,
                    g_strdup_printf("The width of a %s is %s bytes, not %u",
                                    val_to_str_const(record->kind, layout_kind_vals, "field"),
                                    rule->widths, (unsigned)width));
}

static ws_bool
check_role(const layout_field_record_t *record, char **error)
{
    if (role_rules[record->role].kinds & KIND_BIT(record->kind))
        return true;
    return complain(error, g_strdup_printf("A field with the role \"%s\" has to be of the kind %s, "
                                           "not %s",
                                           val_to_str_const(record->role, layout_role_vals, ""),
                                           role_rules[record->role].names,
                                           val_to_str_const(record->kind, layout_kind_vals, "")));
}

ws_bool
layout_rules_check_type(void *data, char **error)
{
    layout_type_record_t *record = data;

    if (!check_number("Message type", record->value, UINT32_MAX, error))
        return false;
    if (!record->name || !*record->name)
        return complain(error, g_strdup("A message type needs a name"));
    return true;
}

ws_bool
layout_rules_check_field(void *data, char **error)
{
    layout_field_record_t *record = data;

    if (!layout_rules_is_any(record->type) &&
        !check_number("Message type", record->type, UINT32_MAX, error)) {
        g_free(*error);
        return complain(error,
                        g_strdup_printf("Message type \"%s\" is neither a number (decimal, "
                                        "or hexadecimal with 0x) nor \"" LAYOUT_ANY_TYPE "\"",
                                        record->type ? record->type : ""));
    }
    return check_number("Offset", record->offset, LAYOUT_LENGTH_MAX, error) &&
           check_width(record, error) && check_name(record->name, error) &&
           check_role(record, error);
}
