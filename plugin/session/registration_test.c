/* registration_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/registration.h"

#include "readers/ras.h"

static const uint8_t hosts[][4] = {{192, 0, 2, 1}, {192, 0, 2, 9}, {192, 0, 2, 8}};

enum { ENDPOINT, GATEKEEPER, ANOTHER };

static uint32_t frame;

/* From one to the other, each on its port. */
static packet_info
between(unsigned from, unsigned to)
{
    packet_info pinfo = {.num = frame + 1, .abs_ts = {.secs = frame + 1}};

    frame++;

    set_address(&pinfo.src, AT_IPv4, sizeof hosts[from], hosts[from]);
    set_address(&pinfo.dst, AT_IPv4, sizeof hosts[to], hosts[to]);
    pinfo.srcport = from == ENDPOINT ? 5000 : 1719;
    pinfo.destport = to == ENDPOINT ? 5000 : 1719;
    return pinfo;
}

static step_t *
take_in(packet_info pinfo, const step_t *request, message_t message)
{
    step_t *step = wmem_new0(wmem_file_scope(), step_t);

    registration_take_in(step, request, &pinfo, &message);
    return step;
}

static step_t *
ask(uint32_t type)
{
    return take_in(between(ENDPOINT, GATEKEEPER), NULL, (message_t){.type = type});
}

static step_t *
answer(const step_t *request, uint32_t type)
{
    return take_in(between(GATEKEEPER, ENDPOINT), request,
                   (message_t){.type = type, .refusal = "refusal"});
}

static registration_t *
about(const step_t *step)
{
    g_assert_nonnull(registration_told(step));
    return registration_told(step)->registration;
}

/* Over again: an endpoint that has gone begins anew. */
static void
leave(void)
{
    answer(ask(RAS_URQ), RAS_UCF);
}

static void
expect_explained(const registration_t *registration, const char *beginning)
{
    char *text = registration_explain(registration);

    g_test_message("%s", text);
    g_assert_true(g_str_has_prefix(text, beginning));
    g_free(text);
}

static void
it_is_found_and_made(void)
{
    step_t *found = ask(RAS_GRQ);
    registration_t *registration = about(found);
    step_t *asked;
    step_t *step;

    g_assert_cmpint(registration->discovery, ==, DISCOVERY_UNANSWERED);
    g_assert_cmpint(registration_by_now(registration), ==, REGISTRATION_NOT_TOLD);
    expect_explained(registration, "No gatekeeper answers in this capture");
    g_assert_true(about(answer(found, RAS_GCF)) == registration);
    g_assert_cmpint(registration->discovery, ==, DISCOVERY_CONFIRMED);
    expect_explained(registration, "A gatekeeper answered, and the endpoint did not register");
    g_assert_cmpuint(registration->gatekeeper_port, ==, 1719);
    ask(RAS_GRQ);
    g_assert_cmpint(registration->discovery, ==, DISCOVERY_CONFIRMED);
    asked = ask(RAS_RRQ);
    g_assert_true(about(asked) == registration);
    g_assert_cmpint(registration_by_now(registration), ==, REGISTRATION_UNANSWERED);
    g_assert_cmpint(registration_told(asked)->state, ==, REGISTRATION_NOT_TOLD);
    step = answer(asked, RAS_RCF);
    g_assert_cmpint(registration_told(step)->state, ==, REGISTRATION_REGISTERED);
    g_assert_cmpint(registration_by_now(registration), ==, REGISTRATION_REGISTERED);
    g_assert_cmpuint(registration->registered.frame, ==, frame);
    g_assert_cmpuint(registration->waiting, ==, 0);
    leave();
}

static void
it_is_not_found(void)
{
    step_t *found = ask(RAS_GRQ);
    registration_t *registration = about(found);

    answer(found, RAS_GRJ);
    g_assert_cmpint(registration->discovery, ==, DISCOVERY_REJECTED);
    g_assert_cmpstr(registration->discovery_refusal, ==, "refusal");
    expect_explained(registration, "The gatekeeper does not take this endpoint.");
    answer(found, RAS_GCF);
    answer(found, RAS_GRJ);
    g_assert_cmpint(registration->discovery, ==, DISCOVERY_CONFIRMED);
    leave();
}

