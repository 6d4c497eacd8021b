/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Wireshark's CMake looks for the version in here, which has to be one that is new enough.
 */

#define ARES_VERSION_STR "1.13.0"
