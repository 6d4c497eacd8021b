/* recognise_servers_test.c
 * Beginnings on both sides of each thing that a specification prescribes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/recognise_test.h"

static void
ldap(void)
{
    EXPECT(recognise_ldap, YES("\x30\x05\x02\x01\x01\x60\0"), YES("\x30\x05\x02\x01\x01\x78\0"),
           NO("\x30\x05\x02\x01\x01\x79\0"), NO("\x31\x05\x02\x01\x01\x60\0"),
           NO("\x30\x05\x03\x01\x01\x60\0"), NO("\x30\x03\x02\x01\x01\x60\0"),
           YES("\x30\x04\x02\x01\x01\x60\0"), NO("\x30\x05\x02\x00\x60\0\0"),
           YES("\x30\x08\x02\x04\0\0\0\1\x60\0"), NO("\x30\x09\x02\x05\0\0\0\0\1\x60\0"),
           NO("\x30\x05\x02\x01\x01\x60"), NO("\x30\x07\x02\x03\0\0\1"),
           NO("\x30\x7f\x02\x04\0\0\0"), YES("\x30\x05\x02\x02\0\1\x60"),
           NO("\x60\x60\x60\x60\x60\x60\x60\x60"), NO("\x30\x60\x02\x04\0\0\0"));
    /* the long form of a length */
    EXPECT(recognise_ldap, YES("\x30\x81\x05\x02\x01\x01\x60\0"),
           YES("\x30\x84\0\0\0\x05\x02\x01\x01\x60\0"), YES("\x30\x84\0\0\1\0\x02\x01\x01\x60\0"),
           NO("\x30\x85\0\0\0\0\x05\x02\x01\x01\x60\0"), NO("\x30\x84\0\0\0\x03\x02\x01\x01\x60\0"),
           NO("\x30\x84\0\0\0\x05\x02"), NO("\x30\x84\0\0\0\x05"),
           NO("\x30\x84\0\0\0\x05\x02\x01\x01"), NO("\x30\x82\0\x03\x02\x01\x01\x60\0"),
           NO("\x30\x84\0\0\0\x05\x02\x01"),
           YES("\x30\x80\x02\x01\x01\x60\0\0\0") /* its first octet alone tells */);
}

static void
snmp(void)
{
    EXPECT(recognise_snmp, YES("\x30\x05\x02\x01\0\x04\0"), YES("\x30\x05\x02\x01\1\x04\0"),
           NO("\x30\x05\x02\x01\2\x04\0"), NO("\x30\x05\x02\x01\3\x04\0"),
           YES("\x30\x05\x02\x01\3\x30\0"), NO("\x30\x05\x02\x01\0\x30\0"),
           NO("\x30\x05\x02\x01\0\x04\0\0"), NO("\x30\x06\x02\x01\0\x04\0"),
           NO("\x30\x06\x02\x02\0\0\x04\0"), YES("\x30\x81\x05\x02\x01\0\x04\0"),
           NO("\x30\x80\x02\x01\0\x04\0"), YES("\x30\x82\0\x05\x02\x01\0\x04\0"),
           LONGER(MATCH_YES, 256, "\x30\x82\1\x05\x02\x01\0\x04\0"), NO("\x04\1\0"),
           LONGER(MATCH_YES, 1, "\x30\x06\x02\x01\0\x04\0"), NO("\x30\x05\x03\x01\0\x04\0"));
}

#define TIMES "____________________________________________"

static void
ntp(void)
{
    EXPECT(recognise_ntp, YES("\x23\0\0\0" TIMES), YES("\x1b\0\0\0" TIMES), NO("\x13\0\0\0" TIMES),
           NO("\x2b\0\0\0" TIMES), NO("\x20\0\0\0" TIMES), YES("\x21\0\0\0" TIMES),
           YES("\x25\0\0\0" TIMES), NO("\x26\0\0\0" TIMES), YES("\x23\x10\0\0" TIMES),
           NO("\x23\x11\0\0" TIMES), YES("\x23\0\x11\0" TIMES), NO("\x23\0\x12\0" TIMES),
           YES("\x23\0\0\xe0" TIMES), YES("\x23\0\0\xfe" TIMES), NO("\x23\0\0\xdf" TIMES),
           NO("\x23\0\0\xff" TIMES), NO("\x23\0\0\x01" TIMES), YES("\x23\0\0\x20" TIMES),
           NO("\x24\0\0\x20" TIMES), NO("\x23\0\0\x21" TIMES));
    EXPECT(recognise_ntp, NO("\x23\0\0\0___________________________________________"),
           NO("\x23\0\0\0" TIMES "_"), YES("\x23\0\0\0" TIMES "____"),
           LONGER(MATCH_YES, 1024 - 48, "\x23\0\0\0" TIMES),
           LONGER(MATCH_NO, 1028 - 48, "\x23\0\0\0" TIMES), LONGER(MATCH_NO, 44, "\x23\0\0\0"));
}