static void
it_is_refused(void)
{
    step_t *asked = ask(RAS_RRQ);
    registration_t *registration = about(asked);
    step_t *step = answer(asked, RAS_RRJ);

    g_assert_cmpint(registration_told(step)->state, ==, REGISTRATION_REFUSED);
    g_assert_cmpint(registration_by_now(registration), ==, REGISTRATION_REFUSED);
    g_assert_cmpstr(registration->reason, ==, "refusal");
    g_assert_cmpuint(registration->ended.frame, ==, frame);
    g_assert_cmpuint(registration->waiting, ==, 0);
    g_assert_cmpuint(registration->registered.frame, ==, 0);
    /* and then it is not */
    asked = ask(RAS_RRQ);
    g_assert_true(about(asked) == registration);
    answer(asked, RAS_RCF);
    g_assert_cmpint(registration_by_now(registration), ==, REGISTRATION_REGISTERED);
    g_assert_null(registration->reason);
    g_assert_cmpuint(registration->ended.frame, ==, 0);
    leave();
}

static void
it_is_kept_alive(void)
{
    step_t *asked = ask(RAS_RRQ);
    registration_t *registration = about(asked);
    uint32_t since;

    take_in(between(GATEKEEPER, ENDPOINT), asked,
            (message_t){.type = RAS_RCF, .has_time_to_live = true, .time_to_live = 60});
    since = registration->registered.frame;
    asked = take_in(between(ENDPOINT, GATEKEEPER), NULL,
                    (message_t){.type = RAS_RRQ, .keeps_alive = true});
    g_assert_cmpuint(registration->keep_alives, ==, 1);
    g_assert_cmpuint(registration->requests, ==, 1);
    g_assert_cmpuint(registration->waiting, ==, 1);
    answer(asked, RAS_RCF);
    g_assert_cmpuint(registration->registered.frame, ==, since);
    g_assert_cmpuint(registration->time_to_live, ==, 60);
    g_assert_cmpuint(registration->waiting, ==, 0);
    leave();
}

static void
who_ends_it(void)
{
    registration_t *registration = about(answer(ask(RAS_RRQ), RAS_RCF));
    step_t *asked = ask(RAS_URQ);
    step_t *step;

    g_assert_cmpint(registration_told(asked)->state, ==, REGISTRATION_NOT_TOLD);
    g_assert_cmpint(registration->ended_by, ==, BY_ENDPOINT);
    g_assert_cmpint(registration_by_now(registration), ==, REGISTRATION_REGISTERED);
    answer(asked, RAS_URJ);
    g_assert_cmpint(registration->ended_by, ==, BY_NOBODY);
    asked = ask(RAS_URQ);
    step = answer(asked, RAS_UCF);
    g_assert_cmpint(registration_told(step)->state, ==, REGISTRATION_UNREGISTERED);
    g_assert_cmpint(registration_by_now(registration), ==, REGISTRATION_UNREGISTERED);
    /* what comes then is another, also by the gatekeeper's word */
    step = answer(ask(RAS_RRQ), RAS_RCF);
    g_assert_true(about(step) != registration);
    g_assert_cmpuint(about(step)->number, ==, registration->number + 1);
    registration = about(step);
    step = take_in(between(GATEKEEPER, ENDPOINT), NULL,
                   (message_t){.type = RAS_URQ, .refusal = "refusal"});
    g_assert_true(about(step) == registration);
    g_assert_cmpint(registration->ended_by, ==, BY_GATEKEEPER);
    g_assert_cmpstr(registration->reason, ==, "refusal");
    g_assert_cmpint(registration_told(step)->state, ==, REGISTRATION_UNREGISTERED);
    g_assert_cmpint(registration_by_now(registration), ==, REGISTRATION_UNREGISTERED);
    g_assert_cmpuint(registration->ended.frame, ==, frame);
}

/* The search for another gatekeeper is of the same endpoint; registering there is another. */
static void
gatekeepers_are_told_apart(void)
{
    registration_t *registration = about(answer(ask(RAS_RRQ), RAS_RCF));
    step_t *step = take_in(between(ENDPOINT, ANOTHER), NULL, (message_t){.type = RAS_GRQ});

    g_assert_true(about(step) == registration);
    step = take_in(between(ENDPOINT, ANOTHER), NULL, (message_t){.type = RAS_RRQ});
    g_assert_true(about(step) != registration);
    leave();
    step = take_in(between(ENDPOINT, ANOTHER), NULL, (message_t){.type = RAS_GRQ});
    registration = about(step);
    g_assert_true(about(take_in(between(ENDPOINT, GATEKEEPER), NULL,
                                (message_t){.type = RAS_RRQ})) == registration);
    leave();
}

