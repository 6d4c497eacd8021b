/* offers_test.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "session/offers.h"

#include "common/hosts_test.h"

enum { CALLER, CALLEE, THIRD, NOBODY = 5, GROUP };

static session_t *
new_session(void)
{
    session_t *session = wmem_new0(wmem_file_scope(), session_t);

    session->evidence.scope = wmem_file_scope();
    session->parties[SIDE_CALLER].addr = host(CALLER);
    session->parties[SIDE_CALLEE].addr = host(CALLEE);
    return session;
}

/* From one side to the other. */
static packet_info
from(side_t sender)
{
    packet_info pinfo = {.num = 7};

    pinfo.src = host(sender == SIDE_CALLER ? CALLER : CALLEE);
    pinfo.dst = host(sender == SIDE_CALLER ? CALLEE : CALLER);
    return pinfo;
}

static wmem_array_t *
array_of(size_t size, const void *element)
{
    wmem_array_t *array = wmem_array_new(wmem_file_scope(), size);

    wmem_array_append(array, element, 1);
    return array;
}

static step_t
keep(session_t *session, side_t sender, message_t message)
{
    const packet_info pinfo = from(sender);
    step_t step = {.session = session, .sender = sender};

    offers_keep(&step, &pinfo, &message);
    return step;
}

static step_t
offer(session_t *session, side_t sender, media_offer_t one)
{
    return keep(session, sender, (message_t){.offers = array_of(sizeof one, &one)});
}

static step_t
open_channel(session_t *session, side_t sender, opened_channel_t opened)
{
    return keep(
        session, sender,
        (message_t){.opened = array_of(sizeof opened, &opened), .has_fast_start = opened.fast});
}

static bool
is_mismatch(session_t *session, side_t sender, unsigned number)
{
    step_t step = offer(session, sender, (media_offer_t){.octets = hosts[number], .port = 5004});

    g_assert_cmpuint(step.offer_count, ==, 1);
    return step.findings & FINDING_BIT(FINDING_ADDRESS_MISMATCH);
}

static void
addresses_that_do_not_match(void)
{
    session_t *session = new_session();

    g_assert_false(is_mismatch(session, SIDE_CALLER, CALLER));
    g_assert_false(is_mismatch(session, SIDE_CALLER, CALLEE));
    g_assert_false(is_mismatch(session, SIDE_CALLER, NOBODY));
    g_assert_false(evidence_has(&session->evidence, FINDING_ADDRESS_MISMATCH));
    g_assert_false(session->redirected);
    g_assert_true(is_mismatch(session, SIDE_CALLER, THIRD));
    g_assert_true(evidence_has(&session->evidence, FINDING_ADDRESS_MISMATCH));
    /* on each message that has one, and told once */
    g_assert_true(is_mismatch(session, SIDE_CALLEE, THIRD));
    g_assert_cmpuint(evidence_find(&session->evidence, FINDING_ADDRESS_MISMATCH, SIDE_COUNT)->count,
                     ==, 1);
    g_assert_false(session->redirected);
    g_assert_false(is_mismatch(session, SIDE_CALLER, GROUP));
    g_assert_true(session->redirected);
}

/* They live longer than the message. */
static void
addresses_are_kept(void)
{
    const uint8_t there[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 7}; /* RFC 3849 */
    uint8_t octets[16];

    for (unsigned is_ipv6 = 0; is_ipv6 < 2; is_ipv6++) {
        const int length = is_ipv6 ? 16 : 4;
        step_t step;
        address kept;

        memcpy(octets, there, sizeof there);
        step = offer(new_session(), SIDE_CALLER,
                     (media_offer_t){.octets = octets, .is_ipv6 = is_ipv6, .port = 5004});
        memset(octets, 0, sizeof octets);
        kept = offer_address(&step.offers[0]);
        g_assert_cmpint(kept.type, ==, is_ipv6 ? AT_IPv6 : AT_IPv4);
        g_assert_cmpmem(kept.data, kept.len, there, length);
    }
}

/* An end that has named its own address in an answered call speaks of a third. */
static void
media_may_be_sent_elsewhere(void)
{
    session_t *session = new_session();

    session->media_addr[SIDE_CALLER] = host(CALLER);
    g_assert_true(is_mismatch(session, SIDE_CALLER, THIRD));
    session->answer.frame = 5;
    g_assert_true(is_mismatch(session, SIDE_CALLEE, THIRD));
    g_assert_false(session->redirected);
    g_assert_false(is_mismatch(session, SIDE_CALLER, THIRD));
    g_assert_true(session->redirected);
}

