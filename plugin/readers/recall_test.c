/* recall_test.c
 * What is kept of a message is told of those laid out alike, and of no others.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/recall.h"

#include "common/octets_test.h"

#include <epan/dissectors/packet-q931.h>

/* In the message below. */
#define TYPE_AT 8
#define TEXT_AT 9
#define ADDRESS_AT 12
#define PORT_AT 16
#define GUID_AT 18
#define END_AT 34

#define REFERENCE_AT 6

static const uint8_t setup[END_AT + 3] = {
    3, 0, 0, END_AT + 3, 8, 2, 0x12, 0x34, Q931_SETUP, 'a', 'b', 'c', 192, 0,  2,  1, 17, 42, 1,
    2, 3, 4, 5,          6, 7, 8,    9,    10,         11,  12,  13,  14,  15, 16, 7, 8,  9};

static header_field_info number_field = {.type = FT_UINT32};
static header_field_info text_field = {.type = FT_STRING};
static header_field_info address_field = {.type = FT_IPv4};
static header_field_info guid_field = {.type = FT_GUID};

static bool
means_something(reader_t *reader _U_, const found_t *found _U_)
{
    return true;
}

static const meaning_t of_text = {"text", means_something, 0};
static const meaning_t of_address = {"address", meaning_ipv4, 0};
static const meaning_t of_port = {"port", meaning_port, 0};
/* Set from the table: what reads a call identifier. */
static meaning_t of_guid;

enum { TEXT, ADDRESS, PORT, GUID, FIELDS };

/* What a tree would tell of the message. The text has its own octets. */
static void
tell(found_t *found, const uint8_t *octets, const char *text)
{
    const found_t told[FIELDS] = {
        [TEXT] = {&of_text, &text_field, 3, TEXT_AT, 3, octets + TEXT_AT, {.text = text}},
        [ADDRESS] = {&of_address, &address_field, 1, ADDRESS_AT, 4, octets + ADDRESS_AT, {0}},
        [PORT] = {&of_port,
                  &number_field,
                  0,
                  PORT_AT,
                  2,
                  octets + PORT_AT,
                  {.number = (uint64_t)octets[PORT_AT] << 8 | octets[PORT_AT + 1]}},
        [GUID] = {&of_guid,
                  &guid_field,
                  0,
                  GUID_AT,
                  16,
                  octets + GUID_AT,
                  {.guid = {0x01020304, 0x0506, 0x0708, {9, 10, 11, 12, 13, 14, 15, 16}}}},
    };

    memcpy(found, told, sizeof told);
}

static tvbuff_t *
tvb_of(const uint8_t *octets)
{
    return captured_of(octets, sizeof setup, sizeof setup);
}

static void
keep_told(const uint8_t *octets, const found_t *told, unsigned count, bool malformed)
{
    const message_t message = {.has_call_reference = true,
                               .call_reference_offset = REFERENCE_AT,
                               .call_reference_width = 2,
                               .malformed = malformed};
    const found_list_t list = {told, count};
    tvbuff_t *tvb = tvb_of(octets);

    recall_keep(tvb, &list, &message);
    tvb_free(tvb);
}

static void
keep(const uint8_t *octets)
{
    char text[] = "abc";
    found_t told[FIELDS];

    tell(told, octets, text);
    keep_told(octets, told, FIELDS, false);
    text[0] = '?';
}

static const found_list_t *
find(const uint8_t *octets)
{
    tvbuff_t *tvb = tvb_of(octets);
    const found_list_t *found = recall_find(tvb);

    tvb_free(tvb);
    return found;
}

static void
begin(uint8_t *octets)
{
    recall_forget();
    memcpy(octets, setup, sizeof setup);
}

static void
tells_values_of_this_one(void)
{
    uint8_t octets[sizeof setup];
    const found_list_t *found;

    begin(octets);
    g_assert_null(find(octets));
    keep(octets);
    octets[REFERENCE_AT] ^= 0x80;
    octets[REFERENCE_AT + 1]++;
    octets[ADDRESS_AT + 3] = 99;
    octets[PORT_AT] = 0xff;
    octets[GUID_AT] = 0xfe;
    octets[GUID_AT + 15] = 0xfd;
    found = find(octets);
    g_assert_nonnull(found);
    g_assert_cmpuint(found->count, ==, FIELDS);
    g_assert_cmpstr(found->first[TEXT].value.text, ==, "abc");
    g_assert_cmpuint(found->first[TEXT].below, ==, 3);
    g_assert_true(found->first[ADDRESS].octets == octets + ADDRESS_AT);
    g_assert_cmpuint(found->first[PORT].value.number, ==, 0xff2a);
    g_assert_cmphex(found->first[GUID].value.guid.data1, ==, 0xfe020304);
    g_assert_cmphex(found->first[GUID].value.guid.data2, ==, 0x0506);
    g_assert_cmphex(found->first[GUID].value.guid.data3, ==, 0x0708);
    g_assert_cmphex(found->first[GUID].value.guid.data4[7], ==, 0xfd);
}

