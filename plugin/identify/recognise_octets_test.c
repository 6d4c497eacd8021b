/* recognise_octets_test.c
 * Beginnings on both sides of each thing that a specification prescribes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/recognise_test.h"

static const uint8_t pe[] = {'P', 'E', 0, 0};

static void
put(uint8_t *to, const uint8_t *octets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        to[i] = octets[i];
}

/* Each holds what is told by more octets in what two kinds of them have in common. */
static void
bits(void)
{
    /* SSL 2.0: of the first octet, the top bit */
    EXPECT(recognise_tls, NO("\x01\x03\x01\x03\x00"));
    /* X.224: the upper half of the code */
    EXPECT(recognise_any_x224, YES("\3\0\0\x0b\6\xe1\0"));
    EXPECT(recognise_rdp, YES("\3\0\0\x0f\x0a\xe1_____\1\0\x08\0"),
           YES("\3\0\0\x0f\x0a\xd1_____\3\0\x08\0"));
    /* MQTT: the top bit of a length says that it goes on */
    EXPECT(recognise_mqtt, YES("\x10\x11\0\4MQTT"));
    /* DNS: what kind of query, which may be cut off, and one bit that is none */
    EXPECT(recognise_dns, YES("\0\1\x29\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"),
           YES("\0\1\x81\1\0\1\0\0\0\0\0\0\1a\0\0\1\0\1"));
    /* QUIC: the form of the header, and that it is of QUIC */
    EXPECT(recognise_quic, NO("\x41\0\0\0\1\0\0"), NO("\x81\0\0\0\1\0\0"));
}

static void
tls(void)
{
    EXPECT(recognise_tls, YES("\x16\x03\x01\x00\x01"), YES("\x16\x03\x04\x48\x00"),
           NO("\x16\x03\x05\x00\x01"), NO("\x16\x03\x01\x48\x01"), NO("\x16\x03\x01\x00\x00"),
           NO("\x16\x02\x01\x00\x01"), NO("\x13\x03\x01\x00\x01"), YES("\x14\x03\x01\x00\x01"),
           NO("\x14\x03\x01\x00\x02"), YES("\x15\x03\x01\x00\x02"), YES("\x17\x03\x01\x00\x02"),
           NO("\x18\x03\x01\x00\x02"), MAYBE("\x16"), MAYBE("\x16\x03"), MAYBE("\x16\x03\x01\x00"),
           NO("\x16\x02"), NO("\x16\x03\x05"));
    /* the hello of SSL 2.0 */
    EXPECT(recognise_tls, YES("\x80\x03\x01\x03\x04"), NO("\x80\x04\x01\x03\x00"),
           YES("\x80\x05\x01\x03\x00__"), NO("\x80\x03\x02\x03\x00"), NO("\x80\x03\x01\x02\x00"),
           NO("\x80\x03\x01\x03\x05"), NO("\x80\x02\x01\x03"), NO("\x00\x03\x01\x03\x00"));
}

static void
socks(void)
{
    EXPECT(recognise_socks, YES("\x05\x01\x00"), YES("\x05\x02\x09\x80"), NO("\x05\x01\x0a"),
           NO("\x05\x01\x7f"), NO("\x05\x00"), NO("\x05\x01\x00\x00"), MAYBE("\x05"),
           MAYBE("\x05\x01"), MAYBE("\x05\x03\x00\x00"));
    EXPECT(recognise_socks, YES("\x04\x01\x00\x50____\0"), YES("\x04\x02\x00\x50____a\0"),
           NO("\x04\x03\x00\x50____\0"), NO("\x04\x00\x00\x50____\0"), NO("\x04\x01\x00\x00____\0"),
           NO("\x04\x01\x00\x50____a"), NO("\x04\x01\x00\x50____\x07\0"), MAYBE("\x04"),
           NO("\x04\x03"), MAYBE("\x04\x01\x00\x50____"), NO("\x06\x01\x00\x50____\0"));
}

