# SPDX-License-Identifier: GPL-2.0-or-later
#
# The unit tests of rooms that need no packets: each stands beside its room, as NAME_test.c.
# `cmake --build build --target unit_tests` builds them, which nobody needs who wants the plugin,
# and `ctest --test-dir build` runs them.

enable_testing()
add_custom_target(unit_tests)

# msiccp_test(ROOM SOURCE...): ROOM_test.c with its room, and what that is built on. Of a room that has
# much to test there is more than one, which names the room among what it is built on.
function(msiccp_test room)
    get_filename_component(name ${room} NAME)
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/plugin/${room}.c")
        list(APPEND ARGN ${room}.c)
    endif()
    list(TRANSFORM ARGN PREPEND plugin/)
    add_executable(${name}_test EXCLUDE_FROM_ALL plugin/${room}_test.c ${ARGN})
    set_target_properties(${name}_test PROPERTIES C_STANDARD 11 C_EXTENSIONS ON)
    target_include_directories(${name}_test PRIVATE plugin)
    target_compile_definitions(${name}_test PRIVATE
        MSICCP_DOCS="${CMAKE_CURRENT_SOURCE_DIR}/docs")
    target_compile_options(${name}_test PRIVATE ${msiccp_warnings})
    target_link_libraries(${name}_test PRIVATE epan)
    if(MSICCP_SANITIZE)
        target_compile_options(${name}_test PRIVATE -fsanitize=${MSICCP_SANITIZE})
        target_link_options(${name}_test PRIVATE -fsanitize=${MSICCP_SANITIZE})
    endif()
    add_dependencies(unit_tests ${name}_test)
    add_test(NAME ${name} COMMAND ${name}_test)
endfunction()

set(session_rooms common/findings.c common/protocol.c common/vocabulary.c readers/codecs.c
    readers/payload.c session/capabilities.c session/captured.c session/evidence.c session/lacks.c
    session/reasons.c session/streams.c common/by_frame.c common/numbering.c common/sequence.c)
set(call_rooms common/few.c common/hash.c session/call.c session/hosts.c session/legs.c
    session/names.c session/offers.c session/outcome.c session/verdict.c ${session_rooms})
set(reader_rooms common/findings.c common/protocol.c common/text.c common/upstream.c readers/channels.c
    readers/codecs.c readers/h225.c readers/meanings.c readers/meanings_h245.c readers/reading.c
    readers/strings.c readers/waveform.c)
set(stream_rooms common/by_frame.c common/findings.c common/numbering.c common/protocol.c
    common/sequence.c readers/codecs.c readers/payload.c session/captured.c session/evidence.c session/lacks.c)
set(signalling_rooms session/admission.c session/connection.c session/dialled.c session/exchange.c session/hold.c
    session/registration.c session/session.c session/state.c session/steps.c readers/ras.c ${call_rooms} ${reader_rooms})

msiccp_test(common/by_frame)
msiccp_test(common/few)
msiccp_test(common/numbering common/by_frame.c)
msiccp_test(common/sequence)
msiccp_test(common/text)
msiccp_test(identify/octets)
msiccp_test(identify/recognise_octets identify/octets.c)
msiccp_test(identify/recognise_servers identify/octets.c)
msiccp_test(identify/recognise_text identify/octets.c)
msiccp_test(identify/signatures identify/octets.c identify/recognise_octets.c
    identify/recognise_servers.c identify/recognise_text.c)
msiccp_test(media/rtp session/streams.c ${stream_rooms})
msiccp_test(media/settled common/hash.c)
msiccp_test(readers/h225 ${reader_rooms})
msiccp_test(readers/h245 ${reader_rooms})
msiccp_test(readers/layout_rules common/vocabulary.c)
msiccp_test(readers/opaque common/protocol.c readers/waveform.c)
msiccp_test(readers/payload)
msiccp_test(readers/ras ${reader_rooms})
msiccp_test(readers/waveform common/protocol.c)
msiccp_test(report/carried readers/codecs.c readers/payload.c)
msiccp_test(report/cells common/text.c)
msiccp_test(report/copies common/hash.c)
msiccp_test(report/emodel)
msiccp_test(report/order)
msiccp_test(report/outside)
msiccp_test(report/quality common/sequence.c)
msiccp_test(report/rtp_figures readers/payload.c)
msiccp_test(report/scans common/hash.c)
msiccp_test(report/servers_words)
msiccp_test(report/stream_table common/hash.c)
msiccp_test(session/admission ${signalling_rooms})
msiccp_test(session/capabilities common/findings.c common/protocol.c readers/codecs.c
    session/evidence.c)
msiccp_test(session/captured)
msiccp_test(session/connection session/state.c session/steps.c ${call_rooms})
msiccp_test(session/dialled)
msiccp_test(session/explain session/state.c ${call_rooms})
msiccp_test(session/exchange common/few.c common/hash.c)
msiccp_test(session/hold session/state.c ${call_rooms})
msiccp_test(session/hosts common/hash.c)
msiccp_test(session/lacks session/captured.c)
msiccp_test(session/legs)
msiccp_test(session/names common/hash.c session/legs.c)
msiccp_test(session/offers common/few.c common/hash.c session/legs.c ${session_rooms})
msiccp_test(session/outcome ${session_rooms})
msiccp_test(session/registration common/hash.c)
msiccp_test(session/session ${signalling_rooms})
msiccp_test(session/state ${call_rooms})
msiccp_test(session/steps common/by_frame.c common/findings.c common/hash.c common/protocol.c
    session/evidence.c)
msiccp_test(session/streams ${stream_rooms})
msiccp_test(session/streams_told session/streams.c ${stream_rooms})
msiccp_test(session/verdict session/outcome.c ${session_rooms})
