/* copies.c
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "report/copies.h"

#include "common/hash.h"
#include "common/sequence.h"

static bool
is_ahead_of_all(const copies_t *copies, const struct _rtp_info *info)
{
    return copies->kept == 0 || sequence_is_ahead(info->info_seq_num, copies->newest);
}

static bool
is_kept(const copies_t *copies, const fingerprint_t *packet)
{
    for (uint32_t i = 0; i < MIN(copies->kept, PACKETS_KEPT); i++) {
        const fingerprint_t *kept = &copies->latest[i];

        if (kept->sequence == packet->sequence && kept->timestamp == packet->timestamp &&
            kept->length == packet->length && kept->hash == packet->hash)
            return true;
    }
    return false;
}

bool
copies_add(copies_t *copies, const struct _rtp_info *info)
{
    fingerprint_t packet = {.sequence = info->info_seq_num,
                            .timestamp = info->info_timestamp,
                            .length = info->info_data_len};

    if (info->info_all_data_present)
        packet.hash = hash_fast(info->info_data, info->info_data_len);
    if (is_ahead_of_all(copies, info)) {
        copies->newest = info->info_seq_num;
    } else if (is_kept(copies, &packet)) {
        copies->count++;
        return true;
    }
    copies->latest[copies->kept++ % PACKETS_KEPT] = packet;
    return false;
}
