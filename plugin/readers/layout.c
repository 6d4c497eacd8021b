/* layout.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/layout.h"

#include "readers/layout_rules.h"

#include "common/protocol.h"

#include <epan/uat.h>
#include <wsutil/report_message.h>

static layout_t layout = {
    .framing = FRAMING_OFF,
    .length = {.offset = 0, .width = 4, .order = ORDER_LITTLE},
    .length_counts = COUNTS_MESSAGE,
    .type = {.offset = 4, .width = 4, .order = ORDER_LITTLE},
    .transaction = {.offset = 8, .width = 0, .order = ORDER_LITTLE},
};

static layout_type_record_t *type_records;
static unsigned type_record_count;
static layout_field_record_t *field_records;
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

static void *
type_record_copy(void *to, const void *from, size_t size _U_)
{
    const layout_type_record_t *source = from;
    layout_type_record_t *target = to;

    target->value = g_strdup(source->value);
    target->name = g_strdup(source->name);
    target->event = source->event;
    return target;
}

static void
type_record_free(void *data)
{
    layout_type_record_t *record = data;

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
        layout_rules_read_number(type_records[i].value, &types[i].value);
        types[i].name = g_strdup(type_records[i].name);
        types[i].event = type_records[i].event;
    }
}

static void *
field_record_copy(void *to, const void *from, size_t size _U_)
{
    const layout_field_record_t *source = from;
    layout_field_record_t *target = to;

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
    layout_field_record_t *record = data;

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
report_conflict(const layout_field_t *first, const layout_field_record_t *record)
{
    char *conflict = g_strdup_printf(
        "The field \"%s\" of native messages is described as %s and as %s. What has one name has "
        "one filter, and so one kind of value: give one of them another name. The second is left "
        "out.",
        record->name, val_to_str_const(first->kind, layout_kind_vals, ""),
        val_to_str_const(record->kind, layout_kind_vals, ""));

    if (g_strcmp0(conflict, reported_conflict) != 0)
        report_failure("%s", conflict);
    g_free(reported_conflict);
    reported_conflict = conflict;
}

static void
compile_field(layout_field_t *field, const layout_field_record_t *record)
{
    uint32_t number = 0;

    field->in_every_type = layout_rules_is_any(record->type);
    if (!field->in_every_type && layout_rules_read_number(record->type, &number))
        field->type = number;
    if (layout_rules_read_number(record->offset, &number))
        field->offset = number;
    if (layout_rules_read_number(record->width, &number))
        field->width = number;
    field->kind = record->kind;
    field->order = record->order;
    field->role = record->role;
    field->name = g_strdup(record->name);
    if (field->width == 0 && layout_rules_of_kinds[field->kind].width_min ==
                                 layout_rules_of_kinds[field->kind].width_max)
        field->width = layout_rules_of_kinds[field->kind].width_min;
}

static void
describe_filter_field(hf_register_info *info, int *id, const layout_field_t *field)
{
    const layout_kind_rule_t *rule = &layout_rules_of_kinds[field->kind];

    *id = -1;
    info->p_id = id;
    info->hfinfo.name = g_strdup(field->name);
    info->hfinfo.abbrev = g_strconcat(LAYOUT_FIELD_PREFIX, field->name, NULL);
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

        fields[i].hf = first && first != &fields[i] ? first->hf : filter_field_ids[fields[i].hf];
    }
}

static void
compile_fields(void)
{
    forget_fields();
    fields = g_new0(layout_field_t, field_record_count);
    for (unsigned i = 0; i < field_record_count; i++) {
        const layout_field_record_t *record = &field_records[i];
        const layout_field_t *first = first_of_name(record->name);

        if (first &&
            layout_rules_of_kinds[first->kind].type != layout_rules_of_kinds[record->kind].type) {
            report_conflict(first, record);
            continue;
        }
        compile_field(&fields[field_count++], record);
    }
    register_filter_fields();
}

UAT_CSTRING_CB_DEF(type_record, value, layout_type_record_t)
UAT_CSTRING_CB_DEF(type_record, name, layout_type_record_t)
UAT_VS_DEF(type_record, event, layout_type_record_t, unsigned, EVENT_OTHER, "other")

UAT_CSTRING_CB_DEF(field_record, type, layout_field_record_t)
UAT_CSTRING_CB_DEF(field_record, offset, layout_field_record_t)
UAT_CSTRING_CB_DEF(field_record, width, layout_field_record_t)
UAT_VS_DEF(field_record, kind, layout_field_record_t, unsigned, KIND_BYTES, "bytes")
UAT_CSTRING_CB_DEF(field_record, name, layout_field_record_t)
UAT_VS_DEF(field_record, order, layout_field_record_t, unsigned, ORDER_BIG, "big")
UAT_VS_DEF(field_record, role, layout_field_record_t, unsigned, ROLE_NONE, "none")

static void
register_types(module_t *module)
{
    static uat_field_t columns[] = {
        UAT_FLD_CSTRING(type_record, value, "Value",
                        "Value of the message-type field, in decimal, or in hexadecimal with 0x"),
        UAT_FLD_CSTRING(type_record, name, "Name", "What to call such a message"),
        UAT_FLD_VS(type_record, event, "Event", event_vals, "What such a message does to the call"),
        UAT_END_FIELDS};
    uat_t *types_table = uat_new(
        "MSICCP native message types", sizeof(layout_type_record_t), "msiccp_native_types", true,
        &type_records, &type_record_count, UAT_AFFECTS_DISSECTION, NULL, type_record_copy,
        layout_rules_check_type, type_record_free, compile_types, forget_types, columns);

    prefs_register_uat_preference(module, "native.types", "Native message types",
                                  "The types of native messages, and what each does to a call",
                                  types_table);
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
        UAT_FLD_VS(field_record, kind, "Kind", layout_kind_vals, "What the bytes are"),
        UAT_FLD_CSTRING(field_record, name, "Name",
                        "Letters, digits and _; the field is filtered for as msiccp.native.NAME"),
        UAT_FLD_VS(field_record, order, "Byte order", layout_order_vals,
                   "Which byte of a number comes first"),
        UAT_FLD_VS(field_record, role, "Role", layout_role_vals, "What the value is to the call"),
        UAT_END_FIELDS};
    uat_t *fields_table =
        uat_new("MSICCP native fields", sizeof(layout_field_record_t), "msiccp_native_fields", true,
                &field_records, &field_record_count, UAT_AFFECTS_DISSECTION | UAT_AFFECTS_FIELDS,
                NULL, field_record_copy, layout_rules_check_field, field_record_free,
                compile_fields, forget_fields, columns);

    prefs_register_uat_preference(module, "native.fields", "Native fields",
                                  "The fields of native messages; each can be filtered for as "
                                  "msiccp.native.NAME",
                                  fields_table);
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
