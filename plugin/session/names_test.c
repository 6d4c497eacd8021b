/* names_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/names.h"

#include "common/hosts_test.h"
#include "session/legs.h"

static session_t *
session_between(unsigned caller, unsigned callee)
{
    session_t *session = wmem_new0(wmem_file_scope(), session_t);
    address from = host(caller);
    address to = host(callee);

    names_place_party(&session->parties[SIDE_CALLER], &from, 5000);
    names_place_party(&session->parties[SIDE_CALLEE], &to, 1720);
    return session;
}

static session_t *
find(message_t message, unsigned end)
{
    address addr = host(end);

    return names_find(&message, &addr);
}

static message_t
with_id(uint32_t number)
{
    return (message_t){.has_call_id = true, .call_id = {.data1 = number}};
}

static message_t
with_reference(uint16_t reference)
{
    return (message_t){.has_call_reference = true, .call_reference = reference};
}

static void
by_identifier(void)
{
    const message_t message = with_id(1);
    session_t *session = session_between(0, 1);
    session_t *later = session_between(0, 1);

    g_assert_null(find(message, 0));
    g_assert_null(names_with_same_id(session));
    names_learn_identifiers(session, &message);
    names_keep(session, &message);
    g_assert_true(find(message, 0) == session);
    g_assert_true(find(message, 4) == session);
    g_assert_null(find(with_id(2), 0));
    g_assert_null(names_with_same_id(session));
    names_learn_identifiers(later, &message);
    g_assert_true(names_with_same_id(later) == session);
    names_keep(later, &message);
    g_assert_true(find(message, 0) == later);
    g_assert_true(names_with_same_id(session) == later);
}

/* Of the legs of a call it is the one that the end is an end of. */
static void
by_identifier_and_end(void)
{
    const message_t message = with_id(3);
    const packet_info pinfo = {.num = 5};
    session_t *near = session_between(0, 1);
    session_t *middle = session_between(1, 2);
    session_t *far = session_between(2, 3);

    near->number = 1;
    middle->number = 2;
    far->number = 3;
    names_learn_identifiers(far, &message);
    names_keep(far, &message);
    legs_join(middle, near, &pinfo);
    legs_join(far, middle, &pinfo);
    g_assert_true(find(message, 0) == near);
    g_assert_true(find(message, 1) == middle);
    g_assert_true(find(message, 2) == far);
    g_assert_true(find(message, 3) == far);
    g_assert_true(find(message, 4) == far);
}

static void
by_reference(void)
{
    message_t message = with_reference(7);
    session_t *session = session_between(0, 1);

    session->call_reference = 7;
    g_assert_null(find(message, 0));
    names_keep(session, &(message_t){.length = 1});
    g_assert_null(find(message, 0));
    names_keep(session, &message);
    g_assert_true(find(message, 0) == session);
    g_assert_true(find(message, 1) == session);
    g_assert_null(find(message, 2));
    g_assert_null(find(with_reference(8), 0));
    message.has_call_reference = false;
    g_assert_null(find(message, 0));
    /* a message that names another call is not of this one */
    message = with_id(4);
    message.has_call_reference = true;
    message.call_reference = 7;
    g_assert_true(find(message, 0) == session);
    session->has_call_id = true;
    session->call_id.data1 = 5;
    g_assert_null(find(message, 0));
    g_assert_true(find(with_reference(7), 0) == session);
}

static void
an_end_may_not_be_known(void)
{
    const message_t message = with_reference(9);
    session_t *session = wmem_new0(wmem_file_scope(), session_t);
    address none = ADDRESS_INIT_NONE;

    session->call_reference = 9;
    names_keep(session, &message);
    g_assert_null(names_find(&message, &none));
}

static void
identifiers_stay(void)
{
    message_t message = with_id(6);
    session_t session = {.number = 1};

    message.has_conference_id = true;
    message.conference_id.data1 = 60;
    message.netmeeting = true;
    names_learn_identifiers(&session, &message);
    message = with_id(7);
    message.has_conference_id = true;
    message.conference_id.data1 = 70;
    names_learn_identifiers(&session, &message);
    g_assert_cmpuint(session.call_id.data1, ==, 6);
    g_assert_cmpuint(session.conference_id.data1, ==, 60);
    g_assert_true(session.netmeeting);
}

static void
expect_names(const session_t *session, const char *caller, const char *callee)
{
    g_assert_cmpstr(session->parties[SIDE_CALLER].name, ==, caller);
    g_assert_cmpstr(session->parties[SIDE_CALLEE].name, ==, callee);
}

static void
learn(session_t *session, side_t sender, message_t message)
{
    names_learn_parties(session, sender, &message);
}

