/* compat.h
 * The differences between Wireshark 4.0, 4.2, 4.4 and 4.6, and nothing else:
 * the sources use the newest names, and this header supplies them to older
 * releases.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_COMPAT_H
#define MSICCP_COMPAT_H

#include <stdbool.h>
#include <stdint.h>

#include <ws_version.h>
#include <epan/packet.h>
#include <epan/proto_data.h>
#include <epan/strutil.h>

#define MSICCP_WS_BEFORE(major, minor)                                                             \
    (WIRESHARK_VERSION_MAJOR < (major) ||                                                          \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR < (minor)))

/* Preferences and heuristics were gboolean, which is an int, up to 4.2. */
#if MSICCP_WS_BEFORE(4, 4)
typedef gboolean ws_bool;
#define tvb_find_uint8 tvb_find_guint8
#define tvb_get_uint8 tvb_get_guint8
#else
typedef bool ws_bool;
#endif

/* Text was made of unsigned characters up to 4.2. */
#if MSICCP_WS_BEFORE(4, 4)
#define FORMAT_TEXT(scope, text, length) format_text(scope, (const guchar *)(text), length)
#else
#define FORMAT_TEXT(scope, text, length) format_text(scope, text, length)
#endif

/* Named so at some release between 4.0 and 4.4. */
#ifndef FT_IS_STRING
#define FT_IS_STRING IS_FT_STRING
#define FT_IS_UINT32 IS_FT_UINT32
#endif

/* A field's value became a pointer with 4.2. */
#if MSICCP_WS_BEFORE(4, 2)
#define FI_VALUE(finfo) (&(finfo)->value)
#else
#define FI_VALUE(finfo) ((finfo)->value)
#endif

/* RTP is counted by the numbers extended to 32 and 64 bits from 4.2 on. */
#define MSICCP_RTP_BY_HEADER MSICCP_WS_BEFORE(4, 2)
#if MSICCP_RTP_BY_HEADER
#define RTP_SEQUENCE(info) ((info)->info_seq_num)
#else
#define RTP_SEQUENCE(info) ((info)->info_extended_seq_num)
#endif

/*
 * In 4.0 every statistics tree of a plugin is in the Statistics menu; from 4.2
 * on it can be elsewhere, and submenus are written with two slashes.
 */
#if MSICCP_WS_BEFORE(4, 2)
#define STATS_TREE_PATH(menu, name) menu "/" name
#define STATS_TREE_IN_TELEPHONY(config) (config)
#define REGISTER_TELEPHONY_GROUP_UNSORTED REGISTER_STAT_GROUP_TELEPHONY
#else
#define STATS_TREE_PATH(menu, name) menu "//" name
#define STATS_TREE_IN_TELEPHONY(config)                                                            \
    stats_tree_set_group(config, REGISTER_TELEPHONY_GROUP_UNSORTED)
#endif

/*
 * Makes of begin(), which is false where a statistic cannot begin, the function
 * that Wireshark calls: up to 4.4 it has to end the program itself.
 */
#if MSICCP_WS_BEFORE(4, 6)
#define STAT_TAP_BEGIN(name, begin)                                                                \
    static void name(const char *argument, void *data)                                             \
    {                                                                                              \
        if (!begin(argument, data))                                                                \
            exit(1);                                                                               \
    }
#else
#define STAT_TAP_BEGIN(name, begin)                                                                \
    static bool name(const char *argument, void *data)                                             \
    {                                                                                              \
        return begin(argument, data);                                                              \
    }
#endif

/* Conversation filters are given the user's data from 4.4 on. */
#if MSICCP_WS_BEFORE(4, 4)
typedef gboolean ws_filter_bool;
#define CONVERSATION_FILTER_ARGS packet_info *pinfo
#define REGISTER_CONVERSATION_FILTER(name, title, is_valid, build)                                 \
    register_conversation_filter(name, title, is_valid, build)
#else
typedef bool ws_filter_bool;
#define CONVERSATION_FILTER_ARGS packet_info *pinfo, void *user_data _U_
#define REGISTER_CONVERSATION_FILTER(name, title, is_valid, build)                                 \
    register_conversation_filter(name, title, is_valid, build, NULL)
#endif

/* Whoever follows streams is told how many there are from 4.4 on. */
#if MSICCP_WS_BEFORE(4, 4)
#define REGISTER_FOLLOW_STREAM(proto, tap, of_packet, of_number, of_addresses, port, handler,      \
                               count)                                                              \
    ((void)(count),                                                                                \
     register_follow_stream(proto, tap, of_packet, of_number, of_addresses, port, handler))
#else
#define REGISTER_FOLLOW_STREAM(proto, tap, of_packet, of_number, of_addresses, port, handler,      \
                               count)                                                              \
    register_follow_stream(proto, tap, of_packet, of_number, of_addresses, port, handler, count,   \
                           NULL)
#endif

/* Subtrees must start at -1 in 4.0, and may everywhere. */
#define ETT_UNREGISTERED (-1)

#endif