static void
smb(void)
{
    EXPECT(recognise_smb, YES("\x81\0\0\x44\x20"), NO("\x81\0\0\x45\x20___"),
           YES("\0\0\0\x40\xffSMB"), YES("\0\0\0\x40\xfcSMB"), NO("\0\0\0\x40\xfbSMB"),
           NO("\1\0\0\x40\xffSMB"), NO("\0\0\0\x40\xffSMC"), NO("\0\0\0\x40\xffSM"),
           MAYBE("\0\0\0\x08"), NO("\0\0\0\x07"), MAYBE("\0\0\xff\xff"), NO("\0\1\0\0"),
           LONGER(MATCH_NO, 1, "\0\0\0\x08"), LONGER(MATCH_NO, 2, "\0\0"),
           LONGER(MATCH_NO, 1, "\0\0\0"));
}

static void
x224(void)
{
    EXPECT(recognise_any_x224, YES("\3\0\0\x0b\6\xe0\0"), YES("\3\0\0\x0b\6\xd0\0"),
           YES("\3\0\0\x0c\6\x80\0"), YES("\3\0\0\x07\2\xf0\0"), YES("\3\0\0\x10\2\xf0\0"),
           NO("\3\0\0\x0b\6\xe0"), NO("\2\0\0\x0b\6\xe0\0"), NO("\3\1\0\x0b\6\xe0\0"),
           NO("\3\0\0\x06\1\xf0\0"), NO("\3\0\0\x0b\7\xe0\0"), NO("\3\0\0\x0c\6\xe0\0"),
           NO("\3\0\0\x0a\5\xe0\0"), NO("\3\0\0\x0a\5\x80\0"), NO("\3\0\0\x07\2\xf1\0"),
           NO("\3\0\0\x08\3\xf0\0"), NO("\3\0\0\x0b\6\x70\0"), NO("\3\0\0\x04\6\x80\0"),
           NO("\3\0\0\x09\6\x80\0"), YES("\3\0\1\x0c\6\x80\0"));
    EXPECT(recognise_rdp, YES("\3\0\0\x0f\x0a\xe0_____\1\0\x08\0"),
           YES("\3\0\0\x0f\x0a\xd0_____\3\0\x08\0"), NO("\3\0\0\x0f\x0a\xe0_____\0\0\x08\0"),
           NO("\3\0\0\x0f\x0a\xe0_____\4\0\x08\0"), NO("\3\0\0\x0f\x0a\xe0_____\1\0\x09\0"),
           NO("\3\0\0\x0f\x0a\xe0_____\1\0\x08\1"), NO("\3\0\0\x0f\x0a\x80_____\1\0\x08\0"),
           NO("\3\0\0\x0f\x0b\xe0_____\1\0\x08\0"), NO("\3\0\0\x0e\x09\xe0_____\1\0\x08"),
           YES("\3\0\0\x17\x12\xe0_____Cookie: msts"), YES("\3\0\0\x17\x12\xe0_____Cook"),
           YES("\3\0\0\x18\x13\xe0_____Cookie: mstsh"), NO("\3\0\0\x17\x12\xe0_____Cookie: host"));
    EXPECT(recognise_t120, YES("\3\0\0\x09\2\xf0\x80\x7f\x65"), YES("\3\0\0\x09\2\xf0\x80\x7f\x66"),
           NO("\3\0\0\x09\2\xf0\x80\x7f\x67"), NO("\3\0\0\x09\2\xf0\x80\x7e\x65"),
           NO("\3\0\0\x09\2\xf0\x80\x7f"), NO("\2\0\0\x09\2\xf0\x80\x7f\x65"),
           NO("\3\0\0\x0d\x08\xe0\0\x7f\x65\0\0\0\0"));
}

static void
telnet(void)
{
    EXPECT(recognise_telnet, YES("\xff\xfb\x01"), YES("\xff\xfa\x8f"), NO("\xff\xfb\x90"),
           NO("\xff\xf9\x01"), NO("\xff\xff\x01"), NO("\xfe\xfb\x01"), MAYBE("\xff"),
           MAYBE("\xff\xfb"), NO("\xff\xff"), YES("\xff\xfb\x01\xff"), YES("\xff\xfb\x01l"),
           NO("\xff\xfe\x01\x00"), YES("\xff\xfa\x18\x00"));
}

