# SPDX-License-Identifier: GPL-2.0-or-later
#
# The fuzzer: the plugin's sources with libFuzzer's coverage and sanitizers, linked to Wireshark's
# libraries as they are installed. `script/fuzz` builds and runs it.

find_package(PkgConfig REQUIRED)
pkg_check_modules(json_glib REQUIRED IMPORTED_TARGET json-glib-1.0)
set(MSICCP_FUZZ_FLAGS -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
    CACHE STRING "What the plugin's sources are built with for the fuzzer")

add_executable(msiccp-fuzz
    ${MSICCP_SOURCES}
    tshark-tests/fuzz/mutator.c
    tshark-tests/fuzz/script.c
    tshark-tests/fuzz/tables.c
    tshark-tests/fuzz/target.c
    tshark-tests/fuzz/world.c
    tshark-tests/fuzz/write.c
)
set_target_properties(msiccp-fuzz PROPERTIES C_STANDARD 11 C_EXTENSIONS ON)
target_include_directories(msiccp-fuzz PRIVATE plugin)
target_compile_definitions(msiccp-fuzz PRIVATE PLUGIN_VERSION="${PROJECT_VERSION}")
target_compile_options(msiccp-fuzz PRIVATE ${msiccp_warnings} -O1 -g -fno-omit-frame-pointer
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. ${MSICCP_FUZZ_FLAGS})
target_link_options(msiccp-fuzz PRIVATE ${MSICCP_FUZZ_FLAGS} -fsanitize=fuzzer)
target_link_libraries(msiccp-fuzz PRIVATE epan wiretap wsutil PkgConfig::json_glib)
