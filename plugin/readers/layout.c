/* layout.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/layout.h"

#include "common/protocol.h"

#include <epan/uat.h>
#include <wsutil/report_message.h>

#define FIELD_PREFIX "msiccp.native."
#define ANY_TYPE "any"

static layout_t layout = {
    .framing = FRAMING_OFF,
    .length = {.offset = 0, .width = 4, .order = ORDER_LITTLE},
    .length_counts = COUNTS_MESSAGE,
    .type = {.offset = 4, .width = 4, .order = ORDER_LITTLE},
    .transaction = {.offset = 8, .width = 0, .order = ORDER_LITTLE},
};

/* The tables as they are edited: numbers are text, so that they may be hexadecimal. */
typedef struct {
    char *value;
    char *name;
    unsigned event;
} type_record_t;

typedef struct {
    char *type;
    char *offset;
    char *width;
    unsigned kind;
    char *name;
    unsigned order;
    unsigned role;
} field_record_t;

static type_record_t *type_records;
static unsigned type_record_count;
static field_record_t *field_records;
static unsigned field_record_count;

/* What has been made of the tables. They change while no packet is dissected. */
static layout_type_t *types;
static unsigned type_count;
static layout_field_t *fields;
static unsigned field_count;

/* One display-filter field for each name; the ids are as many as the infos. */
static hf_register_info *filter_fields;
static int *filter_field_ids;
static unsigned filter_field_count;

/* The last conflict of names that was reported: the tables are read again with each record. */
static char *reported_conflict;

static const value_string order_vals[] = {
    {ORDER_BIG, "big"},
    {ORDER_LITTLE, "little"},
    {0, NULL},
};

