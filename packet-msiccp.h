/* packet-msiccp.h
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef PACKET_MSICCP_H
#define PACKET_MSICCP_H

void proto_register_msiccp(void);
void proto_reg_handoff_msiccp(void);

#endif
