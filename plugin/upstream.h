/* upstream.h
 * The names that fields of Wireshark's own dissectors give to their values. The
 * tables behind them are not exported by every release; the fields are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_UPSTREAM_H
#define MSICCP_UPSTREAM_H

#include "compat.h"

/* The name of a value of this field; NULL: it has none. Static. */
const char *upstream_value_name(const header_field_info *field, uint32_t value);

/* The same for a field by its filter name; an unknown field names nothing. */
const char *upstream_value_name_of(const char *field, uint32_t value);

#endif
