# SPDX-License-Identifier: GPL-2.0-or-later
#
# Removes the files that `cmake --install` has listed in BUILD_DIR.

file(GLOB manifests "${BUILD_DIR}/install_manifest*.txt")
if(NOT manifests)
    message(FATAL_ERROR
        "Nothing was installed from ${BUILD_DIR}. The plugin is the file msiccp.so in a folder "
        "that `tshark -G folders` names; delete it there.")
endif()
foreach(manifest IN LISTS manifests)
    file(STRINGS "${manifest}" installed)
    foreach(file IN LISTS installed)
        set(file "$ENV{DESTDIR}${file}")
        if(EXISTS "${file}" OR IS_SYMLINK "${file}")
            message(STATUS "Removing ${file}")
            file(REMOVE "${file}")
            if(EXISTS "${file}")
                message(FATAL_ERROR "${file} could not be removed: try again as root.")
            endif()
        endif()
    endforeach()
    file(REMOVE "${manifest}")
endforeach()
