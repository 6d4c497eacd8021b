/* recognise_text.c
 *
 * What each protocol's own specification prescribes of its first octets; docs/FOREIGN.md
 * names these.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "identify/recognise.h"

#include "identify/octets.h"

#include <string.h>

#include <glib.h>

match_t
recognise_http(const payload_t *payload)
{
    static const char *const methods[] = {"GET ",   "POST ",  "HEAD ",      "PUT ",      "DELETE ",
                                          "TRACE ", "PATCH ", "OPTIONS ",   "PROPFIND ", "CONNECT ",
                                          "MKCOL ", "COPY ",  "SUBSCRIBE ", "NOTIFY ",   NULL};
    match_t match = octets_begins_with_one_of(payload, LIST("HTTP/1.", "HTTP/0."));
    const uint8_t *target;

    if (match == MATCH_YES)
        return match;
    match = MAX(match, octets_begins_with_one_of(payload, methods));
    if (match != MATCH_YES)
        return match;
    if (octets_line_has(payload, " HTTP/1."))
        return MATCH_YES;
    target = memchr(payload->bytes, ' ', payload->length);
    if (target + 1 == payload->bytes + payload->length)
        return MATCH_MAYBE;
    return octets_match_if(target[1] == '/');
}

match_t
recognise_sip(const payload_t *payload)
{
    static const char *const methods[] = {
        "INVITE ",  "REGISTER ",  "OPTIONS ", "ACK ",     "BYE ",   "CANCEL ", "NOTIFY ", "INFO ",
        "MESSAGE ", "SUBSCRIBE ", "UPDATE ",  "PUBLISH ", "REFER ", "PRACK ",  NULL};
    match_t match = octets_begins_with(payload, "SIP/2.0 ");

    if (match == MATCH_YES)
        return match;
    return MAX(match, octets_line_of(payload, methods, " SIP/2.0"));
}

match_t
recognise_rtsp(const payload_t *payload)
{
    static const char *const methods[] = {"OPTIONS ",  "DESCRIBE ", "SETUP ", "PLAY ",
                                          "ANNOUNCE ", "TEARDOWN ", "PAUSE ", NULL};
    match_t match = octets_begins_with(payload, "RTSP/1.0 ");

    if (match == MATCH_YES)
        return match;
    return MAX(match, octets_line_of(payload, methods, " RTSP/1.0"));
}

match_t
recognise_smtp(const payload_t *payload)
{
    static const char *const commands[] = {"EHLO ", "HELO ", NULL};
    match_t match = octets_begins_with_one_of(payload, commands);

    if (match == MATCH_YES)
        return match;
    return MAX(match, octets_line_of(payload, LIST("220 ", "220-"), "SMTP"));
}

match_t
recognise_ftp(const payload_t *payload)
{
    return octets_line_of(payload, LIST("220 ", "220-"), "FTP");
}

match_t
recognise_irc(const payload_t *payload)
{
    static const char *const commands[] = {"NICK ", "CAP LS", "NOTICE AUTH", "NOTICE *", NULL};
    match_t match = octets_begins_with_one_of(payload, commands);

    if (match == MATCH_YES)
        return match;
    match = MAX(match, octets_line_of(payload, LIST("USER "), " :"));
    if (match == MATCH_YES)
        return match;
    if (octets_begins_with(payload, ":") == MATCH_YES &&
        (octets_line_has(payload, " NOTICE ") || octets_line_has(payload, " 001 ")))
        return MATCH_YES;
    if (octets_begins_with(payload, "PASS ") == MATCH_YES && octets_have(payload, "\nNICK "))
        return MATCH_YES;
    return match;
}

/* All of it ASCII; a few characters are enough where they end a line. */
match_t
recognise_plain_text(const payload_t *payload)
{
    return octets_match_if(octets_are_text(payload) &&
                           (payload->length >= 12 ||
                            (payload->length >= 3 && payload->bytes[payload->length - 1] == '\n')));
}

/* What shells write first: their prompt last, or a banner of Windows' or of a shell without a tty.
 */
match_t
recognise_shell_prompt(const payload_t *payload)
{
    const char *text = (const char *)payload->bytes;
    unsigned length = payload->length;

    if (octets_have(payload, "Microsoft Windows [Version ") ||
        octets_have(payload, "Microsoft(R) Windows ") ||
        octets_have(payload, ": no job control in this shell") ||
        octets_have(payload, "Windows PowerShell"))
        return MATCH_YES;
    if (length < 2 || length == SIGNATURE_LENGTH)
        return MATCH_NO;
    if (!octets_are_text(payload))
        return MATCH_NO;
    if (text[length - 1] == '>' || (text[length - 1] == ' ' && text[length - 2] == '>'))
        return octets_match_if(octets_have(payload, ":\\"));
    return octets_match_if(text[length - 1] == ' ' && strchr("$#%", text[length - 2]));
}

/* What `id` says of whom commands run as. */
match_t
recognise_shell_output(const payload_t *payload)
{
    return octets_match_if(octets_begins_with(payload, "uid=") == MATCH_YES &&
                           octets_line_has(payload, ") gid="));
}

/* The last words, after which an answer is waited for. */
match_t
recognise_login_prompt(const payload_t *payload)
{
    static const char *const words[] = {"login:", "username:", "password:", NULL};
    size_t length = payload->length;

    if (!octets_are_text(payload))
        return MATCH_NO;
    if (length && payload->bytes[length - 1] == ' ')
        length--;
    for (const char *const *word = words; *word; word++) {
        size_t size = strlen(*word);

        if (length >= size &&
            g_ascii_strncasecmp((const char *)payload->bytes + length - size, *word, size) == 0)
            return MATCH_YES;
    }
    return MATCH_NO;
}