static void
mysql(void)
{
    EXPECT(recognise_mysql,
           YES("\4\0\0\0\x0a"
               "5.5"),
           YES("\5\0\0\0\x09"
               "5.5\0"),
           NO("\4\0\0\0\x0b"
              "5.5"),
           NO("\4\0\0\0\x08"
              "5.5"),
           NO("\4\0\0\1\x0a"
              "5.5"),
           NO("\5\0\0\0\x0a"
              "5.5"),
           NO("\4\0\0\0\x0a"
              "a.5"),
           NO("\5\0\0\0\x0a"
              "5.5\1"),
           NO("\3\0\0\0\x0a"
              "5."),
           MAYBE("\x08\0\0\0"), NO("\x07\0\0\0"), MAYBE("\xff\xff\0\0"), NO("\0\0\1\0"));
}

static void
postgresql(void)
{
    EXPECT(recognise_postgresql, YES("\0\0\0\x08\0\3\0\0"), NO("\0\0\0\x08\0\3\0\1"),
           NO("\0\0\0\x09\0\3\0\0"), YES("\0\0\0\x08\4\xd2\x16\x2e"),
           YES("\0\0\0\x08\4\xd2\x16\x30"), NO("\0\0\0\x08\4\xd2\x16\x2d"),
           NO("\0\0\0\x08\4\xd2\x16\x31"), NO("\0\0\0\x07\0\3\0"), MAYBE("\0\0\0\x08"),
           NO("\0\0\0\x07"));
}

static void
mqtt(void)
{
    EXPECT(recognise_mqtt, YES("\x10\x10\0\4MQTT"), YES("\x10\x10\0\6MQIsdp"),
           YES("\x10\x80\x80\x80\x10\0\4MQTT"), NO("\x10\x80\x80\x80\x80\x10\0\4MQTT"),
           NO("\x20\x10\0\4MQTT"), NO("\x10\x10\0\4MQTA"), MAYBE("\x10\x10\0\4MQ"), MAYBE("\x10"),
           MAYBE("\x10\x80"));
}

#define QUERY "\0\1\1\0\0\1\0\0\0\0\0\0"
#define QUESTION "\1a\0\0\1\0\1"

