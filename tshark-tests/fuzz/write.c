/* write.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "write.h"

#include <wiretap/wtap.h>

#include "script.h"

static void
write_frame(wtap_dumper *dumper, const frame_t *frame)
{
    int error;
    char *details = NULL;
    wtap_rec record = {
        .rec_type = REC_TYPE_PACKET,
        .presence_flags = WTAP_HAS_TS | WTAP_HAS_CAP_LEN,
        .ts = frame->at,
        .tsprec = WTAP_TSPREC_NSEC,
        .rec_header.packet_header =
            {
                .caplen = frame->captured,
                .len = frame->bytes->len,
                .pkt_encap = frame->wireless ? WTAP_ENCAP_IEEE_802_11 : WTAP_ENCAP_ETHERNET,
            },
    };

    if (!wtap_dump(dumper, &record, frame->bytes->data, &error, &details))
        g_error("a frame could not be written: %s", details ? details : wtap_strerror(error));
}

void
write_capture(const char *path, const GPtrArray *frames)
{
    const wtap_dump_params parameters = {
        .encap = WTAP_ENCAP_PER_PACKET, .snaplen = 262144, .tsprec = WTAP_TSPREC_NSEC};
    int error;
    char *details = NULL;
    wtap_dumper *dumper = wtap_dump_open(path, wtap_pcapng_file_type_subtype(), WTAP_UNCOMPRESSED,
                                         &parameters, &error, &details);

    if (!dumper)
        g_error("%s could not be opened: %s", path, details ? details : wtap_strerror(error));
    for (unsigned index = 0; index < frames->len; index++)
        write_frame(dumper, g_ptr_array_index(frames, index));
    if (!wtap_dump_close(dumper, NULL, &error, &details))
        g_error("%s could not be written: %s", path, details ? details : wtap_strerror(error));
}
