# SPDX-License-Identifier: GPL-2.0-or-later
#
# The plugin as part of a Wireshark build: see doc/README.plugins in Wireshark's source.

include(WiresharkPlugin)

string(REPLACE "." " " _msiccp_version "${MSICCP_VERSION}")
separate_arguments(_msiccp_version)
set_module_info(msiccp ${_msiccp_version} 0)

set(PLUGIN_FILES ${MSICCP_SOURCES})
set_source_files_properties(${PLUGIN_FILES} PROPERTIES COMPILE_FLAGS "${WERROR_COMMON_FLAGS}")

add_wireshark_plugin_library(msiccp epan)
target_include_directories(msiccp PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/plugin")
target_link_libraries(msiccp epan)
install_plugin(msiccp epan)