static void
dns(void)
{
    EXPECT(recognise_dns, YES(QUERY QUESTION), NO("\0\1\1\0\0\2\0\0\0\0\0\0" QUESTION),
           NO("\0\1\1\0\0\0\0\0\0\0\0\0" QUESTION), YES("\0\1\x28\0\0\1\0\0\0\0\0\0" QUESTION),
           NO("\0\1\x30\0\0\1\0\0\0\0\0\0" QUESTION), NO("\0\1\1\x40\0\1\0\0\0\0\0\0" QUESTION),
           NO("\0\1\1\1\0\1\0\0\0\0\0\0" QUESTION), YES("\0\1\x81\x8a\0\1\0\0\0\0\0\0" QUESTION),
           NO("\0\1\x81\x8b\0\1\0\0\0\0\0\0" QUESTION));
    /* counts */
    EXPECT(recognise_dns, YES("\0\1\1\0\0\1\0\1\0\0\0\0" QUESTION),
           NO("\0\1\1\0\0\1\0\2\0\0\0\0" QUESTION),
           YES("\0\1\x81\0\0\1\0\x64\0\x64\0\x64" QUESTION),
           NO("\0\1\x81\0\0\1\0\x65\0\0\0\0" QUESTION), NO("\0\1\x81\0\0\1\0\0\0\x65\0\0" QUESTION),
           NO("\0\1\x81\0\0\1\0\0\0\0\0\x65" QUESTION));
    /* the question */
    EXPECT(recognise_dns, NO(QUERY "\1a\0\0\1\0"), NO(QUERY "\1 \0\0\1\0\1"),
           NO(QUERY "\1a\0\0\0\0\1"), YES(QUERY "\1a\0\1\x08\0\1"), NO(QUERY "\1a\0\1\x09\0\1"),
           YES(QUERY "\1a\0\x80\0\0\1"), YES(QUERY "\1a\0\x80\1\0\1"), NO(QUERY "\1a\0\x80\2\0\1"),
           NO(QUERY "\1a\0\0\1\0\0"), NO(QUERY "\1a\0\0\1\0\2"), YES(QUERY "\1a\0\0\1\0\3"),
           YES(QUERY "\1a\0\0\1\0\4"), NO(QUERY "\1a\0\0\1\0\5"), NO(QUERY "\1a\0\0\1\0\xfd"),
           YES(QUERY "\1a\0\0\1\0\xfe"), YES(QUERY "\1a\0\0\1\0\xff"), YES(QUERY "\1a\0\0\1\x80\1"),
           NO(QUERY "\1a\0\0\1\1\1"),
           NO(QUERY "\x0a"
                    "abcdef"),
           YES(QUERY "\0\0\1\0\1"),
           NO(QUERY "\x40"
                    "a\0\0\1\0\1"));
    EXPECT(recognise_dns_tcp, YES("\0\x13" QUERY QUESTION), YES("\0\x14" QUERY QUESTION),
           NO("\0\x12" QUERY QUESTION), MAYBE("\0\x0d"), NO("\0\x0c"),
           LONGER(MATCH_NO, 1, "\0\x0d"), NO("\0"));
}

/* Labels of 63 octets, as many as there may be, and one more. */
static void
dns_names(void)
{
    static const uint8_t query[] = QUERY;

    for (unsigned labels = 1; labels <= 6; labels++) {
        unsigned size = 12 + 64 * labels + 5;
        uint8_t *bytes = g_malloc0(size);
        payload_t payload = {.bytes = bytes, .length = size, .captured = size, .reported = size};

        put(bytes, query, 12);
        memset(bytes + 12, 'a', (size_t)64 * labels);
        for (unsigned label = 0; label < labels; label++)
            bytes[12 + 64 * label] = 63;
        bytes[size - 3] = 1;
        bytes[size - 1] = 1;
        g_assert_cmpint(recognise_dns(&payload), ==, labels <= 4 ? MATCH_YES : MATCH_NO);
        bytes[12] = 64;
        g_assert_cmpint(recognise_dns(&payload), ==, MATCH_NO);
        g_free(bytes);
    }
}

#define NETBIOS_QUERY "\0\1\1\x10\0\1\0\0\0\0\0\0"
#define NAME                                                                                       \
    "\x20"                                                                                         \
    "EFFDEJEBEFFAFAAPPPFFCACACACACAAA"

static void
netbios_names(void)
{
    EXPECT(recognise_netbios_names, YES(NETBIOS_QUERY NAME "\0\0\x20\0\1"),
           YES(NETBIOS_QUERY NAME "\0\0\x21\0\1"), NO(NETBIOS_QUERY NAME "\0\0\x22\0\1"),
           NO(NETBIOS_QUERY NAME "\0\0\x1f\0\1"), NO(NETBIOS_QUERY NAME "\0\0\x20\0\2"),
           NO(NETBIOS_QUERY NAME "\1\0\x20\0\1"), NO(NETBIOS_QUERY NAME "\0\0\x20\0"),
           YES("\0\1\x85\0\0\0\0\1\0\0\0\0" NAME "\0\0\x20\0\1"),
           YES("\0\1\x85\0\0\1\0\1\0\0\0\0" NAME "\0\0\x20\0\1"),
           NO("\0\1\x85\0\0\0\0\0\0\0\0\0" NAME "\0\0\x20\0\1"),
           NO("\0\1\x85\0\0\2\0\0\0\0\0\0" NAME "\0\0\x20\0\1"),
           NO("\0\1\x85\0\0\0\0\2\0\0\0\0" NAME "\0\0\x20\0\1"),
           NO(NETBIOS_QUERY "\x1f"
                            "EFFDEJEBEFFAFAAPPPFFCACACACACAAA\0\0\x20\0\1"),
           NO(NETBIOS_QUERY "\x20"
                            "QFFDEJEBEFFAFAAPPPFFCACACACACAAA\0\0\x20\0\1"),
           NO(NETBIOS_QUERY "\x20"
                            "EFFDEJEBEFFAFAAPPPFFCACACACACAA@\0\0\x20\0\1"));
}

