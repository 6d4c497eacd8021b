/* allocated.h
 * How many bytes the sanitizer's allocator has given out. GCC has the function, and not always the
 * header.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#ifndef MSICCP_FUZZ_ALLOCATED_H
#define MSICCP_FUZZ_ALLOCATED_H

#if defined(__has_include) && __has_include(<sanitizer/allocator_interface.h>)
#include <sanitizer/allocator_interface.h>
#else
#include <stddef.h>
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

#endif
