/* write.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "write.h"

#include "script.h"

static void
write_frame(wtap_dumper *dumper, const frame_t *frame)
{
    int error;
    char *details = NULL;
    wtap_rec record = script_record(frame);

    if (!wtap_dump(dumper, &record, frame->bytes->data, &error, &details))
        g_error("a frame could not be written: %s", details ? details : wtap_strerror(error));
}

static void
add_interface(GArray *interfaces, int encapsulation)
{
    wtap_block_t block = wtap_block_create(WTAP_BLOCK_IF_ID_AND_INFO);
    wtapng_if_descr_mandatory_t *description = wtap_block_get_mandatory_data(block);

    description->wtap_encap = encapsulation;
    description->time_units_per_second = 1000000000;
    description->tsprecision = WTAP_TSPREC_NSEC;
    description->snap_len = 262144;
    g_array_append_val(interfaces, block);
}

void
write_capture(const char *path, const GPtrArray *frames)
{
    wtapng_iface_descriptions_t interfaces = {.interface_data =
                                                  g_array_new(FALSE, FALSE, sizeof(wtap_block_t))};
    wtap_dump_params parameters = WTAP_DUMP_PARAMS_INIT;
    int error;
    char *details = NULL;
    wtap_dumper *dumper;

    add_interface(interfaces.interface_data, WTAP_ENCAP_ETHERNET);
    add_interface(interfaces.interface_data, WTAP_ENCAP_IEEE_802_11);
    parameters.encap = WTAP_ENCAP_PER_PACKET;
    parameters.tsprec = WTAP_TSPREC_NSEC;
    parameters.idb_inf = &interfaces;
    dumper = wtap_dump_open(path, wtap_pcapng_file_type_subtype(), WTAP_UNCOMPRESSED, &parameters,
                            &error, &details);
    if (!dumper)
        g_error("%s could not be opened: %s", path, details ? details : wtap_strerror(error));
    for (unsigned index = 0; index < frames->len; index++)
        write_frame(dumper, g_ptr_array_index(frames, index));
    if (!wtap_dump_close(dumper, NULL, &error, &details))
        g_error("%s could not be written: %s", path, details ? details : wtap_strerror(error));
    wtap_block_array_free(interfaces.interface_data);
}