#define COOKIE "\x21\x12\xa4\x42____________"

static void
stun(void)
{
    EXPECT(recognise_stun, YES("\0\1\0\0" COOKIE), YES("\x3f\1\0\4" COOKIE "____"),
           NO("\x40\1\0\0" COOKIE), LONGER(MATCH_NO, 1, "\0\1\0\0\x21\x12\xa4\x42___________"),
           NO("\x80\1\0\0" COOKIE), NO("\0\1\0\1" COOKIE "____"), NO("\0\1\0\2" COOKIE "____"),
           NO("\0\1\0\4" COOKIE), YES("\0\1\0\0" COOKIE "_"),
           NO("\0\1\0\0\x21\x12\xa4\x42___________"), NO("\0\1\0\0\x21\x12\xa4\x43____________"),
           LONGER(MATCH_YES, 4, "\0\1\0\4" COOKIE));
}

static void
dtls(void)
{
    EXPECT(recognise_dtls, YES("\x16\xfe\xff________\0\1_"), YES("\x14\xfe\xfd________\0\1_"),
           YES("\x19\xfe\xfd________\0\1_"), NO("\x13\xfe\xfd________\0\1_"),
           NO("\x1a\xfe\xfd________\0\1_"), NO("\x16\xfd\xfd________\0\1_"),
           NO("\x16\xfe\xfe________\0\1_"), NO("\x16\xfe\xfd________\0\0_"),
           NO("\x16\xfe\xfd________\0\2_"), NO("\x16\xfe\xfd________\0"),
           LONGER(MATCH_YES, 1, "\x16\xfe\xfd________\0\1"));
}

static void
quic(void)
{
    EXPECT(recognise_quic, YES("\xc0\0\0\0\1\0\0"), NO("\x80\0\0\0\1\0\0"), NO("\x40\0\0\0\1\0\0"),
           NO("\xc0\0\0\0\2\0\0"), YES("\xc0\x6b\x33\x43\xcf\0\0"), NO("\xc0\x6b\x33\x43\xce\0\0"),
           NO("\xc0\xff\0\0\x1c\0\0"), YES("\xc0\xff\0\0\x1d\0\0"), YES("\xc0\xff\0\0\x22\0\0"),
           NO("\xc0\xff\0\0\x23\0\0"), NO("\xc0\0\0\0\1\0"), NO("\xc0\0\0\0\1"));
    /* how long the identifiers of the connection are */
    EXPECT(recognise_quic, YES("\xc0\0\0\0\1\1_\0"), NO("\xc0\0\0\0\1\1_"),
           YES("\xc0\0\0\0\1\x14____________________\x14"),
           NO("\xc0\0\0\0\1\x14____________________\x15"),
           NO("\xc0\0\0\0\1\x15_____________________\0"), YES("\xc0\0\0\0\1\0\x14"));
    /* negotiation of versions: a number of them behind the identifiers, and not none */
    EXPECT(recognise_quic, NO("\x80\0\0\0\0\0\0"), NO("\x80\0\0\0\0\0\4"),
           NO("\x80\0\0\0\0\0\4abcd"), YES("\x80\0\0\0\0\0\4abcd\0\0\0\1"),
           NO("\x80\0\0\0\0\0\x14 abc"));
    EXPECT(recognise_quic, YES("\x80\0\0\0\0\0\0\0\0\0\1"), YES("\x80\0\0\0\0\1\2\3bcd\0\0\0\1"),
           NO("\x80\0\0\0\0\1\2\3bcd\0\0\0"), YES("\x80\0\0\0\0\0\1b\0\0\0\1"),
           NO("\x80\0\0\0\0\1a\2bc\0\0\0\1_"), NO("\x80\0\0\0\0\0\0\0\0\0\1\0"),
           YES("\x80\0\0\0\0\0\0\0\0\0\1\0\0\0\2"));
}

