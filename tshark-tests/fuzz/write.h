/* write.h
 * An input as a capture, to be opened with Wireshark.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FUZZ_WRITE_H
#define MSICCP_FUZZ_WRITE_H

#include <glib.h>

/* Frames of script_frames() into a pcapng file. Ends the program where it cannot be written. */
void write_capture(const char *path, const GPtrArray *frames);

#endif
