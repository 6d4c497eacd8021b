/* packet-msiccp.h
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef PACKET_MSICCP_H
#define PACKET_MSICCP_H

#include <stdbool.h>
#include <stdint.h>

#include <epan/tvbuff.h>

extern int proto_msiccp;

/* Under which a frame keeps the step_t of the message that begins here (file scope). */
uint32_t msiccp_step_key(tvbuff_t *tvb, bool is_reassembled);

void proto_register_msiccp(void);
void proto_reg_handoff_msiccp(void);

#endif
