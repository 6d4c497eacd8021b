/* recognise_text_test.c
 * Beginnings on both sides of each thing that a specification prescribes.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/recognise_test.h"

static void
http(void)
{
    EXPECT(recognise_http, YES("HTTP/1.1 200 OK\r\n"), YES("HTTP/0.9 200"), NO("HTTP/2.0 200"),
           YES("GET * HTTP/1.0\r\n"), YES("GET /"), NO("GET a\r\n"), MAYBE("GET "), MAYBE("GE"),
           MAYBE("HTT"), NO("FETCH /"), YES("MKCOL /"), NO("GET a\r\n HTTP/1.0"));
}

static void
sip_and_rtsp(void)
{
    EXPECT(recognise_sip, YES("SIP/2.0 200 OK\r\n"), YES("INVITE sip:a@b SIP/2.0\r\n"),
           NO("INVITE sip:a@b SIP/3.0\r\n"), MAYBE("SIP/2"), MAYBE("INV"),
           NO("GET sip:a@b SIP/2.0\r\n"), NO("SIP/1.0 200 OK\r\n"));
    EXPECT(recognise_rtsp, YES("RTSP/1.0 200 OK\r\n"), YES("PLAY rtsp://a RTSP/1.0\r\n"),
           NO("PLAY rtsp://a RTSP/2.0\r\n"), MAYBE("RTSP"), MAYBE("PLA"),
           NO("GET rtsp://a RTSP/1.0\r\n"));
}

static void
mail_and_files(void)
{
    EXPECT(recognise_smtp, YES("EHLO a\r\n"), YES("HELO a\r\n"), YES("220 a ESMTP\r\n"),
           YES("220-a SMTP\r\n"), NO("220 a FTP\r\n"), NO("221 a SMTP\r\n"), MAYBE("EH"),
           MAYBE("220"), NO("MAIL a\r\n"));
    EXPECT(recognise_ftp, YES("220 a FTP\r\n"), YES("220-FTP\r\n"), NO("220 a SMTP\r\n"),
           NO("230 FTP\r\n"), MAYBE("22"));
}

static void
irc(void)
{
    EXPECT(recognise_irc, YES("NICK a\r\n"), YES("CAP LS\r\n"), YES("NOTICE AUTH :a\r\n"),
           YES("NOTICE * :a\r\n"), YES("USER a 0 * :a\r\n"), NO("USER a\r\n"), MAYBE("NI"),
           YES(":a NOTICE b\r\n"), YES(":a 001 b\r\n"), NO(":a 002 b\r\n"), NO("a NOTICE b\r\n"),
           NO("a 001 b\r\n"), YES("PASS a\r\nNICK b\r\n"), NO("PASS a\r\nUSER b\r\n"),
           NO("PASs a\r\nNICK b\r\n"), MAYBE("USER"), NO("a\r\n"));
}

static void
plain_text(void)
{
    EXPECT(recognise_plain_text, YES("abcdefghijkl"), NO("abcdefghijk"), YES("ab\n"), NO("a\n"),
           NO("abc"), NO("abcdefghijk\x80"), NO("a\1\n"));
}

static void
shells(void)
{
    EXPECT(recognise_shell_prompt, YES("Microsoft Windows [Version 5]"),
           YES("Microsoft(R) Windows NT"), YES("sh: no job control in this shell\n"),
           YES("Windows PowerShell\n"), YES("C:\\>"), YES("PS C:\\> "), NO("C:>"), NO("a> "),
           YES("# "), YES("a$ "), YES("a% "), NO("a! "), NO("a$"), NO("$"), NO(" "), NO("\1$ "),
           NO("\0 "), NO("ab"), NO("a>b"), NO("a$b"), NO("C:\\>b"), NO("C:\\ "));
    EXPECT(recognise_shell_output, YES("uid=0(root) gid=0(root)\n"), NO("uid=0(root)\n"),
           NO("gid=0(root) gid=0(root)\n"), NO("uid="));
    EXPECT(recognise_login_prompt, YES("login:"), YES("a Login: "), YES("Password:"),
           YES("username: "), NO("login: a"), NO("ogin:"), NO("login"), NO("login:  "),
           NO("\1login:"), NO(" "), NO("\x80login:"), NO("a"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recognise_text/http", http);
    g_test_add_func("/recognise_text/sip_and_rtsp", sip_and_rtsp);
    g_test_add_func("/recognise_text/mail_and_files", mail_and_files);
    g_test_add_func("/recognise_text/irc", irc);
    g_test_add_func("/recognise_text/plain_text", plain_text);
    g_test_add_func("/recognise_text/shells", shells);
    return g_test_run();
}