static bool
may_vary(unsigned at)
{
    return at / 2 == REFERENCE_AT / 2 || (at >= ADDRESS_AT && at < END_AT);
}

static void
no_other_octet_may_differ(void)
{
    uint8_t octets[sizeof setup];

    begin(octets);
    keep(octets);
    for (unsigned at = 0; at < sizeof setup; at++) {
        for (unsigned bit = 1; bit <= 0x80; bit <<= 1) {
            octets[at] ^= (uint8_t)bit;
            g_assert_true((find(octets) != NULL) == may_vary(at));
            octets[at] ^= (uint8_t)bit;
        }
    }
}

static void
is_told_of_whole_messages(void)
{
    uint8_t octets[sizeof setup];
    tvbuff_t *tvb;

    begin(octets);
    keep(octets);
    tvb = captured_of(octets, sizeof setup - 1, sizeof setup);
    g_assert_null(recall_find(tvb));
    tvb_free(tvb);
    tvb = captured_of(octets, sizeof setup - 1, sizeof setup - 1);
    g_assert_null(recall_find(tvb));
    tvb_free(tvb);
    tvb = captured_of(octets, 3, 3);
    g_assert_null(recall_find(tvb));
    tvb_free(tvb);
}

static void
some_are_not_kept(void)
{
    static const uint8_t elsewhere[4];
    uint8_t octets[sizeof setup];
    found_t told[FIELDS];
    found_t many[300];

    begin(octets);
    tell(told, octets, "abc");
    keep_told(octets, told, FIELDS, true);
    g_assert_null(find(octets));
    keep_told(octets, told, 0, false);
    g_assert_null(find(octets));
    for (unsigned i = 0; i < G_N_ELEMENTS(many); i++)
        many[i] = told[PORT];
    keep_told(octets, many, G_N_ELEMENTS(many), false);
    g_assert_null(find(octets));
    told[ADDRESS].octets = elsewhere;
    keep_told(octets, told, FIELDS, false);
    g_assert_null(find(octets));
    tell(told, octets, "abc");
    octets[TYPE_AT] = Q931_SEGMENT;
    keep_told(octets, told, FIELDS, false);
    g_assert_null(find(octets));
    octets[TYPE_AT] = Q931_SETUP;
    octets[TYPE_AT - 1] = Q931_SEGMENT;
    octets[REFERENCE_AT - 1] = 1;
    keep_told(octets, told, FIELDS, false);
    g_assert_null(find(octets));
}

/* An identifier that is not read may be in another order of octets. */
static void
what_is_not_read_may_not_differ(void)
{
    static const meaning_t of_flag = {"flag", meaning_flag, 0};
    uint8_t octets[sizeof setup];
    found_t told[FIELDS];

    begin(octets);
    tell(told, octets, "abc");
    told[GUID].meaning = &of_flag;
    keep_told(octets, told, FIELDS, false);
    g_assert_nonnull(find(octets));
    octets[GUID_AT]++;
    g_assert_null(find(octets));
}

/* A value that its octets do not say by themselves: of a number that does not begin with 0. */
static void
a_value_must_be_that_of_its_octets(void)
{
    uint8_t octets[sizeof setup];
    found_t told[FIELDS];

    begin(octets);
    tell(told, octets, "abc");
    told[PORT].value.number++;
    keep_told(octets, told, FIELDS, false);
    g_assert_cmpuint(find(octets)->first[PORT].value.number, ==, 0x112b);
    octets[PORT_AT]++;
    g_assert_null(find(octets));
}

static void
the_oldest_goes(void)
{
    uint8_t octets[sizeof setup];

    begin(octets);
    for (uint8_t i = 0; i < 4; i++) {
        octets[TEXT_AT] = i;
        keep(octets);
    }
    octets[TEXT_AT] = 0;
    g_assert_nonnull(find(octets));
    octets[TEXT_AT] = 4;
    keep(octets);
    g_assert_nonnull(find(octets));
    octets[TEXT_AT] = 0;
    g_assert_null(find(octets));
    octets[TEXT_AT] = 1;
    g_assert_nonnull(find(octets));
}

static void
take_meaning(meaning_t *meaning, const char *field)
{
    for (size_t i = 0; i < meaning_count; i++) {
        if (strcmp(meanings[i].field, field) == 0)
            *meaning = meanings[i];
    }
}

int
main(int argc, char **argv)
{
    take_meaning(&of_guid, "h225.guid");
    wmem_init_scopes();
    wmem_enter_scope(wmem_file_scope());
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recall/tells_values_of_this_one", tells_values_of_this_one);
    g_test_add_func("/recall/no_other_octet_may_differ", no_other_octet_may_differ);
    g_test_add_func("/recall/is_told_of_whole_messages", is_told_of_whole_messages);
    g_test_add_func("/recall/some_are_not_kept", some_are_not_kept);
    g_test_add_func("/recall/a_value_must_be_that_of_its_octets",
                    a_value_must_be_that_of_its_octets);
    g_test_add_func("/recall/what_is_not_read_may_not_differ", what_is_not_read_may_not_differ);
    g_test_add_func("/recall/the_oldest_goes", the_oldest_goes);
    return g_test_run();
}
