# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where the plugin and its profile are installed, and how they are removed again.

# Sets OUT to the folder that tshark names LABEL, or to DEFAULT where there is no tshark to ask.
function(msiccp_wireshark_folder OUT LABEL DEFAULT)
    if(MSICCP_FOLDERS MATCHES "(^|\n)${LABEL}:[ \t]*([^\n]+)")
        set(${OUT} "${CMAKE_MATCH_2}" PARENT_SCOPE)
    else()
        set(${OUT} "${DEFAULT}" PARENT_SCOPE)
    endif()
endfunction()

find_program(MSICCP_TSHARK tshark HINTS "${Wireshark_INSTALL_PREFIX}/bin"
    PATHS /Applications/Wireshark.app/Contents/MacOS
    DOC "The tshark that tells where Wireshark's folders are")
set(MSICCP_FOLDERS "")
if(MSICCP_TSHARK)
    execute_process(COMMAND "${MSICCP_TSHARK}" -G folders
        OUTPUT_VARIABLE MSICCP_FOLDERS ERROR_QUIET)
endif()

set(_series "${Wireshark_MAJOR_VERSION}.${Wireshark_MINOR_VERSION}")
# In an application bundle of macOS, no folder has a dot in its name.
if(APPLE)
    string(REPLACE "." "-" _folder "${_series}")
else()
    set(_folder "${_series}")
endif()
msiccp_wireshark_folder(_personal_plugins "Personal Plugins"
    "$ENV{HOME}/.local/lib/wireshark/plugins/${_folder}")
msiccp_wireshark_folder(_personal_configuration "Personal configuration"
    "$ENV{HOME}/.config/wireshark")

if(NOT _personal_plugins MATCHES "/${Wireshark_MAJOR_VERSION}[.-]${Wireshark_MINOR_VERSION}$")
    message(WARNING
        "${MSICCP_TSHARK} loads plugins from ${_personal_plugins}, but the plugin is being built "
        "for Wireshark ${_series} and works in no other series. Install the development files of "
        "the Wireshark that you use, or pass -DMSICCP_TSHARK=FILE to name another tshark.")
    set(_personal_plugins "$ENV{HOME}/.local/lib/wireshark/plugins/${_folder}")
endif()

if(MSICCP_PLUGIN_DIR)
    set(MSICCP_INSTALL_DIR "${MSICCP_PLUGIN_DIR}")
elseif(MSICCP_GLOBAL_INSTALL)
    set(MSICCP_INSTALL_DIR "${Wireshark_PLUGIN_INSTALL_DIR}/epan")
else()
    set(MSICCP_INSTALL_DIR "${_personal_plugins}/epan")
endif()
message(STATUS "The plugin will be installed in ${MSICCP_INSTALL_DIR}")

install(TARGETS msiccp LIBRARY DESTINATION "${MSICCP_INSTALL_DIR}" NAMELINK_SKIP)

# A profile is the user's to change, so it is installed only where asked for:
# cmake --install build --component profile
set(MSICCP_PROFILE "${CMAKE_SOURCE_DIR}/profiles/MSICCP")
if(EXISTS "${MSICCP_PROFILE}")
    if(MSICCP_GLOBAL_INSTALL)
        set(_profiles "${Wireshark_INSTALL_PREFIX}/share/wireshark/profiles")
    else()
        set(_profiles "${_personal_configuration}/profiles")
    endif()
    install(DIRECTORY "${MSICCP_PROFILE}" DESTINATION "${_profiles}"
        COMPONENT profile EXCLUDE_FROM_ALL)
endif()

# msiccp-calls: beside Wireshark's own programs, or below the user's .local.
if(NOT MSICCP_PLUGIN_DIR)
    if(MSICCP_GLOBAL_INSTALL)
        set(_tools "${Wireshark_INSTALL_PREFIX}")
    else()
        set(_tools "$ENV{HOME}/.local")
    endif()
    install(PROGRAMS "${CMAKE_SOURCE_DIR}/tools/msiccp-calls" DESTINATION "${_tools}/bin"
        COMPONENT tools)
    install(DIRECTORY "${CMAKE_SOURCE_DIR}/tools/msiccp_calls"
        DESTINATION "${_tools}/share/msiccp" COMPONENT tools
        FILES_MATCHING PATTERN "*.py" PATTERN "*.html" PATTERN "*.css" PATTERN "*.js" PATTERN "__pycache__" EXCLUDE)
    install(FILES "${CMAKE_SOURCE_DIR}/docs/msiccp-calls.1" DESTINATION "${_tools}/share/man/man1"
        COMPONENT tools)
    # A service of the system; the user's own installation has none. It is not enabled.
    if(MSICCP_GLOBAL_INSTALL AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
        install(FILES "${CMAKE_SOURCE_DIR}/packaging/msiccp-watch@.service"
            DESTINATION "${_tools}/lib/systemd/system" COMPONENT tools)
    endif()
endif()

add_custom_target(uninstall
    COMMAND "${CMAKE_COMMAND}" -DBUILD_DIR=${CMAKE_BINARY_DIR}
        -P "${CMAKE_SOURCE_DIR}/cmake/Uninstall.cmake"
    COMMENT "Removing what was installed" VERBATIM)
