/* netmeeting.c
 *
 * The application data: [MS-MNPR] 2.2.9.2. The audio capability: [MS-H245] 2.2.
 *
 * Microsoft's place in the tables of non-standard data is taken by Wireshark's
 * h221nonstd. Its dissector is called first, so that all it shows is still shown.
 * The handles here belong to no protocol: one of msiccp's would, with msiccp
 * disabled, stand in h221nonstd's way.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "readers/netmeeting.h"

#include "readers/waveform.h"

#include "common/protocol.h"

#include <epan/expert.h>

#define MICROSOFT_H221 0xb500534c /* T.35 country 181, extension 0, manufacturer 21324 */
#define MICROSOFT_AUDIO_OID "1.3.6.1.4.1.311.19.2"
#define NO_PROTOCOL (-1)

/* Of what stands before the audio format under that code; what it means is not published. */
#define AUDIO_HEADER_LENGTH 20
#define AUDIO_ALIGNMENT 4

#define DATA_LENGTH 60
#define TYPE_APPLICATION 2
#define APPLICATION_LENGTH 0x28
#define NODE_GUID_OFFSET 16
#define GUID_LENGTH_OFFSET 32
#define GUID_LENGTH 16

static const value_string type_vals[] = {
    {TYPE_APPLICATION, "application data"},
    {0, NULL},
};

static const e_guid_t netmeeting_guid = {
    0x74423881, 0xcc84, 0x11d2, {0xb4, 0xe3, 0x00, 0xa0, 0xc9, 0x0d, 0x06, 0x60}};

static dissector_handle_t upstream_h225_handle;
static dissector_handle_t upstream_h245_handle;

static int hf_data = -1;
static int hf_type = -1;
static int hf_length = -1;
static int hf_reserved = -1;
static int hf_flags = -1;
static int hf_node_guid = -1;
static int hf_guid_length = -1;
static int hf_local_guid = -1;
static int hf_trailer = -1;
static int hf_bytes = -1;
static int hf_audio_header = -1;
static int hf_audio_filler = -1;

static int ett_data = ETT_UNREGISTERED;

static expert_field ei_size = EI_INIT;
static expert_field ei_guid = EI_INIT;

static bool
is_disabled(void)
{
    return !proto_is_protocol_enabled(find_protocol_by_id(proto_msiccp));
}

/* What is wrong with the lengths of the structure, or NULL. */
static const char *
complaint_about_size(tvbuff_t *tvb)
{
    if (tvb_reported_length(tvb) != DATA_LENGTH)
        return "Microsoft's non-standard data is not of NetMeeting's 60 bytes";
    if (tvb_get_letohl(tvb, 0) != TYPE_APPLICATION)
        return "The type is not that of application data";
    if (tvb_get_letohl(tvb, 4) != APPLICATION_LENGTH)
        return "The size of the application data is not 40 bytes";
    if (tvb_get_letohl(tvb, GUID_LENGTH_OFFSET) != GUID_LENGTH)
        return "The size of the GUID is not 16 bytes";
    return NULL;
}

static void
show_header(tvbuff_t *tvb, proto_tree *tree)
{
    proto_tree_add_item(tree, hf_type, tvb, 0, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_length, tvb, 4, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_reserved, tvb, 8, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_flags, tvb, 12, 4, ENC_LITTLE_ENDIAN);
}

static void
show_application_data(tvbuff_t *tvb, packet_info *pinfo, proto_tree *parent)
{
    const char *complaint = complaint_about_size(tvb);
    proto_item *item =
        proto_tree_add_none_format(parent, hf_data, tvb, 0, -1, "NetMeeting application data");
    proto_tree *tree = proto_item_add_subtree(item, ett_data);
    e_guid_t node;

    if (complaint) {
        proto_item_set_text(item, "Microsoft non-standard data");
        proto_tree_add_item(tree, hf_bytes, tvb, 0, -1, ENC_NA);
        expert_add_info_format(pinfo, item, &ei_size, "%s", complaint);
        return;
    }
    show_header(tvb, tree);
    tvb_get_letohguid(tvb, NODE_GUID_OFFSET, &node);
    item = proto_tree_add_item(tree, hf_node_guid, tvb, NODE_GUID_OFFSET, GUID_LENGTH,
                               ENC_LITTLE_ENDIAN);
    if (memcmp(&node, &netmeeting_guid, sizeof node) != 0) {
        expert_add_info(pinfo, item, &ei_guid);
        proto_tree_add_item(tree, hf_bytes, tvb, GUID_LENGTH_OFFSET, -1, ENC_NA);
        return;
    }
    proto_item_append_text(item, " (NetMeeting)");
    proto_tree_add_item(tree, hf_guid_length, tvb, GUID_LENGTH_OFFSET, 4, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_local_guid, tvb, 36, GUID_LENGTH, ENC_LITTLE_ENDIAN);
    proto_tree_add_item(tree, hf_trailer, tvb, 52, 8, ENC_NA);
}

static int
dissect_in_h225(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    int length = call_dissector_only(upstream_h225_handle, tvb, pinfo, tree, data);

    if (is_disabled())
        return length;
    show_application_data(tvb, pinfo, tree);
    return (int)tvb_captured_length(tvb);
}

/*
 * The audio formats that NetMeeting really sends, as bytes of its own that are published show;
 * OpenH323 wrote them in the same form. Those are filled up to a multiple of four octets.
 * False: these octets are none.
 */