static void
what_is_guessed_is_no_mismatch(void)
{
    session_t *session = new_session();
    step_t step =
        offer(session, SIDE_CALLER, (media_offer_t){.octets = hosts[THIRD], .inferred = true});

    g_assert_cmpuint(step.findings, ==, 0);
    g_assert_cmpuint(step.offer_count, ==, 1);
}

static void
h245_may_be_elsewhere(void)
{
    session_t *session = new_session();
    message_t message = {.has_h245_address = true, .h245_addr = host(CALLER)};
    step_t step = keep(session, SIDE_CALLER, message);

    g_assert_cmpuint(step.findings, ==, 0);
    message.h245_addr = host(THIRD);
    step = keep(session, SIDE_CALLER, message);
    g_assert_cmpuint(step.findings, ==, FINDING_BIT(FINDING_ADDRESS_MISMATCH));
    message.has_h245_address = false;
    step = keep(session, SIDE_CALLER, message);
    g_assert_cmpuint(step.findings, ==, 0);
}

static const struct {
    uint8_t source[4];
    uint8_t said[4];
    bool is_translated;
} sources[] = {
    {{192, 0, 2, 1}, {10, 0, 0, 1}, true},       {{192, 0, 2, 1}, {172, 16, 0, 1}, true},
    {{192, 0, 2, 1}, {172, 31, 255, 1}, true},   {{192, 0, 2, 1}, {192, 168, 0, 1}, true},
    {{192, 0, 2, 1}, {172, 32, 0, 1}, false},    {{192, 0, 2, 1}, {172, 15, 0, 1}, false},
    {{192, 0, 2, 1}, {173, 16, 0, 1}, false},    {{192, 0, 2, 1}, {192, 169, 0, 1}, false},
    {{192, 0, 2, 1}, {193, 168, 0, 1}, false},   {{192, 0, 2, 1}, {11, 0, 0, 1}, false},
    {{10, 0, 0, 2}, {10, 1, 0, 1}, false},       {{172, 16, 0, 2}, {172, 17, 0, 1}, false},
    {{192, 168, 0, 2}, {192, 168, 1, 1}, false}, {{10, 0, 0, 2}, {192, 168, 1, 1}, true},
    {{10, 0, 0, 2}, {172, 16, 1, 1}, true},      {{172, 16, 0, 2}, {192, 168, 1, 1}, true},
    {{192, 168, 0, 2}, {10, 0, 0, 1}, true},     {{10, 0, 0, 2}, {192, 0, 2, 1}, false},
};

static void
the_caller_may_be_translated(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sources); i++) {
        session_t session = {.number = 1};
        packet_info pinfo = {.pool = wmem_file_scope()};
        message_t message = {.has_source_address = true};

        set_address(&pinfo.src, AT_IPv4, 4, sources[i].source);
        set_address(&message.source_addr, AT_IPv4, 4, sources[i].said);
        offers_compare_source(&session, &pinfo, &message);
        g_test_message("case %zu", i);
        g_assert_cmpint(session.translated != NULL, ==, sources[i].is_translated);
        session.translated = NULL;
        message.has_source_address = false;
        offers_compare_source(&session, &pinfo, &message);
        g_assert_null(session.translated);
    }
}

static void
only_ipv4_has_such_ranges(void)
{
    static const uint8_t octets[16] = {10};
    session_t session = {.number = 1};
    packet_info pinfo = {.pool = wmem_file_scope(), .src = host(CALLER)};
    message_t message = {.has_source_address = true};

    set_address(&message.source_addr, AT_IPv6, sizeof octets, octets);
    offers_compare_source(&session, &pinfo, &message);
    g_assert_null(session.translated);
}

static void
expect_to_callee(side_t sender, media_offer_t one, bool to_callee)
{
    session_t *session = new_session();
    step_t step;

    session->media_addr[SIDE_CALLER] = host(THIRD);
    one.port = 5004;
    step = offer(session, sender, one);
    g_assert_cmpint(step.offers[0].to_callee, ==, to_callee);
}