static const value_string kind_vals[] = {
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

static const value_string role_vals[] = {
    {ROLE_NONE, "none"},
    {ROLE_CALLER, "caller"},
    {ROLE_CALLEE, "callee"},
    {ROLE_MEDIA_ADDRESS, "media address"},
    {ROLE_MEDIA_PORT, "media port"},
    {ROLE_CAUSE, "cause"},
    {0, NULL},
};

#define KIND_BIT(kind) (1u << (kind))

typedef struct {
    unsigned width_min; /* bytes */
    unsigned width_max;
    bool may_be_open; /* width 0 stands for all that is left, or for the only width there is */
    const char *widths;
    enum ftenum type;
    int display;
} kind_rule_t;

static const kind_rule_t kind_rules[] = {
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

const layout_t *
layout_get(void)
{
    return &layout;
}

const layout_type_t *
layout_type(uint32_t value)
{
    for (unsigned i = 0; i < type_count; i++) {
        if (types[i].value == value)
            return &types[i];
    }
    return NULL;
}

const layout_field_t *
layout_fields(unsigned *count)
{
    *count = field_count;
    return fields;
}

/* Decimal, or hexadecimal with 0x. */
static bool
read_number(const char *text, uint32_t *value)
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

    if (!read_number(text, &value))
        return complain(error, g_strdup_printf("%s \"%s\" is not a number: write it in decimal, "
                                               "or in hexadecimal with 0x",
                                               what, text ? text : ""));
    if (value > max)
        return complain(error, g_strdup_printf("%s %s is more than %u", what, text, (unsigned)max));
    *error = NULL;
    return true;
}

static bool
is_any(const char *type)
{
    return g_strcmp0(type, ANY_TYPE) == 0;
}

static ws_bool
check_name(const char *name, char **error)
{
    if (!name || !*name)
        return complain(
            error, g_strdup("A field needs a name: it is filtered for as " FIELD_PREFIX "NAME"));
    if (g_ascii_isdigit(*name))
        return complain(error,
                        g_strdup_printf("The name \"%s\" has to begin with a letter or _", name));
    for (const char *c = name; *c; c++) {
        if (!g_ascii_isalnum(*c) && *c != '_')
            return complain(error,
                            g_strdup_printf("The name \"%s\" has to be of letters, digits and _, "
                                            "since it becomes the filter " FIELD_PREFIX "NAME",
                                            name));
    }
    *error = NULL;
    return true;
}

static ws_bool
check_width(const field_record_t *record, char **error)
{
    const kind_rule_t *rule = &kind_rules[record->kind];
    uint32_t width;

    if (!check_number("Width", record->width, LAYOUT_LENGTH_MAX, error))
        return false;
    read_number(record->width, &width);
    if (width == 0 ? rule->may_be_open : width >= rule->width_min && width <= rule->width_max)
        return true;
    return complain(error, g_strdup_printf("The width of a %s is %s bytes, not %u",
                                           val_to_str_const(record->kind, kind_vals, "field"),
                                           rule->widths, (unsigned)width));
}

static ws_bool
check_role(const field_record_t *record, char **error)
{
    if (role_rules[record->role].kinds & KIND_BIT(record->kind))
        return true;
    return complain(error, g_strdup_printf("A field with the role \"%s\" has to be of the kind %s, "
                                           "not %s",
                                           val_to_str_const(record->role, role_vals, ""),
                                           role_rules[record->role].names,
                                           val_to_str_const(record->kind, kind_vals, "")));
}

static ws_bool
type_record_check(void *data, char **error)
{
    type_record_t *record = data;

    if (!check_number("Message type", record->value, UINT32_MAX, error))
        return false;
    if (!record->name || !*record->name)
        return complain(error, g_strdup("A message type needs a name"));
    return true;
}

static void *
type_record_copy(void *to, const void *from, size_t size _U_)
{
    const type_record_t *source = from;
    type_record_t *target = to;

    target->value = g_strdup(source->value);
    target->name = g_strdup(source->name);
    target->event = source->event;
    return target;
}

static void
type_record_free(void *data)
{
    type_record_t *record = data;

    g_free(record->value);
    g_free(record->name);
}

static void
forget_types(void)
{
    for (unsigned i = 0; i < type_count; i++)
        g_free(types[i].name);
    g_free(types);
    types = NULL;
    type_count = 0;
}

static void
compile_types(void)
{
    forget_types();
    types = g_new0(layout_type_t, type_record_count);
    type_count = type_record_count;
    for (unsigned i = 0; i < type_count; i++) {
        read_number(type_records[i].value, &types[i].value);
        types[i].name = g_strdup(type_records[i].name);
        types[i].event = type_records[i].event;
    }
}

static ws_bool
field_record_check(void *data, char **error)
{
    field_record_t *record = data;

    if (!is_any(record->type) && !check_number("Message type", record->type, UINT32_MAX, error)) {
        g_free(*error);
        return complain(error, g_strdup_printf("Message type \"%s\" is neither a number (decimal, "
                                               "or hexadecimal with 0x) nor \"" ANY_TYPE "\"",
                                               record->type ? record->type : ""));
    }
    return check_number("Offset", record->offset, LAYOUT_LENGTH_MAX, error) &&
           check_width(record, error) && check_name(record->name, error) &&
           check_role(record, error);
}

static void *
field_record_copy(void *to, const void *from, size_t size _U_)
{
    const field_record_t *source = from;
    field_record_t *target = to;

    *target = *source;
    target->type = g_strdup(source->type);
    target->offset = g_strdup(source->offset);
    target->width = g_strdup(source->width);
    target->name = g_strdup(source->name);
    return target;
}

static void
field_record_free(void *data)
{
    field_record_t *record = data;

    g_free(record->type);
    g_free(record->offset);
    g_free(record->width);
    g_free(record->name);
}

static void
forget_filter_fields(void)
{
    for (unsigned i = 0; i < filter_field_count; i++)
        proto_deregister_field(proto_msiccp, filter_field_ids[i]);
    if (filter_fields)
        proto_add_deregistered_data(filter_fields);
    g_free(filter_field_ids);
    filter_fields = NULL;
    filter_field_ids = NULL;
    filter_field_count = 0;
}

static void
forget_fields(void)
{
    forget_filter_fields();
    for (unsigned i = 0; i < field_count; i++)
        g_free(fields[i].name);
    g_free(fields);
    fields = NULL;
    field_count = 0;
}

/* The first field of this name, which the others of the name share their filter with. */
static const layout_field_t *
first_of_name(const char *name)
{
    for (unsigned i = 0; i < field_count; i++) {
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    }
    return NULL;
}

static void
report_conflict(const layout_field_t *first, const field_record_t *record)
{
    char *conflict = g_strdup_printf(
        "The field \"%s\" of native messages is described as %s and as %s. What has one name has "
        "one filter, and so one kind of value: give one of them another name. The second is left "
        "out.",
        record->name, val_to_str_const(first->kind, kind_vals, ""),
        val_to_str_const(record->kind, kind_vals, ""));

    if (g_strcmp0(conflict, reported_conflict) != 0)
        report_failure("%s", conflict);
    g_free(reported_conflict);
    reported_conflict = conflict;
}

static void
compile_field(layout_field_t *field, const field_record_t *record)
{
    uint32_t number = 0;

    field->in_every_type = is_any(record->type);
    if (!field->in_every_type && read_number(record->type, &number))
        field->type = number;
    if (read_number(record->offset, &number))
        field->offset = number;
    if (read_number(record->width, &number))
        field->width = number;
    field->kind = record->kind;
    field->order = record->order;
    field->role = record->role;
    field->name = g_strdup(record->name);
    if (field->width == 0 && kind_rules[field->kind].width_min == kind_rules[field->kind].width_max)
        field->width = kind_rules[field->kind].width_min;
}

static void
describe_filter_field(hf_register_info *info, int *id, const layout_field_t *field)
{
    const kind_rule_t *rule = &kind_rules[field->kind];

    *id = -1;
    info->p_id = id;
    info->hfinfo.name = g_strdup(field->name);
    info->hfinfo.abbrev = g_strconcat(FIELD_PREFIX, field->name, NULL);
    info->hfinfo.type = rule->type;
    info->hfinfo.display = rule->display;
    info->hfinfo.blurb = g_strdup("Described by the user in the table of native fields");
    HFILL_INIT(*info);
}

/* Wireshark keeps the infos, and frees them and their texts, until after the fields are gone. */
static void
register_filter_fields(void)
{
    if (field_count == 0)
        return;
    filter_fields = g_new0(hf_register_info, field_count);
    filter_field_ids = g_new(int, field_count);
    for (unsigned i = 0; i < field_count; i++) {
        if (first_of_name(fields[i].name) != &fields[i])
            continue;
        describe_filter_field(&filter_fields[filter_field_count],
                              &filter_field_ids[filter_field_count], &fields[i]);
        fields[i].hf = (int)filter_field_count++;
    }
    proto_register_field_array(proto_msiccp, filter_fields, (int)filter_field_count);
    for (unsigned i = 0; i < field_count; i++) {
        const layout_field_t *first = first_of_name(fields[i].name);

        fields[i].hf = first == &fields[i] ? filter_field_ids[fields[i].hf] : first->hf;
    }
}

static void
compile_fields(void)
{
    forget_fields();
    fields = g_new0(layout_field_t, field_record_count);
    for (unsigned i = 0; i < field_record_count; i++) {
        const field_record_t *record = &field_records[i];
        const layout_field_t *first = first_of_name(record->name);

        if (first && kind_rules[first->kind].type != kind_rules[record->kind].type) {
            report_conflict(first, record);
            continue;
        }
        compile_field(&fields[field_count++], record);
    }
    register_filter_fields();
}

UAT_CSTRING_CB_DEF(type_record, value, type_record_t)
UAT_CSTRING_CB_DEF(type_record, name, type_record_t)
UAT_VS_DEF(type_record, event, type_record_t, unsigned, EVENT_OTHER, "other")

UAT_CSTRING_CB_DEF(field_record, type, field_record_t)
UAT_CSTRING_CB_DEF(field_record, offset, field_record_t)
UAT_CSTRING_CB_DEF(field_record, width, field_record_t)
UAT_VS_DEF(field_record, kind, field_record_t, unsigned, KIND_BYTES, "bytes")
UAT_CSTRING_CB_DEF(field_record, name, field_record_t)
UAT_VS_DEF(field_record, order, field_record_t, unsigned, ORDER_BIG, "big")
UAT_VS_DEF(field_record, role, field_record_t, unsigned, ROLE_NONE, "none")

static void
register_types(module_t *module)
{
    static uat_field_t columns[] = {
        UAT_FLD_CSTRING(type_record, value, "Value",
                        "Value of the message-type field, in decimal, or in hexadecimal with 0x"),
        UAT_FLD_CSTRING(type_record, name, "Name", "What to call such a message"),
        UAT_FLD_VS(type_record, event, "Event", event_vals, "What such a message does to the call"),
        UAT_END_FIELDS};
    uat_t *table =
        uat_new("MSICCP native message types", sizeof(type_record_t), "msiccp_native_types", true,
                &type_records, &type_record_count, UAT_AFFECTS_DISSECTION, NULL, type_record_copy,
                type_record_check, type_record_free, compile_types, forget_types, columns);

    prefs_register_uat_preference(module, "native.types", "Native message types",
                                  "The types of native messages, and what each does to a call",
                                  table);
}

static void
register_fields(module_t *module)
{
    static uat_field_t columns[] = {
        UAT_FLD_CSTRING(field_record, type, "Message type",
                        "Type of the messages that have this field, or \"any\""),
        UAT_FLD_CSTRING(field_record, offset, "Offset",
                        "Bytes from the start of the message, its framing included; in decimal, "
                        "or in hexadecimal with 0x"),
        UAT_FLD_CSTRING(
            field_record, width, "Width",
            "Bytes; 0: all that is left of the message, or of text up to the first NUL"),
        UAT_FLD_VS(field_record, kind, "Kind", kind_vals, "What the bytes are"),
        UAT_FLD_CSTRING(field_record, name, "Name",
                        "Letters, digits and _; the field is filtered for as msiccp.native.NAME"),
        UAT_FLD_VS(field_record, order, "Byte order", order_vals,
                   "Which byte of a number comes first"),
        UAT_FLD_VS(field_record, role, "Role", role_vals, "What the value is to the call"),
        UAT_END_FIELDS};
    uat_t *table =
        uat_new("MSICCP native fields", sizeof(field_record_t), "msiccp_native_fields", true,
                &field_records, &field_record_count, UAT_AFFECTS_DISSECTION | UAT_AFFECTS_FIELDS,
                NULL, field_record_copy, field_record_check, field_record_free, compile_fields,
                forget_fields, columns);

    prefs_register_uat_preference(module, "native.fields", "Native fields",
                                  "The fields of native messages; each can be filtered for as "
                                  "msiccp.native.NAME",
                                  table);
}

static const enum_val_t framing_choices[] = {
    {"off", "Off: there is no layout", FRAMING_OFF},
    {"segment", "One message a segment", FRAMING_SEGMENT},
    {"tpkt", "TPKT", FRAMING_TPKT},
    {"length", "Length field", FRAMING_LENGTH},
    {NULL, NULL, 0},
};

static const enum_val_t width_choices[] = {
    {"1", "1 byte", 1},
    {"2", "2 bytes", 2},
    {"4", "4 bytes", 4},
    {NULL, NULL, 0},
};

static const enum_val_t optional_width_choices[] = {
    {"0", "None", 0}, {"1", "1 byte", 1}, {"2", "2 bytes", 2}, {"4", "4 bytes", 4}, {NULL, NULL, 0},
};

static const enum_val_t order_choices[] = {
    {"big", "Big endian", ORDER_BIG},
    {"little", "Little endian", ORDER_LITTLE},
    {NULL, NULL, 0},
};

static const enum_val_t counts_choices[] = {
    {"message", "The whole message", COUNTS_MESSAGE},
    {"rest", "The bytes after the length field", COUNTS_WHAT_FOLLOWS},
    {NULL, NULL, 0},
};

static void
register_framing(module_t *module)
{
    prefs_register_enum_preference(
        module, "native.framing", "Native messages",
        "How native messages are told apart. With a layout described here, connections to our "
        "ports that are neither H.323 nor another known protocol are decoded by it.",
        &layout.framing, framing_choices, false);
    prefs_register_uint_preference(module, "native.length_offset", "Length: offset",
                                   "Bytes in front of the length field of native messages", 10,
                                   &layout.length.offset);
    prefs_register_enum_preference(module, "native.length_width", "Length: width",
                                   "Width of the length field of native messages",
                                   &layout.length.width, width_choices, false);
    prefs_register_enum_preference(module, "native.length_order", "Length: byte order",
                                   "Byte order of the length field of native messages",
                                   &layout.length.order, order_choices, false);
    prefs_register_enum_preference(module, "native.length_counts", "Length: what it counts",
                                   "What the length field of native messages counts",
                                   &layout.length_counts, counts_choices, false);
}

static void
register_numbers(module_t *module)
{
    prefs_register_uint_preference(module, "native.type_offset", "Message type: offset",
                                   "Bytes in front of the message type of native messages, "
                                   "framing included",
                                   10, &layout.type.offset);
    prefs_register_enum_preference(module, "native.type_width", "Message type: width",
                                   "Width of the message type of native messages",
                                   &layout.type.width, width_choices, false);
    prefs_register_enum_preference(module, "native.type_order", "Message type: byte order",
                                   "Byte order of the message type of native messages",
                                   &layout.type.order, order_choices, false);
    prefs_register_uint_preference(module, "native.transaction_offset", "Transaction id: offset",
                                   "Bytes in front of the transaction id of native messages, "
                                   "framing included",
                                   10, &layout.transaction.offset);
    prefs_register_enum_preference(module, "native.transaction_width", "Transaction id: width",
                                   "Width of the number that an answer has in common with its "
                                   "request",
                                   &layout.transaction.width, optional_width_choices, false);
    prefs_register_enum_preference(module, "native.transaction_order", "Transaction id: byte order",
                                   "Byte order of the transaction id of native messages",
                                   &layout.transaction.order, order_choices, false);
}

void
layout_register(module_t *module)
{
    register_framing(module);
    register_numbers(module);
    register_types(module);
    register_fields(module);
}
