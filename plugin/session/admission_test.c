/* admission_test.c
 * Requests of RAS and their answers, and the calls that a gatekeeper was asked to admit.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/admission.h"

#include "common/hosts_test.h"
#include "readers/ras.h"
#include "session/session.h"

#define RAS_DCF 16

enum { CALLER, CALLEE, GATEKEEPER, ANOTHER };

static uint32_t frame;
static unsigned hash;

static packet_info
between(unsigned from, unsigned to)
{
    frame++;
    return (packet_info){.num = frame,
                         .abs_ts = {.secs = frame},
                         .src = host(from),
                         .dst = host(to),
                         .srcport = from == GATEKEEPER ? 1719 : 5000,
                         .destport = to == GATEKEEPER ? 1719 : 5000};
}

/* A datagram that was not seen before. */
static message_t
of_type(uint32_t type, uint16_t number)
{
    hash++;
    return (message_t){.coding = CODING_RAS,
                       .type = type,
                       .event = EVENT_OTHER,
                       .has_request_number = true,
                       .request_number = number,
                       .reason = NO_REASON,
                       .hash = hash};
}

static message_t
about(message_t message, uint32_t call)
{
    message.in_call = true;
    message.has_call_id = true;
    message.call_id.data1 = call;
    message.asks_admission = message.type == RAS_ARQ;
    message.refuses_admission = message.type == RAS_ARJ;
    return message;
}

static step_t *
say(unsigned from, unsigned to, message_t message)
{
    const packet_info pinfo = between(from, to);

    return session_ras(&pinfo, &message);
}

static step_t *
ask(uint16_t number, uint32_t call)
{
    return say(CALLER, GATEKEEPER, about(of_type(RAS_ARQ, number), call));
}

static message_t
asked_by_callee(uint16_t number, uint32_t call)
{
    message_t message = about(of_type(RAS_ARQ, number), call);

    message.from_called = true;
    return message;
}

static void
the_caller_asks_first(void)
{
    const step_t *asked = ask(1, 1);
    const session_t *session = asked->session;
    const step_t *step;

    g_assert_nonnull(session);
    g_assert_cmpint(session->coding, ==, CODING_RAS);
    g_assert_cmpint(asked->sender, ==, SIDE_CALLER);
    g_assert_false(asked->from_third);
    g_assert_cmphex(asked->findings, ==, 0);
    step = say(GATEKEEPER, CALLER, of_type(RAS_ACF, 1));
    g_assert_true(step->session == session);
    g_assert_cmpint(step->sender, ==, SIDE_CALLEE);
    g_assert_true(step->from_third);
    step = say(CALLER, GATEKEEPER, about(of_type(RAS_DRQ, 2), 1));
    g_assert_true(step->session == session);
    g_assert_cmpint(step->sender, ==, SIDE_CALLER);
    g_assert_false(step->from_third);
}

static void
the_callee_asks_too(void)
{
    const step_t *asked = say(CALLEE, GATEKEEPER, asked_by_callee(3, 2));
    session_t *session = asked->session;
    const address callee = host(CALLEE);
    const step_t *step;

    g_assert_cmpint(asked->sender, ==, SIDE_CALLEE);
    g_assert_cmphex(asked->findings, ==, FINDING_BIT(FINDING_MIDCALL));
    g_assert_true(addresses_equal(&session->parties[SIDE_CALLEE].addr, &callee));
    session->parties[SIDE_CALLER].addr = host(CALLER);
    step = say(CALLEE, GATEKEEPER, about(of_type(RAS_DRQ, 4), 2));
    g_assert_true(step->session == session);
    g_assert_cmpint(step->sender, ==, SIDE_CALLEE);
    g_assert_false(step->from_third);
    step = say(GATEKEEPER, CALLEE, of_type(RAS_DCF, 4));
    g_assert_true(step->session == session);
    g_assert_cmpint(step->sender, ==, SIDE_CALLER);
    g_assert_true(step->from_third);
    step = say(CALLER, GATEKEEPER, about(of_type(RAS_DRQ, 4), 2));
    g_assert_cmpint(step->sender, ==, SIDE_CALLER);
}

/* It makes no call then; what it is told once it is over, or of another's request, ends nothing. */
static void
a_caller_is_refused(void)
{
    const step_t *step;
    session_t *session = ask(5, 3)->session;

    step = say(GATEKEEPER, CALLER, about(of_type(RAS_ARJ, 5), 3));
    g_assert_true(step->session == session);
    g_assert_cmpint(step->event, ==, EVENT_REJECT);
    g_assert_true(call_is_over(session));

    session = ask(6, 4)->session;
    g_assert_cmpint(say(GATEKEEPER, CALLER, about(of_type(RAS_ACF, 6), 4))->event, ==, EVENT_OTHER);
    g_assert_false(call_is_over(session));
    say(CALLEE, GATEKEEPER, asked_by_callee(7, 4));
    g_assert_cmpint(say(GATEKEEPER, CALLEE, about(of_type(RAS_ARJ, 7), 4))->event, ==, EVENT_OTHER);
    g_assert_false(call_is_over(session));

    session = ask(8, 5)->session;
    session->coding = CODING_H225;
    g_assert_cmpint(say(GATEKEEPER, CALLER, about(of_type(RAS_ARJ, 8), 5))->event, ==, EVENT_OTHER);
    g_assert_false(call_is_over(session));
}

