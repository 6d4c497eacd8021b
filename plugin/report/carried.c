/* carried.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/carried.h"

#include "readers/codecs.h"
#include "readers/payload.h"

#include <epan/dissectors/packet-rtp.h>

/* Events 0 to 15 are the digits (RFC 2833, section 3.10). */
static const char digits[] = "0123456789*#ABCD";
#define LAST_DIGIT_EVENT 15

static bool
is_dynamic(const struct _rtp_info *info)
{
    return info->info_payload_type >= DYNAMIC_TYPE_FIRST;
}

/* The signalling has named a codec for this very type. */
static bool
is_signalled(const joined_t *joined, const struct _rtp_info *info)
{
    return is_dynamic(info) && joined->codec && joined->payload_type == info->info_payload_type;
}

bool
carried_is_event(const joined_t *joined, const struct _rtp_info *info)
{
    return is_dynamic(info) && !is_signalled(joined, info) && info->info_payload_type_str &&
           (g_ascii_strncasecmp(info->info_payload_type_str, "telephone-event",
                                strlen("telephone-event")) == 0 ||
            strcmp(info->info_payload_type_str, "rtpevent") == 0);
}

const char *
carried_codec(const joined_t *joined, const struct _rtp_info *info)
{
    if (!is_dynamic(info))
        return payload_name(info->info_payload_type);
    if (is_signalled(joined, info) || (joined->codec && !joined->payload_type))
        return codec_in_rtp(joined->codec);
    return info->info_payload_type_str;
}

gunichar
carried_digit(const joined_t *joined, const struct _rtp_info *info)
{
    uint8_t event;

    if (!carried_is_event(joined, info) || !info->info_all_data_present ||
        info->info_payload_len < 1)
        return 0;
    event = info->info_data[info->info_payload_offset];
    return event <= LAST_DIGIT_EVENT ? (gunichar)digits[event] : 0;
}
