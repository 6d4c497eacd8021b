/* capture_name.h
 * The name of the capture file. Wireshark does not tell it to plugins, so it is
 * taken from the program's command line.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_CAPTURE_NAME_H
#define MSICCP_CAPTURE_NAME_H

/*
 * What tshark was told to read with -r; NULL: nothing, or it is not known on
 * this system. Lives as long as the program.
 */
const char *capture_name(void);

#endif
