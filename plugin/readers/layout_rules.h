/* layout_rules.h
 * What a user may write into the tables of the native layout, and what is said to
 * one who writes something else. A check returns false and sets error, which
 * g_free() frees; it sets NULL otherwise.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_LAYOUT_RULES_H
#define MSICCP_LAYOUT_RULES_H

#include "readers/layout.h"

#define LAYOUT_FIELD_PREFIX "msiccp.native."
#define LAYOUT_ANY_TYPE "any"

/* The tables as they are edited: numbers are text, so that they may be hexadecimal. */
typedef struct {
    char *value;
    char *name;
    unsigned event;
} layout_type_record_t;

typedef struct {
    char *type;
    char *offset;
    char *width;
    unsigned kind;
    char *name;
    unsigned order;
    unsigned role;
} layout_field_record_t;

/* What goes with a kind of field. */
typedef struct {
    unsigned width_min; /* bytes */
    unsigned width_max;
    bool may_be_open; /* width 0 stands for all that is left, or for the only width there is */
    const char *widths;
    enum ftenum type;
    int display;
} layout_kind_rule_t;

extern const value_string layout_order_vals[];
extern const value_string layout_kind_vals[];
extern const value_string layout_role_vals[];
extern const layout_kind_rule_t layout_kind_rules[];

/* Decimal, or hexadecimal with 0x. */
bool layout_read_number(const char *text, uint32_t *value);

/* True for what stands for every message type. */
bool layout_is_any(const char *type);

/* Of a row of the table of types, and of that of fields: as uat_chk_cb_t, the records above. */
ws_bool layout_type_check(void *data, char **error);
ws_bool layout_field_check(void *data, char **error);

#endif
