/* exchange_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/exchange.h"

static packet_info
frame(uint32_t number)
{
    return (packet_info){.num = number, .abs_ts = {.secs = 100 + number}};
}

static step_t
match_request(session_t *session, event_t event, side_t sender, uint32_t number)
{
    const packet_info pinfo = frame(number);
    step_t step = {.event = event, .sender = sender, .session = session};

    exchange_match_request(session, &step, &pinfo);
    return step;
}

static void
the_callee_answers_the_request(void)
{
    session_t session = {.number = 1};
    step_t step;

    /* nothing has been asked yet */
    step = match_request(&session, EVENT_RINGING, SIDE_CALLEE, 1);
    g_assert_null(step.exchange);
    step = match_request(&session, EVENT_REQUEST, SIDE_CALLER, 2);
    g_assert_true(step.exchange == &session.request);
    g_assert_false(step.is_answer);
    g_assert_cmpuint(session.request.request_frame, ==, 2);
    g_assert_cmpint(session.request.request_time.secs, ==, 102);
    g_assert_true(session.request.session == &session);
    /* the caller does not answer itself */
    step = match_request(&session, EVENT_OTHER, SIDE_CALLER, 3);
    g_assert_null(step.exchange);
    g_assert_cmpuint(session.request.response_frame, ==, 0);
    step = match_request(&session, EVENT_RINGING, SIDE_CALLEE, 4);
    g_assert_true(step.exchange == &session.request);
    g_assert_true(step.is_answer);
    g_assert_cmpuint(session.request.response_frame, ==, 4);
    g_assert_cmpint(session.request.response_time.secs, ==, 104);
    /* and once is enough */
    step = match_request(&session, EVENT_ACCEPT, SIDE_CALLEE, 5);
    g_assert_null(step.exchange);
    g_assert_false(step.is_answer);
    g_assert_cmpuint(session.request.response_frame, ==, 4);
}

static void
the_first_request_counts(void)
{
    session_t session = {.number = 1};
    step_t step;

    match_request(&session, EVENT_REQUEST, SIDE_CALLER, 2);
    step = match_request(&session, EVENT_REQUEST, SIDE_CALLER, 3);
    g_assert_null(step.exchange);
    g_assert_cmpuint(session.request.request_frame, ==, 2);
}

/* Transactions, of two ends that may be those of one connection. */

static step_t
match_transaction(connection_t *connection, unsigned end, session_t *session, event_t event,
                  uint32_t transaction, uint32_t number)
{
    const packet_info pinfo = frame(number);
    const message_t message = {.event = event, .has_transaction = true, .transaction = transaction};
    step_t step = {.event = event, .session = session};

    exchange_match_transaction(connection, end, &step, &pinfo, &message);
    return step;
}

static void
the_other_end_answers(void)
{
    connection_t connection = {.messages = 0};
    step_t asked = match_transaction(&connection, 0, NULL, EVENT_OTHER, 7, 1);
    step_t step;

    g_assert_nonnull(asked.exchange);
    g_assert_false(asked.is_answer);
    g_assert_cmpuint(asked.exchange->request_frame, ==, 1);
    /* of another transaction */
    step = match_transaction(&connection, 1, NULL, EVENT_OTHER, 8, 2);
    g_assert_true(step.exchange != asked.exchange);
    g_assert_false(step.is_answer);
    step = match_transaction(&connection, 1, NULL, EVENT_OTHER, 7, 3);
    g_assert_true(step.exchange == asked.exchange);
    g_assert_true(step.is_answer);
    g_assert_cmpuint(asked.exchange->response_frame, ==, 3);
    /* an answer that comes again is of the transaction, and begins none */
    step = match_transaction(&connection, 1, NULL, EVENT_OTHER, 7, 4);
    g_assert_null(step.exchange);
    g_assert_cmpuint(asked.exchange->response_frame, ==, 3);
}

