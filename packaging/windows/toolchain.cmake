# SPDX-License-Identifier: GPL-2.0-or-later
#
# MinGW-w64 with the run-time library that Windows 10 and later bring (UCRT).

set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32ucrt-gcc)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
