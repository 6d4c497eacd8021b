# SPDX-License-Identifier: GPL-2.0-or-later
#
# msiccp-codecs.so: decoders for Wireshark's RTP Player, where FFmpeg's libavcodec is there to build
# with. The target try_codec is a program of the tests.

# What pkg-config finds where a DLL is built is for the system that builds it.
if(WIN32 OR NOT PkgConfig_FOUND)
    return()
endif()
pkg_check_modules(AVCODEC QUIET IMPORTED_TARGET libavcodec libavutil)
if(NOT AVCODEC_FOUND)
    message(STATUS "No libavcodec: without msiccp-codecs.so")
    return()
endif()

add_library(msiccp-codecs MODULE codecs/msiccp-codecs.c)
msiccp_compiled(msiccp-codecs)
target_link_libraries(msiccp-codecs PRIVATE PkgConfig::AVCODEC)

add_executable(try_codec EXCLUDE_FROM_ALL codecs/try_codec.c)
msiccp_compiled(try_codec)
add_dependencies(unit_tests try_codec)

if(NOT MSICCP_PLUGIN_DIR)
    get_filename_component(_plugins "${MSICCP_INSTALL_DIR}" DIRECTORY)
    install(TARGETS msiccp-codecs LIBRARY DESTINATION "${_plugins}/codecs" NAMELINK_SKIP)
endif()