static void
executables(void)
{
    EXPECT(recognise_elf, YES("\177ELF\1\1\1"), YES("\177ELF\2\2\1"), YES("\177ELF\2\1\1"),
           YES("\177ELF\1\2\1"), NO("\177ELF\3\1\1"), NO("\177ELF\3\2\1"), NO("\177ELF\0\1\1"),
           NO("\177ELF\1\3\1"), NO("\177ELF\1\0\1"), NO("\177ELF\1\1\2"), MAYBE("\177ELF\1\1"),
           MAYBE("\177E"), NO("\177ELA\1\1\1"));
    EXPECT(recognise_dos_executable, YES("MZ______\4\0__\xff\xff__"),
           NO("MZ______\5\0__\xff\xff__"), NO("MZ______\4\1__\xff\xff__"),
           NO("MZ______\4\0__\xfe\xff__"), NO("MZ______\4\0__\xff\xfe__"),
           MAYBE("MZ______\4\0__\xff\xff_"), MAYBE("M"), NO("MY"));
}

/* The header of a DOS program, and where it says that another one is. */
static void
pointed_to(void)
{
    uint8_t bytes[72] = "MZ______\4\0__\xff\xff";
    payload_t payload = {.bytes = bytes, .length = 68, .captured = 68, .reported = 68};

    bytes[60] = 64;
    /* it is not all there: what the header says has to do */
    g_assert_cmpint(recognise_dos_executable(&payload), ==, MATCH_YES);
    bytes[8] = 5;
    g_assert_cmpint(recognise_dos_executable(&payload), ==, MATCH_NO);
    payload.length = payload.captured = payload.reported = 69;
    put(bytes + 64, pe, sizeof pe);
    g_assert_cmpint(recognise_dos_executable(&payload), ==, MATCH_YES);
    bytes[67] = 1;
    bytes[8] = 4;
    g_assert_cmpint(recognise_dos_executable(&payload), ==, MATCH_NO);
    payload.length = 63;
    g_assert_cmpint(recognise_dos_executable(&payload), ==, MATCH_YES);
    /* the pointer, and nothing behind it, is there: at what stands before */
    payload.length = 64;
    put(bytes + 50, pe, sizeof pe);
    bytes[60] = 50;
    bytes[8] = 5;
    g_assert_cmpint(recognise_dos_executable(&payload), ==, MATCH_YES);
    bytes[54] = 1;
    g_assert_cmpint(recognise_dos_executable(&payload), ==, MATCH_YES);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recognise_octets/bits", bits);
    g_test_add_func("/recognise_octets/tls", tls);
    g_test_add_func("/recognise_octets/socks", socks);
    g_test_add_func("/recognise_octets/smb", smb);
    g_test_add_func("/recognise_octets/x224", x224);
    g_test_add_func("/recognise_octets/telnet", telnet);
    g_test_add_func("/recognise_octets/mysql", mysql);
    g_test_add_func("/recognise_octets/postgresql", postgresql);
    g_test_add_func("/recognise_octets/mqtt", mqtt);
    g_test_add_func("/recognise_octets/dns", dns);
    g_test_add_func("/recognise_octets/dns_names", dns_names);
    g_test_add_func("/recognise_octets/netbios_names", netbios_names);
    g_test_add_func("/recognise_octets/stun", stun);
    g_test_add_func("/recognise_octets/dtls", dtls);
    g_test_add_func("/recognise_octets/quic", quic);
    g_test_add_func("/recognise_octets/executables", executables);
    g_test_add_func("/recognise_octets/pointed_to", pointed_to);
    return g_test_run();
}
