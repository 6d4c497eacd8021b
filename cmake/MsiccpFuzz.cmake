# SPDX-License-Identifier: GPL-2.0-or-later
#
# The fuzzer: the plugin's sources with sanitizers, linked to Wireshark's libraries as they are
# installed. With clang it is msiccp-fuzz, which has libFuzzer and the plugin's coverage; any compiler
# makes msiccp-replay, which decodes inputs again. `script/fuzz` builds and runs them.

find_package(PkgConfig REQUIRED)
pkg_check_modules(json_glib REQUIRED IMPORTED_TARGET json-glib-1.0)
set(MSICCP_FUZZ_FLAGS -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
    CACHE STRING "What the plugin's sources are built with for the fuzzer")
set(MSICCP_REPLAY_FLAGS -fsanitize=address,undefined -fno-sanitize-recover=all)

# msiccp_fuzzer(NAME FLAGS LINK_FLAGS SOURCE...): the plugin and the world of the fuzzer, and what drives them.
function(msiccp_fuzzer name flags link_flags)
    list(TRANSFORM ARGN PREPEND tshark-tests/fuzz/)
    add_executable(${name} ${MSICCP_SOURCES}
        tshark-tests/fuzz/script.c
        tshark-tests/fuzz/tables.c
        tshark-tests/fuzz/target.c
        tshark-tests/fuzz/world.c
        tshark-tests/fuzz/write.c
        ${ARGN}
    )
    set_target_properties(${name} PROPERTIES C_STANDARD 11 C_EXTENSIONS ON)
    target_include_directories(${name} PRIVATE plugin)
    target_compile_definitions(${name} PRIVATE PLUGIN_VERSION="${PROJECT_VERSION}" MSICCP_CHECK_RECALL)
    target_compile_options(${name} PRIVATE ${msiccp_warnings} -O1 -g -fno-omit-frame-pointer
        -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. ${${flags}})
    target_link_options(${name} PRIVATE ${${flags}} ${link_flags})
    target_link_libraries(${name} PRIVATE epan wiretap wsutil PkgConfig::json_glib)
endfunction()

if(CMAKE_C_COMPILER_ID MATCHES Clang)
    msiccp_fuzzer(msiccp-fuzz MSICCP_FUZZ_FLAGS -fsanitize=fuzzer mutator.c)
else()
    msiccp_fuzzer(msiccp-replay MSICCP_REPLAY_FLAGS "" replay.c)
endif()