static void
whose_address_it_is(void)
{
    const uint8_t *group = hosts[GROUP];

    expect_to_callee(SIDE_CALLER, (media_offer_t){.octets = hosts[CALLER]}, false);
    expect_to_callee(SIDE_CALLEE, (media_offer_t){.octets = hosts[CALLEE]}, true);
    /* who opens a channel to a group sends there */
    expect_to_callee(SIDE_CALLER, (media_offer_t){.octets = group}, true);
    expect_to_callee(SIDE_CALLEE, (media_offer_t){.octets = group}, false);
    expect_to_callee(SIDE_CALLER, (media_offer_t){.octets = group, .accepts = true}, false);
    expect_to_callee(SIDE_CALLER, (media_offer_t){.octets = group, .rtcp = true}, false);
    expect_to_callee(SIDE_CALLER, (media_offer_t){.octets = group, .inferred = true}, false);
    /* elements of a fast start */
    expect_to_callee(SIDE_CALLER, (media_offer_t){.octets = hosts[CALLER], .fast = true}, false);
    expect_to_callee(SIDE_CALLEE, (media_offer_t){.octets = hosts[CALLEE], .fast = true}, true);
    expect_to_callee(SIDE_CALLEE,
                     (media_offer_t){.octets = hosts[CALLEE], .fast = true, .backward = true},
                     false);
    expect_to_callee(SIDE_CALLEE,
                     (media_offer_t){.octets = hosts[CALLEE], .fast = true, .rtcp = true}, true);
    expect_to_callee(SIDE_CALLEE,
                     (media_offer_t){.octets = hosts[CALLER], .fast = true, .rtcp = true}, false);
    expect_to_callee(SIDE_CALLEE,
                     (media_offer_t){.octets = hosts[THIRD], .fast = true, .rtcp = true}, false);
}

/* An acceptance names no codec: the channel does. */
static void
an_acceptance_is_completed(void)
{
    session_t *session = new_session();
    media_offer_t one = {.octets = hosts[CALLEE], .channel = 3, .accepts = true};
    step_t step;

    open_channel(session, SIDE_CALLER,
                 (opened_channel_t){
                     .channel = 3, .content = CONTENT_AUDIO, .codec = "g728", .payload_type = 99});
    step = offer(session, SIDE_CALLEE, one);
    g_assert_cmpint(step.offers[0].content, ==, CONTENT_AUDIO);
    g_assert_cmpstr(step.offers[0].codec, ==, "g728");
    g_assert_cmpuint(step.offers[0].payload_type, ==, 99);
    g_assert_false(step.offers[0].tcp);
    one.payload_type = 100;
    one.rtcp = true;
    step = offer(session, SIDE_CALLEE, one);
    g_assert_cmpuint(step.offers[0].payload_type, ==, 100);
    g_assert_null(step.offers[0].codec);
    /* no channel of the other end's, or of another number */
    one.codec = "g729";
    step = offer(session, SIDE_CALLER, one);
    g_assert_cmpstr(step.offers[0].codec, ==, "g729");
    g_assert_cmpint(step.offers[0].content, ==, CONTENT_UNKNOWN);
    one.channel = 4;
    step = offer(session, SIDE_CALLEE, one);
    g_assert_cmpint(step.offers[0].content, ==, CONTENT_UNKNOWN);
    open_channel(session, SIDE_CALLER, (opened_channel_t){.channel = 4, .content = CONTENT_T120});
    step = offer(session, SIDE_CALLEE, one);
    g_assert_true(step.offers[0].tcp);
    one.accepts = false;
    step = offer(session, SIDE_CALLEE, one);
    g_assert_cmpint(step.offers[0].content, ==, CONTENT_UNKNOWN);
}

static void
types_are_learnt(void)
{
    session_t *session = new_session();

    /* an end sends to the other, whatever it opens */
    open_channel(session, SIDE_CALLER,
                 (opened_channel_t){.content = CONTENT_AUDIO, .codec = "g711Ulaw64k"});
    open_channel(session, SIDE_CALLEE,
                 (opened_channel_t){.content = CONTENT_AUDIO, .codec = "g728"});
    g_assert_cmphex(session->negotiated[SIDE_CALLEE].types, ==, UINT64_C(1));
    g_assert_cmphex(session->negotiated[SIDE_CALLER].types, ==, UINT64_C(1) << 15);
    g_assert_false(session->negotiated[SIDE_CALLEE].is_open);
    open_channel(session, SIDE_CALLER,
                 (opened_channel_t){.content = CONTENT_VIDEO, .codec = "h261VideoCapability"});
    g_assert_false(session->negotiated[SIDE_CALLEE].is_open);
    open_channel(session, SIDE_CALLER,
                 (opened_channel_t){.content = CONTENT_AUDIO, .codec = "nonStandard"});
    g_assert_true(session->negotiated[SIDE_CALLEE].is_open);
    g_assert_false(session->negotiated[SIDE_CALLER].is_open);
    open_channel(session, SIDE_CALLEE, (opened_channel_t){.content = CONTENT_AUDIO});
    g_assert_true(session->negotiated[SIDE_CALLER].is_open);
}