static void
a_call_is_asked_for_again(void)
{
    session_t *session = ask(9, 6)->session;

    g_assert_true(ask(10, 6)->session == session);
    session->release.frame = frame;
    g_assert_true(say(CALLEE, GATEKEEPER, asked_by_callee(11, 6))->session == session);
    g_assert_true(ask(12, 6)->session != session);
}

static void
what_is_seen_again_is_a_duplicate(void)
{
    const message_t request = about(of_type(RAS_ARQ, 13), 7);
    const message_t response = about(of_type(RAS_ACF, 13), 7);
    const step_t *asked = say(CALLER, GATEKEEPER, request);
    const step_t *again = say(CALLER, GATEKEEPER, request);
    const step_t *answered;

    g_assert_true(again != asked);
    g_assert_true(again->session == asked->session);
    g_assert_cmphex(again->findings, ==, FINDING_BIT(FINDING_DUPLICATE));
    answered = say(GATEKEEPER, CALLER, response);
    g_assert_cmphex(answered->findings, ==, 0);
    again = say(GATEKEEPER, CALLER, response);
    g_assert_true(again != answered);
    g_assert_cmphex(again->findings, ==, FINDING_BIT(FINDING_DUPLICATE));
    /* Under the same number, but not the same. */
    g_assert_cmphex(ask(13, 7)->findings, ==, 0);
    g_assert_cmphex(say(GATEKEEPER, CALLER, about(of_type(RAS_ARJ, 13), 7))->findings, ==, 0);
}

static bool
has_request(unsigned to, uint8_t type, uint16_t number)
{
    const packet_info pinfo = between(GATEKEEPER, to);

    return admission_has_request(&pinfo, type, number);
}

static void
answers_have_a_request(void)
{
    g_assert_false(has_request(CALLER, RAS_ACF, 14));
    ask(14, 8);
    g_assert_true(has_request(CALLER, RAS_ACF, 14));
    g_assert_true(has_request(CALLER, RAS_ARJ, 14));
    g_assert_false(has_request(CALLER, RAS_DCF, 14));
    g_assert_false(has_request(CALLER, RAS_ACF, 15));
    g_assert_false(has_request(CALLEE, RAS_ACF, 14));
}

/* Of requests there are many, which a map has in few places. */
static void
requests_are_told_apart(void)
{
    for (uint16_t number = 1000; number < 1100; number++)
        ask(number, number);
    for (uint16_t number = 1100; number < 2000; number++) {
        g_assert_false(has_request(CALLER, RAS_ACF, number));
        g_assert_false(has_request(CALLEE, RAS_ACF, (uint16_t)(number - 100)));
        g_assert_false(has_request(CALLER, RAS_DCF, (uint16_t)(number - 100)));
    }
}

/* Between a host and one of many. */
static packet_info
with_another(const uint8_t octets[4], bool is_sender)
{
    packet_info pinfo = between(ANOTHER, ANOTHER);

    set_address(is_sender ? &pinfo.src : &pinfo.dst, AT_IPv4, 4, octets);
    return pinfo;
}

static void
speakers_are_told_apart(void)
{
    static uint8_t others[1000][4];

    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        /* Half of them are below the host, in the order of addresses. */
        uint8_t *octets = others[i];

        octets[0] = i % 2 ? 10 : 203;
        octets[2] = (uint8_t)(i >> 8);
        octets[3] = (uint8_t)i;
    }
    for (unsigned i = 0; i < 100; i++) {
        const packet_info pinfo = with_another(others[i], i % 4 < 2);
        const message_t message = of_type(RAS_RRQ, (uint16_t)i);

        g_assert_false(admission_are_speakers(&pinfo));
        session_ras(&pinfo, &message);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(others); i++) {
        const packet_info from = with_another(others[i], true);
        const packet_info to = with_another(others[i], false);

        g_assert_true(admission_are_speakers(&from) == (i < 100));
        g_assert_true(admission_are_speakers(&to) == (i < 100));
    }
}

/* Neither a request that may be anything, nor an answer to nothing. */
static void
speakers_are_known_by_what_they_say(void)
{
    static const uint8_t octets[4] = {198, 51, 100, 1};
    const packet_info asks = with_another(octets, true);
    const packet_info answers = with_another(octets, false);
    message_t message = about(of_type(RAS_ARQ, 16), 9);

    session_ras(&asks, &message);
    message = of_type(RAS_DCF, 16);
    session_ras(&answers, &message);
    g_assert_false(admission_are_speakers(&asks));
    message = about(of_type(RAS_ACF, 16), 9);
    session_ras(&answers, &message);
    g_assert_true(admission_are_speakers(&asks));
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    session_register();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/admission/the_caller_asks_first", the_caller_asks_first);
    g_test_add_func("/admission/the_callee_asks_too", the_callee_asks_too);
    g_test_add_func("/admission/a_caller_is_refused", a_caller_is_refused);
    g_test_add_func("/admission/a_call_is_asked_for_again", a_call_is_asked_for_again);
    g_test_add_func("/admission/what_is_seen_again_is_a_duplicate",
                    what_is_seen_again_is_a_duplicate);
    g_test_add_func("/admission/answers_have_a_request", answers_have_a_request);
    g_test_add_func("/admission/requests_are_told_apart", requests_are_told_apart);
    g_test_add_func("/admission/speakers_are_told_apart", speakers_are_told_apart);
    g_test_add_func("/admission/speakers_are_known_by_what_they_say",
                    speakers_are_known_by_what_they_say);
    return g_test_run();
}
