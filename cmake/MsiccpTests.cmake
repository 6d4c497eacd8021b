# SPDX-License-Identifier: GPL-2.0-or-later
#
# The unit tests of rooms that need no packets: each stands beside its room, as NAME_test.c.
# `cmake --build build --target unit_tests` builds them, which nobody needs who wants the plugin,
# and `ctest --test-dir build` runs them.

enable_testing()
add_custom_target(unit_tests)

# The plugin's rooms as it has them, of which each test is linked with what it needs.
add_library(rooms STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:msiccp>)
set_target_properties(rooms PROPERTIES LINKER_LANGUAGE C)

# msiccp_tests(ROOM...): ROOM_test.c of each. Of a room that has much to test there is more than one.
function(msiccp_tests)
    foreach(room ${ARGN})
        get_filename_component(name ${room} NAME)
        add_executable(${name}_test EXCLUDE_FROM_ALL plugin/${room}_test.c)
        set_target_properties(${name}_test PROPERTIES C_STANDARD 11 C_EXTENSIONS ON)
        target_include_directories(${name}_test PRIVATE plugin)
        target_compile_definitions(${name}_test PRIVATE
            MSICCP_DOCS="${CMAKE_CURRENT_SOURCE_DIR}/docs")
        target_compile_options(${name}_test PRIVATE ${msiccp_warnings})
        target_link_libraries(${name}_test PRIVATE rooms epan)
        if(MSICCP_SANITIZE)
            target_compile_options(${name}_test PRIVATE -fsanitize=${MSICCP_SANITIZE})
            target_link_options(${name}_test PRIVATE -fsanitize=${MSICCP_SANITIZE})
        elseif(CMAKE_C_COMPILER_ID STREQUAL GNU)
            # Where packages link the plugin as a whole, each test need not be linked so as well.
            target_link_options(${name}_test PRIVATE -fno-lto)
        endif()
        add_dependencies(unit_tests ${name}_test)
        add_test(NAME ${name} COMMAND ${name}_test)
    endforeach()
endfunction()

msiccp_tests(
    common/by_frame
    common/dense
    common/few
    common/numbering
    common/sequence
    common/text
    identify/octets
    identify/recognise_octets
    identify/recognise_servers
    identify/recognise_text
    identify/signatures
    media/rtp
    media/settled
    readers/h225
    readers/h245
    readers/layout_rules
    readers/opaque
    readers/payload
    readers/ras
    readers/recall
    readers/waveform
    report/carried
    report/cells
    report/copies
    report/emodel
    report/order
    report/outside
    report/quality
    report/rtp_figures
    report/scans
    report/servers_words
    report/stream_table
    session/admission
    session/capabilities
    session/captured
    session/connection
    session/dialled
    session/explain
    session/exchange
    session/hold
    session/hosts
    session/lacks
    session/legs
    session/names
    session/offers
    session/outcome
    session/registration
    session/session
    session/state
    session/steps
    session/streams
    session/streams_going_on
    session/streams_told
    session/verdict
)
