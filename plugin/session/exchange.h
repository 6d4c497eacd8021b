/* exchange.h
 * Requests and their first answers. All of it is of the first pass only.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_EXCHANGE_H
#define MSICCP_EXCHANGE_H

#include "session/connection.h"

void exchange_ask(exchange_t *exchange, step_t *step, const packet_info *pinfo);
void exchange_answer(exchange_t *exchange, step_t *step, const packet_info *pinfo);

/* The first message of the callee answers the call's request, be it provisional or final. */
void exchange_match_request(session_t *session, step_t *step, const packet_info *pinfo);

/* By transaction id: the first message from the other end with the same id is the answer. */
void exchange_match_transaction(connection_t *connection, unsigned sender_end, step_t *step,
                                const packet_info *pinfo, const message_t *message);

/* What the other end asked under the transaction id of this message; NULL: nothing. */
exchange_t *exchange_asked_by_peer(const connection_t *connection, unsigned sender_end,
                                   const message_t *message);

#endif