/* The caller's elements are an offer; what the callee chooses of them counts. */
static void
types_of_a_fast_start(void)
{
    session_t *session = new_session();
    opened_channel_t element = {.content = CONTENT_AUDIO, .codec = "g711Ulaw64k", .fast = true};

    open_channel(session, SIDE_CALLER, element);
    g_assert_cmphex(session->negotiated[SIDE_CALLEE].types, ==, 0);
    open_channel(session, SIDE_CALLEE, element);
    g_assert_cmphex(session->negotiated[SIDE_CALLEE].types, ==, 1);
    g_assert_cmphex(session->negotiated[SIDE_CALLER].types, ==, 0);
    element.backward = true;
    open_channel(session, SIDE_CALLEE, element);
    g_assert_cmphex(session->negotiated[SIDE_CALLER].types, ==, 1);
}

static void
agree(session_t *session, side_t sender, message_t message)
{
    const step_t step = {.session = session, .sender = sender};

    offers_agree(&step, &message);
}

static void
channels_are_agreed_on(void)
{
    const uint16_t number = 3;
    const opened_channel_t forward = {.content = CONTENT_AUDIO, .fast = true};
    const opened_channel_t backward = {.content = CONTENT_VIDEO, .fast = true, .backward = true};
    const opened_channel_t slow = {.content = CONTENT_T38};
    session_t *session = new_session();
    message_t accepting = {.accepted = array_of(sizeof number, &number)};
    message_t choosing = {.has_fast_start = true};

    open_channel(session, SIDE_CALLER,
                 (opened_channel_t){.channel = number, .content = CONTENT_AUDIO});
    agree(session, SIDE_CALLEE, accepting);
    g_assert_true(session->agreed_to[CONTENT_AUDIO][SIDE_CALLEE]);
    g_assert_false(session->agreed_to[CONTENT_AUDIO][SIDE_CALLER]);
    agree(session, SIDE_CALLER, accepting);
    g_assert_true(session->agreed_to[CONTENT_UNKNOWN][SIDE_CALLER]);
    g_assert_false(session->agreed_to[CONTENT_UNKNOWN][SIDE_CALLEE]);
    session = new_session();
    choosing.opened = array_of(sizeof forward, &forward);
    wmem_array_append(choosing.opened, &backward, 1);
    wmem_array_append(choosing.opened, &slow, 1);
    agree(session, SIDE_CALLER, choosing);
    g_assert_false(session->agreed_to[CONTENT_AUDIO][SIDE_CALLEE]);
    agree(session, SIDE_CALLEE, choosing);
    g_assert_true(session->agreed_to[CONTENT_AUDIO][SIDE_CALLEE]);
    g_assert_false(session->agreed_to[CONTENT_AUDIO][SIDE_CALLER]);
    g_assert_true(session->agreed_to[CONTENT_VIDEO][SIDE_CALLER]);
    g_assert_false(session->agreed_to[CONTENT_VIDEO][SIDE_CALLEE]);
    g_assert_false(session->agreed_to[CONTENT_T38][SIDE_CALLEE]);
    g_assert_false(session->agreed_to[CONTENT_UNKNOWN][SIDE_CALLEE]);
    /* a message that names none agrees on something */
    agree(session, SIDE_CALLEE, (message_t){.media_accepted = true});
    g_assert_true(session->agreed_to[CONTENT_UNKNOWN][SIDE_CALLEE]);
    g_assert_true(session->agreed_to[CONTENT_UNKNOWN][SIDE_CALLER]);
}

