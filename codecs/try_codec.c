/* try_codec.c
 * Decodes as Wireshark's RTP Player does: by the same functions of its library, with the codecs
 * that are in the user's plugin folder.
 *
 *     try_codec NAME < PAYLOADS > SAMPLES
 *
 * Each payload is two octets of length, the lower first, and so many octets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "common/compat.h"

#include <stdio.h>

#include <wsutil/codecs.h>
#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>

#if MSICCP_WS_BEFORE(4, 4)
#define INIT(handle, context) ((context) = codec_init(handle))
typedef void *context_t;
#define GIVEN(context) (context)
#else
#define INIT(handle, context) ((context).priv = codec_init(handle, &(context)))
typedef codec_context_t context_t;
#define GIVEN(context) (&(context))
#endif

#if MSICCP_WS_BEFORE(4, 6)
#define CONFIGURE(program) configuration_init(program, NULL)
#else
#define CONFIGURE(program) configuration_init(program)
#endif

int
main(int argc, char **argv)
{
    uint8_t payload[UINT16_MAX];
    uint8_t length[2];
    codec_handle_t codec;
    context_t context = {0};

    init_process_policies();
    g_free(CONFIGURE(argv[0]));
    codecs_init();
    codec = argc == 2 ? find_codec(argv[1]) : NULL;
    if (!codec)
        return EXIT_FAILURE;
    INIT(codec, context);
    while (fread(length, 1, sizeof length, stdin) == sizeof length) {
        size_t octets = fread(payload, 1, length[0] | length[1] << 8, stdin);
        size_t room = codec_decode(codec, GIVEN(context), payload, octets, NULL, NULL);
        void *samples = g_malloc(room);
        size_t decoded = codec_decode(codec, GIVEN(context), payload, octets, samples, &room);

        if (fwrite(samples, 1, decoded, stdout) != decoded)
            return EXIT_FAILURE;
        g_free(samples);
    }
    codec_release(codec, GIVEN(context));
    return EXIT_SUCCESS;
}