static void
tftp(void)
{
    EXPECT(recognise_tftp, YES("\0\1a\0octet\0"), YES("\0\2a\0NetASCII\0"), NO("\0\3a\0octet\0"),
           NO("\0\0a\0octet\0"), NO("\1\1a\0octet\0"), NO("\0\1a\0mail\0____"),
           NO("\0\1\0octet\0_"), NO("\0\1\1\0octet\0"), NO("\0\1a\0octet"), NO("\0\1abcdefgh"),
           NO("\0\1a\0octe\0"), NO("\0\1a\0oct\0"), NO("\0"), YES("\0\1ab\0octet\0"),
           NO("\0\1ab\0octet"));
}

static void
utp(void)
{
    EXPECT(
        recognise_utp, YES("\x41\0\0\1____\0\0\0\0\0\0\0\1\0\1\0\0"),
        NO("\x42\0\0\1____\0\0\0\0\0\0\0\1\0\1\0\0"), NO("\x41\0\0\1____\0\0\0\1\0\0\0\1\0\1\0\0"),
        NO("\x41\0\0\1____\1\0\0\0\0\0\0\1\0\1\0\0"), YES("\x41\0\0\1____\0\0\0\0\1\0\0\0\0\1\0\0"),
        NO("\x41\0\0\1____\0\0\0\0\0\0\0\0\0\1\0\0"), NO("\x41\0\0\1____\0\0\0\0\0\0\0\1\0\1\0\1"),
        NO("\x41\0\0\1____\0\0\0\0\0\0\0\1\0\1\0"), NO("\x41\0\0\1____\0\0\0\0\0\0\0\1\0\1\0\0_"),
        LONGER(MATCH_NO, 1, "\x41\0\0\1____\0\0\0\0\0\0\0\1\0\1\0\0"));
    /* extensions, a chain of them */
    EXPECT(recognise_utp, YES("\x41\2\0\1____\0\0\0\0\0\0\0\1\0\1\0\0\0\2__"),
           YES("\x41\2\0\1____\0\0\0\0\0\0\0\1\0\1\0\0\1\1_\0\0"),
           NO("\x41\3\0\1____\0\0\0\0\0\0\0\1\0\1\0\0\0\2__"),
           NO("\x41\2\0\1____\0\0\0\0\0\0\0\1\0\1\0\0\0"),
           NO("\x41\2\0\1____\0\0\0\0\0\0\0\1\0\1\0\0\0\3__"),
           NO("\x41\2\0\1____\0\0\0\0\0\0\0\1\0\1\0\0\1\2__"));
}

static void
of_one_length(void)
{
    EXPECT(recognise_bittorrent_tracker, YES("\0\0\4\x17\x27\x10\x19\x80\0\0\0\0____"),
           NO("\0\0\4\x17\x27\x10\x19\x80\0\0\0\1____"),
           NO("\0\0\4\x17\x27\x10\x19\x80\0\0\0\0___"),
           NO("\0\0\4\x17\x27\x10\x19\x80\0\0\0\0_____"));
    EXPECT(recognise_openvpn, YES("\x38________\0\0\0\0\0"), NO("\x39________\0\0\0\0\0"),
           NO("\x38________\0\0\0\0\1"), NO("\x38________\1\0\0\0\0"),
           LONGER(MATCH_NO, 1, "\x38________\0\0\0\0"), NO("\x38________\0\0\0\0"),
           NO("\x38________\0\0\0\0\0_"), LONGER(MATCH_NO, 1, "\x38________\0\0\0\0\0"));
    EXPECT(recognise_openvpn_tcp, YES("\0\x0e\x38________\0\0\0\0\0"),
           NO("\0\x0f\x38________\0\0\0\0\0"), NO("\0\x0e\x38________\0\0\0\0\0_"),
           NO("\0\x0e\x39________\0\0\0\0\0"), LONGER(MATCH_NO, 1, "\0\x0e\x38________\0\0\0\0\0"),
           NO("\0"));
    EXPECT(recognise_wireguard, LONGER(MATCH_YES, 144, "\1\0\0\0"),
           LONGER(MATCH_NO, 143, "\1\0\0\0"), LONGER(MATCH_NO, 144, "\1\0\0\1"),
           LONGER(MATCH_NO, 144, "\2\0\0\0"), LONGER(MATCH_MAYBE, 145, "\1\0\0"));
    EXPECT(recognise_iperf3, YES("abcdefghijklmnopqrstuvwxyz2345672345\0"),
           NO("abcdefghijklmnopqrstuvwxyz2345672341\0"),
           NO("abcdefghijklmnopqrstuvwxyz2345672348\0"),
           NO("Abcdefghijklmnopqrstuvwxyz2345672345\0"),
           NO("abcdefghijklmnopqrstuvwxyz23456723451"), NO("abcdefghijklmnopqrstuvwxyz234567234\0"),
           LONGER(MATCH_NO, 1, "abcdefghijklmnopqrstuvwxyz2345672345"),
           LONGER(MATCH_NO, 1, "abcdefghijklmnopqrstuvwxyz2345672345\0"));
}