static bool
show_headed_audio(tvbuff_t *tvb, proto_tree *tree)
{
    int behind;
    int format = (int)waveform_length(tvb, AUDIO_HEADER_LENGTH);
    proto_item *item;

    behind = (int)tvb_captured_length(tvb) - AUDIO_HEADER_LENGTH - format;
    if (format == 0 || behind < 0 || behind >= AUDIO_ALIGNMENT ||
        (behind > 0 && tvb_captured_length(tvb) % AUDIO_ALIGNMENT != 0))
        return false;
    item = proto_tree_add_item(tree, hf_audio_header, tvb, 0, AUDIO_HEADER_LENGTH, ENC_NA);
    proto_item_append_text(item, " (its meaning is not published)");
    waveform_show(tvb_new_subset_length(tvb, AUDIO_HEADER_LENGTH, format), tree);
    if (behind > 0)
        proto_tree_add_item(tree, hf_audio_filler, tvb, AUDIO_HEADER_LENGTH + format, behind,
                            ENC_NA);
    return true;
}

/* Here other things of Microsoft's stand as well: only what surely is the structure is shown so. */
static int
dissect_in_h245(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    int length = call_dissector_only(upstream_h245_handle, tvb, pinfo, tree, data);

    if (is_disabled() || show_headed_audio(tvb, tree) || tvb_captured_length(tvb) < DATA_LENGTH ||
        complaint_about_size(tvb))
        return length;
    show_application_data(tvb, pinfo, tree);
    return (int)tvb_captured_length(tvb);
}

static int
dissect_audio(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    proto_item *item;

    if (is_disabled())
        return 0;
    if (!waveform_show(tvb, tree)) {
        item = proto_tree_add_item(tree, hf_bytes, tvb, 0, -1, ENC_NA);
        expert_add_info_format(pinfo, item, &ei_size,
                               "The length does not fit a WAVEFORMATEX structure");
    }
    return (int)tvb_captured_length(tvb);
}

void
netmeeting_handoff(void)
{
    upstream_h225_handle = dissector_get_default_uint_handle("h225.nsp.h221", MICROSOFT_H221);
    upstream_h245_handle = dissector_get_default_uint_handle("h245.nsp.h221", MICROSOFT_H221);
    if (upstream_h225_handle)
        dissector_add_uint("h225.nsp.h221", MICROSOFT_H221,
                           create_dissector_handle(dissect_in_h225, NO_PROTOCOL));
    if (upstream_h245_handle)
        dissector_add_uint("h245.nsp.h221", MICROSOFT_H221,
                           create_dissector_handle(dissect_in_h245, NO_PROTOCOL));
    dissector_add_string("h245.nsp.object", MICROSOFT_AUDIO_OID,
                         create_dissector_handle(dissect_audio, NO_PROTOCOL));
}

void
netmeeting_register(void)
{
    static hf_register_info fields[] = {
        {&hf_data,
         {"Application data", "msiccp.netmeeting.data", FT_NONE, BASE_NONE, NULL, 0x0,
          "Microsoft's non-standard data in H.225.0", HFILL}},
        {&hf_type,
         {"Type", "msiccp.netmeeting.type", FT_UINT32, BASE_DEC, VALS(type_vals), 0x0, NULL,
          HFILL}},
        {&hf_length,
         {"Size", "msiccp.netmeeting.size", FT_UINT32, BASE_DEC, NULL, 0x0,
          "Size of the application data, in bytes", HFILL}},
        {&hf_reserved,
         {"Reserved", "msiccp.netmeeting.reserved", FT_UINT32, BASE_HEX, NULL, 0x0, NULL, HFILL}},
        {&hf_flags,
         {"User data flags", "msiccp.netmeeting.flags", FT_UINT32, BASE_HEX, NULL, 0x0,
          "State of the conference: whether it has audio, video, a call", HFILL}},
        {&hf_node_guid,
         {"Node GUID", "msiccp.netmeeting.node_guid", FT_GUID, BASE_NONE, NULL, 0x0,
          "Names the protocol that the data is of", HFILL}},
        {&hf_guid_length,
         {"GUID size", "msiccp.netmeeting.guid_size", FT_UINT32, BASE_DEC, NULL, 0x0,
          "Size of the local GUID, in bytes", HFILL}},
        {&hf_local_guid,
         {"Local GUID", "msiccp.netmeeting.local_guid", FT_GUID, BASE_NONE, NULL, 0x0,
          "Names the participant that sent it", HFILL}},
        {&hf_trailer,
         {"Reserved", "msiccp.netmeeting.trailer", FT_BYTES, BASE_NONE, NULL, 0x0, NULL, HFILL}},
        {&hf_audio_header,
         {"Header of an audio format", "msiccp.netmeeting.audio_header", FT_BYTES, BASE_NONE, NULL,
          0x0, "20 octets before a WAVEFORMATEX; what they mean is not published", HFILL}},
        {&hf_audio_filler,
         {"Filler", "msiccp.netmeeting.audio_filler", FT_BYTES, BASE_NONE, NULL, 0x0,
          "Octets behind a WAVEFORMATEX, to a multiple of four", HFILL}},
        {&hf_bytes,
         {"Bytes", "msiccp.netmeeting.bytes", FT_BYTES, BASE_NONE, NULL, 0x0,
          "Data that is not as it is specified", HFILL}},
    };
    static int *subtrees[] = {&ett_data};
    static ei_register_info experts[] = {
        {&ei_size,
         {"msiccp.expert.netmeeting_size", PI_UNDECODED, PI_WARN,
          "Microsoft's data has a size that cannot be", EXPFILL}},
        {&ei_guid,
         {"msiccp.expert.netmeeting_guid", PI_UNDECODED, PI_NOTE,
          "This GUID is not NetMeeting's: what follows is not known", EXPFILL}},
    };

    proto_register_field_array(proto_msiccp, fields, array_length(fields));
    proto_register_subtree_array(subtrees, array_length(subtrees));
    expert_register_field_array(expert_register_protocol(proto_msiccp), experts,
                                array_length(experts));
}
