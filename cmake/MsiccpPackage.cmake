# SPDX-License-Identifier: GPL-2.0-or-later
#
# `cpack` makes a Debian package for the Wireshark that the plugin is built against, and the
# target package_source a source archive.

set(MSICCP_MAINTAINER "msiccp maintainers <maintainers@msiccp.invalid>" CACHE STRING
    "Name and address that the Debian package gives as its maintainer")

set(CPACK_PACKAGE_NAME wireshark-plugin-msiccp)
set(CPACK_PACKAGE_VENDOR "msiccp")
set(CPACK_PACKAGE_CONTACT "${MSICCP_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Wireshark plugin for NetMeeting audio call control")
set(CPACK_PACKAGE_DESCRIPTION
"Decodes the call control of Microsoft NetMeeting and other H.323 endpoints on
TCP and UDP ports 1730-1732, follows each call from its request to its end, and
joins its H.245, RTP and RTCP streams to it, so that one display filter shows
all of a call.
.
This package works with Wireshark ${_series} only.")
set(CPACK_RESOURCE_FILE_LICENSE "${CMAKE_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGING_INSTALL_PREFIX "${Wireshark_INSTALL_PREFIX}")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_BINARY_DIR};msiccp;package;/")
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_SOURCE_DIR}/cmake/CPackProject.cmake")

set(_doc share/doc/${CPACK_PACKAGE_NAME})
install(TARGETS msiccp LIBRARY DESTINATION "${Wireshark_PLUGIN_LIBDIR}/epan" NAMELINK_SKIP
    COMPONENT package EXCLUDE_FROM_ALL)
if(EXISTS "${MSICCP_PROFILE}")
    install(DIRECTORY "${MSICCP_PROFILE}" DESTINATION share/wireshark/profiles
        COMPONENT package EXCLUDE_FROM_ALL)
endif()
file(GLOB _docs CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/README.md" "${CMAKE_SOURCE_DIR}/docs/*.md")
install(FILES ${_docs} DESTINATION ${_doc} COMPONENT package EXCLUDE_FROM_ALL)

find_program(MSICCP_DPKG dpkg)
find_program(MSICCP_GZIP gzip)
mark_as_advanced(MSICCP_DPKG MSICCP_GZIP)

# Compresses FILE as Debian's policy wants it, and installs it as DESTINATION/NAME.gz.
function(msiccp_install_compressed FILE DESTINATION NAME)
    set(packed "${CMAKE_BINARY_DIR}/packaging/${NAME}.gz")
    execute_process(COMMAND "${MSICCP_GZIP}" -9nc "${FILE}"
        OUTPUT_FILE "${packed}" RESULT_VARIABLE result)
    if(result)
        message(FATAL_ERROR "gzip could not compress ${FILE}.")
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${FILE}")
    install(FILES "${packed}" DESTINATION "${DESTINATION}" COMPONENT package EXCLUDE_FROM_ALL)
endfunction()

if(MSICCP_DPKG AND MSICCP_GZIP)
    set(CPACK_GENERATOR DEB)
    set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
    set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
    # The release of the package names the Wireshark it is for, so that an upgrade of
    # Wireshark is also an upgrade of the plugin.
    set(CPACK_DEBIAN_PACKAGE_RELEASE "1+ws${_series}")
    set(CPACK_DEBIAN_PACKAGE_SECTION net)
    set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
    set(CPACK_DEBIAN_PACKAGE_ENHANCES "tshark, wireshark")

    # The package that libwireshark, with this soname, is in.
    get_target_property(_libwireshark epan IMPORTED_LOCATION_NONE)
    if(NOT _libwireshark)
        get_target_property(_libwireshark epan LOCATION)
    endif()
    get_filename_component(_libwireshark "${_libwireshark}" REALPATH)
    execute_process(COMMAND "${MSICCP_DPKG}" -S "${_libwireshark}"
        OUTPUT_VARIABLE _owner ERROR_QUIET)
    string(REGEX REPLACE "[:\n].*" "" CPACK_MSICCP_LIBWIRESHARK "${_owner}")
    math(EXPR _next "${Wireshark_MINOR_VERSION} + 1")
    set(CPACK_MSICCP_DEPENDS "${CPACK_MSICCP_LIBWIRESHARK} (>= ${_series})")
    string(APPEND CPACK_MSICCP_DEPENDS
        ", ${CPACK_MSICCP_LIBWIRESHARK} (<< ${Wireshark_MAJOR_VERSION}.${_next})")
    set(CPACK_MSICCP_PLUGIN "${CMAKE_BINARY_DIR}/msiccp.so")

    # The same commit gives the same package.
    set(_time "$ENV{SOURCE_DATE_EPOCH}")
    if(_time STREQUAL "")
        execute_process(COMMAND git -C "${CMAKE_SOURCE_DIR}" log -1 --format=%ct
            OUTPUT_VARIABLE _time OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    endif()
    if(_time STREQUAL "")
        file(TIMESTAMP "${CMAKE_SOURCE_DIR}/CMakeLists.txt" _time "%s" UTC)
    endif()
    set(CPACK_MSICCP_TIME "${_time}")
    set(ENV{LC_ALL} C)
    execute_process(COMMAND date -u -R -d "@${_time}"
        OUTPUT_VARIABLE _date OUTPUT_STRIP_TRAILING_WHITESPACE)
    file(WRITE "${CMAKE_BINARY_DIR}/packaging/changelog.Debian"
"${CPACK_PACKAGE_NAME} (${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Package of msiccp ${PROJECT_VERSION} for Wireshark ${_series}.

 -- ${MSICCP_MAINTAINER}  ${_date}
")
    msiccp_install_compressed("${CMAKE_BINARY_DIR}/packaging/changelog.Debian"
        ${_doc} changelog.Debian)
    if(EXISTS "${CMAKE_SOURCE_DIR}/CHANGELOG.md")
        msiccp_install_compressed("${CMAKE_SOURCE_DIR}/CHANGELOG.md" ${_doc} changelog)
    endif()
    if(EXISTS "${CMAKE_SOURCE_DIR}/docs/msiccp.7")
        msiccp_install_compressed("${CMAKE_SOURCE_DIR}/docs/msiccp.7" share/man/man7 msiccp.7)
    endif()
    install(FILES "${CMAKE_SOURCE_DIR}/packaging/copyright" DESTINATION ${_doc}
        COMPONENT package EXCLUDE_FROM_ALL)
else()
    set(CPACK_GENERATOR TGZ)
endif()

set(CPACK_SOURCE_GENERATOR TXZ)
set(CPACK_SOURCE_TOPLEVEL_TAG source)
set(CPACK_SOURCE_PACKAGE_FILE_NAME "msiccp-${PROJECT_VERSION}")
set(CPACK_SOURCE_STRIP_FILES OFF)
set(CPACK_SOURCE_IGNORE_FILES "/\\\\.git/;/build[^/]*/;/__pycache__/;/\\\\.pytest_cache/;\\\\.pyc$")
set(CPACK_MSICCP_SOURCE_DIR "${CMAKE_SOURCE_DIR}")
set(CPACK_MSICCP_WORK "${CMAKE_BINARY_DIR}/packaging")

include(CPack)