static void
what_is_asked_again_is_one_request(void)
{
    connection_t connection = {.messages = 0};
    session_t session = {.number = 1};
    step_t asked = match_transaction(&connection, 0, NULL, EVENT_OTHER, 7, 1);
    step_t step = match_transaction(&connection, 0, NULL, EVENT_OTHER, 7, 2);

    g_assert_null(step.exchange);
    g_assert_cmpuint(asked.exchange->request_frame, ==, 1);
    /* but not for another call */
    step = match_transaction(&connection, 0, &session, EVENT_OTHER, 7, 3);
    g_assert_nonnull(step.exchange);
    g_assert_true(step.exchange != asked.exchange);
    /* nor when it has been answered */
    match_transaction(&connection, 1, &session, EVENT_OTHER, 7, 4);
    asked = step;
    step = match_transaction(&connection, 0, &session, EVENT_OTHER, 7, 5);
    g_assert_nonnull(step.exchange);
    g_assert_true(step.exchange != asked.exchange);
    g_assert_cmpuint(asked.exchange->request_frame, ==, 3);
    g_assert_cmpuint(asked.exchange->response_frame, ==, 4);
}

/* The request of a call is the call's; what else is asked in it is not. */
static void
a_call_has_one_request(void)
{
    connection_t connection = {.messages = 0};
    session_t session = {.number = 1};
    step_t step = match_transaction(&connection, 0, &session, EVENT_OTHER, 6, 1);

    g_assert_true(step.exchange != &session.request);
    step = match_transaction(&connection, 0, &session, EVENT_REQUEST, 7, 2);
    g_assert_true(step.exchange == &session.request);
    g_assert_true(session.request.session == &session);
    step = match_transaction(&connection, 0, &session, EVENT_REQUEST, 8, 3);
    g_assert_true(step.exchange != &session.request);
    g_assert_cmpuint(session.request.request_frame, ==, 2);
    /* one of no call */
    step = match_transaction(&connection, 0, NULL, EVENT_REQUEST, 9, 4);
    g_assert_nonnull(step.exchange);
}

static exchange_t *
asked_by_peer(const connection_t *connection, unsigned end, event_t event, bool has_transaction)
{
    const message_t message = {
        .event = event, .has_transaction = has_transaction, .transaction = 7};

    return exchange_asked_by_peer(connection, end, &message);
}

static void
each_end_may_count_for_itself(void)
{
    connection_t connection = {.messages = 0};
    step_t asked;

    g_assert_null(asked_by_peer(&connection, 1, EVENT_RELEASE, true));
    asked = match_transaction(&connection, 0, NULL, EVENT_OTHER, 7, 1);
    g_assert_true(asked_by_peer(&connection, 1, EVENT_OTHER, true) == asked.exchange);
    g_assert_true(asked_by_peer(&connection, 1, EVENT_RELEASE, true) == asked.exchange);
    g_assert_null(asked_by_peer(&connection, 0, EVENT_OTHER, true));
    g_assert_null(asked_by_peer(&connection, 1, EVENT_OTHER, false));
    g_assert_null(asked_by_peer(&connection, 1, EVENT_REQUEST, true));
    match_transaction(&connection, 1, NULL, EVENT_OTHER, 7, 2);
    g_assert_null(asked_by_peer(&connection, 1, EVENT_RELEASE, true));
    g_assert_true(asked_by_peer(&connection, 1, EVENT_OTHER, true) == asked.exchange);
}

/* An end that asks under a number that the other has used begins a transaction of its own. */
static void
a_request_is_no_answer(void)
{
    connection_t connection = {.messages = 0};
    session_t session = {.number = 1};
    step_t asked = match_transaction(&connection, 0, NULL, EVENT_OTHER, 7, 1);
    step_t step = match_transaction(&connection, 1, &session, EVENT_REQUEST, 7, 2);

    g_assert_true(step.exchange == &session.request);
    g_assert_false(step.is_answer);
    g_assert_cmpuint(asked.exchange->response_frame, ==, 0);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exchange/the_callee_answers_the_request", the_callee_answers_the_request);
    g_test_add_func("/exchange/the_first_request_counts", the_first_request_counts);
    g_test_add_func("/exchange/the_other_end_answers", the_other_end_answers);
    g_test_add_func("/exchange/what_is_asked_again_is_one_request",
                    what_is_asked_again_is_one_request);
    g_test_add_func("/exchange/a_call_has_one_request", a_call_has_one_request);
    g_test_add_func("/exchange/each_end_may_count_for_itself", each_end_may_count_for_itself);
    g_test_add_func("/exchange/a_request_is_no_answer", a_request_is_no_answer);
    return g_test_run();
}
