/* registrations.h
 * The statistics that list registrations at gatekeepers: -z msiccp,registrations and
 * -z msiccp,registrations_json.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_REGISTRATIONS_H
#define MSICCP_REGISTRATIONS_H

void registrations_register(void);

#endif
