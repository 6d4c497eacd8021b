/* exchange.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/exchange.h"

void
exchange_ask(exchange_t *exchange, step_t *step, const packet_info *pinfo)
{
    exchange->request_frame = pinfo->num;
    exchange->request_time = pinfo->abs_ts;
    exchange->session = step->session;
    step->exchange = exchange;
}

void
exchange_answer(exchange_t *exchange, step_t *step, const packet_info *pinfo)
{
    exchange->response_frame = pinfo->num;
    exchange->response_time = pinfo->abs_ts;
    step->exchange = exchange;
    step->is_answer = true;
}

/* The first message of the callee answers the request, be it provisional or final. */
void
exchange_match_request(session_t *session, step_t *step, const packet_info *pinfo)
{
    exchange_t *request = &session->request;

    if (step->event == EVENT_REQUEST && !request->request_frame)
        exchange_ask(request, step, pinfo);
    else if (request->request_frame && !request->response_frame && step->sender == SIDE_CALLEE)
        exchange_answer(request, step, pinfo);
}

static exchange_t *
transaction_of(const connection_t *connection, unsigned end, const message_t *message)
{
    return message->has_transaction
               ? few_find(&connection->transactions[end], GUINT_TO_POINTER(message->transaction))
               : NULL;
}

/* What the other end asked under the transaction id of this message; NULL: nothing. */
exchange_t *
exchange_asked_by_peer(const connection_t *connection, unsigned sender_end,
                       const message_t *message)
{
    exchange_t *asked = transaction_of(connection, !sender_end, message);

    /* Each end may count for itself: these begin a transaction of their own. */
    if (message->event == EVENT_REQUEST ||
        (message->event == EVENT_RELEASE && asked && asked->response_frame))
        return NULL;
    return asked;
}

/* By transaction id: the first message from the other end with the same id is the answer. */
void
exchange_match_transaction(connection_t *connection, unsigned sender_end, step_t *step,
                           const packet_info *pinfo, const message_t *message)
{
    exchange_t *exchange = exchange_asked_by_peer(connection, sender_end, message);
    bool is_call_request = message->event == EVENT_REQUEST && step->session;

    if (exchange) {
        if (!exchange->response_frame)
            exchange_answer(exchange, step, pinfo);
        return;
    }
    exchange = transaction_of(connection, sender_end, message);
    if (exchange && !exchange->response_frame && exchange->session == step->session)
        return;
    exchange = is_call_request && !step->session->request.request_frame
                   ? &step->session->request
                   : wmem_new0(wmem_file_scope(), exchange_t);
    exchange_ask(exchange, step, pinfo);
    few_put(&connection->transactions[sender_end], GUINT_TO_POINTER(message->transaction),
            exchange);
}