static void
endpoints_are_told_apart(void)
{
    packet_info pinfo = between(ENDPOINT, GATEKEEPER);
    registration_t *registration = about(take_in(pinfo, NULL, (message_t){.type = RAS_RRQ}));

    pinfo.srcport++;
    g_assert_true(about(take_in(pinfo, NULL, (message_t){.type = RAS_RRQ})) != registration);
    pinfo.srcport--;
    g_assert_true(about(take_in(pinfo, NULL, (message_t){.type = RAS_RRQ})) == registration);
    leave();
}

static void
names_are_learnt_once(void)
{
    message_t message = {.type = RAS_RRQ, .source_place = "192.0.2.1:5000", .product = "product"};
    registration_t *registration = about(take_in(between(ENDPOINT, GATEKEEPER), NULL, message));

    g_assert_cmpstr(registration->alias, ==, "192.0.2.1:5000");
    message.source_alias = "anna";
    message.product = "another";
    take_in(between(ENDPOINT, GATEKEEPER), NULL, message);
    g_assert_cmpstr(registration->alias, ==, "192.0.2.1:5000");
    g_assert_cmpstr(registration->product, ==, "product");
    leave();
    registration = about(take_in(between(ENDPOINT, GATEKEEPER), NULL, message));
    g_assert_cmpstr(registration->alias, ==, "anna");
    leave();
}

static void
others_say_nothing_of_it(void)
{
    step_t *asked = ask(RAS_RRQ);
    step_t *again = wmem_new0(wmem_file_scope(), step_t);

    g_assert_null(registration_told(ask(RAS_URJ + 1)));
    g_assert_null(registration_told(answer(NULL, RAS_RCF)));
    g_assert_null(registration_told(NULL));
    registration_again(again, again);
    g_assert_null(registration_told(again));
    registration_again(again, asked);
    g_assert_true(about(again) == about(asked));
    leave();
    g_assert_null(registration_told(
        take_in(between(GATEKEEPER, ANOTHER), NULL, (message_t){.type = RAS_URQ})));
}

/* Whose host is not known is "The gatekeeper", or "The endpoint". */
static void
sentences(void)
{
    registration_t registration = {.state = REGISTRATION_REGISTERED};

    expect_explained(&registration, "The gatekeeper has registered the endpoint.");
    registration.time_to_live = 60;
    registration.waiting = 1;
    expect_explained(&registration,
                     "The gatekeeper has registered the endpoint for 60 s at a time. It left the "
                     "last 1 request without an answer");
    registration.waiting = 2;
    expect_explained(&registration,
                     "The gatekeeper has registered the endpoint for 60 s at a time. It left the "
                     "last 2 requests without an answer");
    registration.state = REGISTRATION_REFUSED;
    expect_explained(&registration, "The gatekeeper refused to register the endpoint. It cannot");
    registration.reason = "reason";
    expect_explained(&registration,
                     "The gatekeeper refused to register the endpoint (reason). It cannot");
    registration.state = REGISTRATION_UNREGISTERED;
    expect_explained(&registration, "The endpoint has ended the registration (reason).");
    registration.ended_by = BY_GATEKEEPER;
    registration.reason = NULL;
    expect_explained(&registration, "The gatekeeper has ended the registration.");
    registration.state = REGISTRATION_NOT_TOLD;
    registration.requests = 1;
    expect_explained(&registration, "The gatekeeper has not answered in this capture");
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    registration_register();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registration/it_is_found_and_made", it_is_found_and_made);
    g_test_add_func("/registration/it_is_not_found", it_is_not_found);
    g_test_add_func("/registration/it_is_refused", it_is_refused);
    g_test_add_func("/registration/it_is_kept_alive", it_is_kept_alive);
    g_test_add_func("/registration/who_ends_it", who_ends_it);
    g_test_add_func("/registration/gatekeepers_are_told_apart", gatekeepers_are_told_apart);
    g_test_add_func("/registration/endpoints_are_told_apart", endpoints_are_told_apart);
    g_test_add_func("/registration/names_are_learnt_once", names_are_learnt_once);
    g_test_add_func("/registration/others_say_nothing_of_it", others_say_nothing_of_it);
    g_test_add_func("/registration/sentences", sentences);
    return g_test_run();
}
