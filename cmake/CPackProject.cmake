# SPDX-License-Identifier: GPL-2.0-or-later
#
# Read by cpack itself, once for each kind of package.

if(CPACK_TOPLEVEL_TAG STREQUAL "source")
    set(CPACK_PACKAGING_INSTALL_PREFIX "")
    # The files that git tracks, as they are in the working tree. An unpacked source archive
    # has no git data, and is packed whole.
    execute_process(COMMAND git -C "${CPACK_MSICCP_SOURCE_DIR}" ls-files --cached
        OUTPUT_VARIABLE _tracked RESULT_VARIABLE _result ERROR_QUIET)
    if(_result EQUAL 0 AND EXISTS "${CPACK_MSICCP_SOURCE_DIR}/.git")
        file(REMOVE_RECURSE "${CPACK_MSICCP_WORK}/source")
        string(REPLACE "\n" ";" _tracked "${_tracked}")
        foreach(_file IN LISTS _tracked)
            if(EXISTS "${CPACK_MSICCP_SOURCE_DIR}/${_file}")
                get_filename_component(_folder "${CPACK_MSICCP_WORK}/source/${_file}" DIRECTORY)
                file(COPY "${CPACK_MSICCP_SOURCE_DIR}/${_file}" DESTINATION "${_folder}")
            endif()
        endforeach()
        set(CPACK_INSTALLED_DIRECTORIES "${CPACK_MSICCP_WORK}/source;/")
        # The patterns would match the folder that the copies are in.
        set(CPACK_IGNORE_FILES "")
    endif()
elseif(CPACK_GENERATOR STREQUAL "DEB")
    set(ENV{SOURCE_DATE_EPOCH} "${CPACK_MSICCP_TIME}")
    if(CPACK_MSICCP_LIBWIRESHARK STREQUAL "")
        message(FATAL_ERROR
            "The Wireshark built against comes from no Debian package, so that a Debian package "
            "of the plugin cannot depend on it. Use `cmake --install` instead.")
    endif()

    # The other libraries' versions, from dpkg; libwireshark's own is narrower than it knows.
    set(_work "${CPACK_MSICCP_WORK}/shlibs")
    file(WRITE "${_work}/debian/control"
        "Source: ${CPACK_PACKAGE_NAME}\n\nPackage: ${CPACK_PACKAGE_NAME}\nArchitecture: any\n")
    execute_process(
        COMMAND dpkg-shlibdeps -O "-x${CPACK_MSICCP_LIBWIRESHARK}" "-e${CPACK_MSICCP_PLUGIN}"
        WORKING_DIRECTORY "${_work}"
        OUTPUT_VARIABLE _shlibs RESULT_VARIABLE _result ERROR_VARIABLE _error)
    if(NOT _result EQUAL 0)
        message(FATAL_ERROR
            "dpkg-shlibdeps failed. Run `script/bootstrap ci`, which installs what it needs, and "
            "build the plugin before packing it.\n${_error}")
    endif()
    string(REGEX REPLACE "^shlibs:Depends=|\n" "" _shlibs "${_shlibs}")
    set(CPACK_DEBIAN_PACKAGE_DEPENDS "${CPACK_MSICCP_DEPENDS}")
    if(_shlibs)
        string(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS ", ${_shlibs}")
    endif()
endif()