static void
memcached_binary(void)
{
    EXPECT(recognise_memcached_binary, YES("\x80\0\0\1\0\0\0\0\0\0\0\1____________a"),
           NO("\x81\0\0\1\0\0\0\0\0\0\0\1____________a"),
           YES("\x80\x40\0\1\0\0\0\0\0\0\0\1____________a"),
           NO("\x80\x41\0\1\0\0\0\0\0\0\0\1____________a"),
           NO("\x80\0\0\1\0\1\0\0\0\0\0\1____________a"),
           NO("\x80\0\0\2\0\0\0\0\0\0\0\1____________a"),
           NO("\x80\0\0\1\1\0\0\0\0\0\0\1____________a"),
           YES("\x80\0\0\1\1\0\0\0\0\0\0\2____________ab"),
           NO("\x80\0\0\0\0\0\0\0\0\0\0\2____________a"),
           YES("\x80\0\0\0\0\0\0\0\0\0\0\0____________"),
           NO("\x80\0\0\0\0\0\0\0\0\0\0\0___________"), NO("\x80"));
}

static void
of_text(void)
{
    EXPECT(recognise_git, YES("003egit-upload-pack"), YES("FFFFgit-"), NO("003ggit-"),
           NO("003ehit-"), MAYBE("003egi"), MAYBE("0"), NO("g03egit-"), NO("0g3egit-"),
           MAYBE("003e"), NO("103e"), NO("g"), NO("00g"));
    EXPECT(recognise_redis, YES("*1\r\n$4\r\n"), YES("*12\r\n$"), NO("*\r\n$"), NO("+1\r\n$"),
           NO("*\r"), NO("*1\r\n+"), MAYBE("*1"), MAYBE("*"), MAYBE("*1\r"), NO("*a"));
    EXPECT(recognise_memcached, YES("set a 0 0 1\r\n"), YES("add a 0 0 1 noreply\r\n"),
           YES("prepend a 0 0 1\r\n1\r\n"), NO("set a 0 0\r\n"), NO("set a 0 0 1 2 3\r\n"),
           NO("set a 0 0 1\n"), NO("set a 0 0 1"), NO("get a 0 0 1\r\n"), NO("set"));
}

static void
syslog(void)
{
    EXPECT(recognise_syslog, YES("<0>1 a"), YES("<13>Jan 1"), YES("<191>Dec 1"), NO("<192>1 a"),
           NO("<199>Dec 1"), NO("<>1 a"), NO("<a>1 a"), YES("<9>1 a"), NO("<a1>1 a"),
           NO("<1911>1 a"), NO("<0001>1 a"), NO("(0>1 a"), NO("<0)1 a"), NO("<0>2 a"),
           NO("<13>jan 1"), NO("<13"), NO("<13>"), NO("<13>Ja"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recognise_servers/ldap", ldap);
    g_test_add_func("/recognise_servers/snmp", snmp);
    g_test_add_func("/recognise_servers/ntp", ntp);
    g_test_add_func("/recognise_servers/tftp", tftp);
    g_test_add_func("/recognise_servers/utp", utp);
    g_test_add_func("/recognise_servers/of_one_length", of_one_length);
    g_test_add_func("/recognise_servers/memcached_binary", memcached_binary);
    g_test_add_func("/recognise_servers/of_text", of_text);
    g_test_add_func("/recognise_servers/syslog", syslog);
    return g_test_run();
}