/* What the caller has offered with a fast start, by two codecs, and an address for RTCP. */
static step_t *
fast_offer(session_t *session)
{
    const packet_info pinfo = from(SIDE_CALLER);
    const media_offer_t offers[] = {
        {.octets = hosts[CALLER], .port = 1, .fast = true, .content = CONTENT_AUDIO},
        {.octets = hosts[CALLER],
         .port = 2,
         .fast = true,
         .backward = true,
         .rtcp = true,
         .content = CONTENT_AUDIO,
         .codec = "g729"},
        {.octets = hosts[CALLER],
         .port = 3,
         .fast = true,
         .backward = true,
         .content = CONTENT_VIDEO,
         .codec = "g729"},
        {.octets = hosts[CALLER],
         .port = 4,
         .backward = true,
         .content = CONTENT_AUDIO,
         .codec = "g729"},
        {.octets = hosts[CALLER],
         .port = 5,
         .fast = true,
         .backward = true,
         .content = CONTENT_AUDIO,
         .codec = "g728"},
        {.octets = hosts[CALLER],
         .port = 6,
         .fast = true,
         .backward = true,
         .content = CONTENT_AUDIO,
         .codec = "g729"},
    };
    message_t message = {.has_fast_start = true};
    step_t *step = wmem_new0(wmem_file_scope(), step_t);

    message.offers = wmem_array_new(wmem_file_scope(), sizeof *offers);
    wmem_array_append(message.offers, offers, G_N_ELEMENTS(offers));
    step->session = session;
    step->sender = SIDE_CALLER;
    offers_keep(step, &pinfo, &message);
    return step;
}

static void
what_is_chosen_keeps_its_address(void)
{
    session_t *session = new_session();
    const step_t *offered = fast_offer(session);
    opened_channel_t chosen = {
        .content = CONTENT_AUDIO, .fast = true, .backward = true, .codec = "g729"};
    step_t step;

    g_assert_true(session->fast_offer == offered);
    step = open_channel(session, SIDE_CALLEE, chosen);
    g_assert_cmpuint(step.offer_count, ==, 1);
    g_assert_cmpuint(step.offers[0].port, ==, 6);
    g_assert_cmpstr(step.offers[0].codec, ==, "g729");
    g_assert_true(step.offers[0].offered);
    g_assert_true(session->fast_offer == offered);
    /* of another codec: the first of the content */
    chosen.codec = "g7231";
    step = open_channel(session, SIDE_CALLEE, chosen);
    g_assert_cmpuint(step.offers[0].port, ==, 5);
    g_assert_cmpstr(step.offers[0].codec, ==, "g7231");
    chosen.content = CONTENT_VIDEO;
    step = open_channel(session, SIDE_CALLEE, chosen);
    g_assert_cmpuint(step.offers[0].port, ==, 3);
    chosen.content = CONTENT_T38;
    step = open_channel(session, SIDE_CALLEE, chosen);
    g_assert_cmpuint(step.offer_count, ==, 0);
    chosen = (opened_channel_t){.content = CONTENT_AUDIO, .fast = true};
    step = open_channel(session, SIDE_CALLEE, chosen);
    g_assert_cmpuint(step.offer_count, ==, 0);
    chosen.backward = true;
    chosen.has_media = true;
    step = open_channel(session, SIDE_CALLEE, chosen);
    g_assert_cmpuint(step.offer_count, ==, 0);
}

static void
media_may_be_multiplexed(void)
{
    const multiplexed_t one = {.number = 1};
    session_t *session = new_session();

    keep(session, SIDE_CALLER, (message_t){.length = 1});
    g_assert_false(session->redirected);
    keep(session, SIDE_CALLER, (message_t){.multiplexed = array_of(sizeof one, &one)});
    g_assert_true(session->redirected);
}

int
main(int argc, char **argv)
{
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/offers/addresses_that_do_not_match", addresses_that_do_not_match);
    g_test_add_func("/offers/addresses_are_kept", addresses_are_kept);
    g_test_add_func("/offers/media_may_be_sent_elsewhere", media_may_be_sent_elsewhere);
    g_test_add_func("/offers/what_is_guessed_is_no_mismatch", what_is_guessed_is_no_mismatch);
    g_test_add_func("/offers/h245_may_be_elsewhere", h245_may_be_elsewhere);
    g_test_add_func("/offers/the_caller_may_be_translated", the_caller_may_be_translated);
    g_test_add_func("/offers/only_ipv4_has_such_ranges", only_ipv4_has_such_ranges);
    g_test_add_func("/offers/whose_address_it_is", whose_address_it_is);
    g_test_add_func("/offers/an_acceptance_is_completed", an_acceptance_is_completed);
    g_test_add_func("/offers/types_are_learnt", types_are_learnt);
    g_test_add_func("/offers/types_of_a_fast_start", types_of_a_fast_start);
    g_test_add_func("/offers/channels_are_agreed_on", channels_are_agreed_on);
    g_test_add_func("/offers/what_is_chosen_keeps_its_address", what_is_chosen_keeps_its_address);
    g_test_add_func("/offers/media_may_be_multiplexed", media_may_be_multiplexed);
    return g_test_run();
}