static void
names_stay(void)
{
    session_t session = {.number = 1};

    learn(&session, SIDE_CALLER, (message_t){.source_alias = "", .destination_alias = ""});
    expect_names(&session, NULL, NULL);
    learn(&session, SIDE_CALLER,
          (message_t){.source_alias = "anna", .destination_alias = "bert", .product = "one"});
    learn(&session, SIDE_CALLEE,
          (message_t){.source_alias = "emil", .destination_alias = "emil", .product = "two"});
    learn(&session, SIDE_CALLER, (message_t){.product = "three"});
    expect_names(&session, "anna", "bert");
    g_assert_cmpstr(session.parties[SIDE_CALLER].product, ==, "one");
    g_assert_cmpstr(session.parties[SIDE_CALLEE].product, ==, "two");
}

/* A place is better than nothing, and worse than a name. */
static void
a_place_is_no_name(void)
{
    session_t session = {.number = 1};

    learn(&session, SIDE_CALLER,
          (message_t){.source_place = "192.0.2.1:5000", .destination_place = "192.0.2.2:1720"});
    expect_names(&session, "192.0.2.1:5000", "192.0.2.2:1720");
    learn(&session, SIDE_CALLER, (message_t){.source_alias = "anna", .destination_alias = ""});
    expect_names(&session, "anna", "192.0.2.2:1720");
    learn(&session, SIDE_CALLER, (message_t){.source_alias = "emil", .source_place = "place"});
    expect_names(&session, "anna", "192.0.2.2:1720");
    learn(&session, SIDE_CALLEE, (message_t){.event = EVENT_ACCEPT, .display = "bert"});
    expect_names(&session, "anna", "bert");
    learn(&session, SIDE_CALLEE, (message_t){.event = EVENT_ACCEPT, .destination_alias = "emil"});
    expect_names(&session, "anna", "bert");
}

static void
a_request_names_both(void)
{
    session_t session = {.number = 1};
    const message_t message = {
        .event = EVENT_REQUEST, .display = "anna", .calling_number = "100", .called_number = "200"};

    learn(&session, SIDE_CALLER, message);
    expect_names(&session, "anna", "200");
    session = (session_t){.number = 2};
    learn(&session, SIDE_CALLER, (message_t){.event = EVENT_REQUEST, .calling_number = "100"});
    expect_names(&session, "100", NULL);
    session = (session_t){.number = 3};
    learn(&session, SIDE_CALLEE,
          (message_t){.event = EVENT_RINGING, .display = "bert", .called_number = "200"});
    expect_names(&session, NULL, "bert");
}

static void
dial_more(session_t *session, side_t sender, const char *digits)
{
    learn(session, sender,
          (message_t){.event = EVENT_OTHER, .more_digits = true, .called_number = digits});
}

static void
more_digits_complete_a_number(void)
{
    session_t session = {.number = 1, .state = STATE_PROCEEDING};

    dial_more(&session, SIDE_CALLER, "20");
    dial_more(&session, SIDE_CALLER, "3*#");
    expect_names(&session, NULL, "203*#");
    dial_more(&session, SIDE_CALLEE, "4");
    dial_more(&session, SIDE_CALLER, "bert");
    dial_more(&session, SIDE_CALLER, "");
    dial_more(&session, SIDE_CALLER, NULL);
    expect_names(&session, NULL, "203*#");
    session.state = STATE_RINGING;
    dial_more(&session, SIDE_CALLER, "5");
    expect_names(&session, NULL, "203*#");
    session.state = STATE_PROCEEDING;
    session.parties[SIDE_CALLEE].name = "bert";
    dial_more(&session, SIDE_CALLER, "5");
    expect_names(&session, NULL, "bert");
    session.parties[SIDE_CALLEE].is_named_by_place = true;
    dial_more(&session, SIDE_CALLER, "5");
    expect_names(&session, NULL, "5");
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    names_register();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/names/by_identifier", by_identifier);
    g_test_add_func("/names/by_identifier_and_end", by_identifier_and_end);
    g_test_add_func("/names/by_reference", by_reference);
    g_test_add_func("/names/an_end_may_not_be_known", an_end_may_not_be_known);
    g_test_add_func("/names/identifiers_stay", identifiers_stay);
    g_test_add_func("/names/names_stay", names_stay);
    g_test_add_func("/names/a_place_is_no_name", a_place_is_no_name);
    g_test_add_func("/names/a_request_names_both", a_request_names_both);
    g_test_add_func("/names/more_digits_complete_a_number", more_digits_complete_a_number);
    return g_test_run();
}
