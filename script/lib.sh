# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034 # the scripts that source this use them
# Shared by the scripts of this folder, which source it.

# Who asks for help gets what the script's head says, before anything is installed, built or needed.
if [[ ${1-} == --help || ${1-} == -h ]] && [[ $(basename "$0") != calls ]]; then
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" | grep -vE '^(shellcheck |SPDX-)'
    exit 0
fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/msiccp

# One place has it.
version=$(sed -n 's/^set(MSICCP_VERSION \(.*\))$/\1/p' "$root/CMakeLists.txt")

say() { printf '==> %s\n' "$*" >&2; }

die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# as_root COMMAND...: run it as root, through sudo where that is needed.
as_root() {
    if [[ $(id -u) -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "'$*' must run as root, and there is no sudo: run this script as root once."
    fi
}

# with_sanitizers PLUGIN LIBRARY COMMAND...: with a plugin that has AddressSanitizer and UndefinedBehaviorSanitizer, of the
# compiler that the LIBRARY is of. The plugin alone is instrumented; leaks are for script/valgrind, which can tell the
# plugin's from tshark's.
with_sanitizers() {
    local plugin=$1 library=$2
    shift 2
    MSICCP_PLUGIN=$plugin MSICCP_PRELOAD=$library ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 \
        WIRESHARK_DEBUG_WMEM_OVERRIDE=simple "$@"
}

# The packages that each part of the project needs, by Debian's names.
packages_build=(cmake gcc libc6-dev make tshark wireshark-dev)
packages_test=("${packages_build[@]}" groff-base iproute2 jq mandoc patch python3 python3-jsonschema
    python3-pytest python3-pytest-xdist python3-scapy tcpreplay util-linux wireshark
    wireshark-common xdotool xvfb xz-utils)
packages_calls=("${packages_build[@]}" python3 python3-rich python3-sqlalchemy wireshark-common)
packages_tools=("${packages_calls[@]}" chromium chromium-driver ffmpeg gir1.2-gst-plugins-base-1.0
    gir1.2-gstreamer-1.0 gstreamer1.0-alsa gstreamer1.0-libav gstreamer1.0-plugins-bad
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good iproute2 libavcodec-dev libbcg729-0 libjs-jquery libjs-jquery-datatables lz4
    mandoc poppler-utils postgresql
    python3-argcomplete python3-distributed python3-gi python3-jinja2 python3-matplotlib python3-numpy
    python3-pip python3-prometheus-client python3-psutil python3-psycopg2 python3-pytest python3-pytest-xdist python3-selenium
    python3-setuptools tcpreplay tmux util-linux zstd)
# Node.js of other sources brings its npm, and Debian's would take its place.
command -v npm >/dev/null || packages_tools+=(npm)
# shellcheck disable=SC2034
packages_bench=("${packages_build[@]}" python3 valgrind wireshark-common)
packages_fuzz=("${packages_build[@]}" clang libclang-rt-dev libjson-glib-dev llvm patch python3 python3-scapy xz-utils)
packages_mutate=("${packages_test[@]}" python3-clang)
packages_encode=("${packages_build[@]}" dpkg-dev erlang-asn1 erlang-base perl python3 python3-scapy)
packages_record=(debootstrap ethtool ffmpeg iproute2 libbcg729-0 nftables python3 tcpdump)
packages_live=("${packages_calls[@]}" debootstrap ethtool iproute2 nftables util-linux)
packages_package=("${packages_build[@]}" build-essential debhelper dh-python libavcodec-dev lintian pkgconf)
packages_release=("${packages_package[@]}" debootstrap git python3 xz-utils)
packages_complexity=(pmccabe)
packages_windows=("${packages_build[@]}" ccache gcc-mingw-w64-ucrt64 python3 wine64)
packages_windows_peer=("${packages_windows[@]}" bzip2 flex g++-mingw-w64-ucrt64 meson ninja-build patch perl pkgconf xz-utils)
packages_ci=("${packages_test[@]}" "${packages_tools[@]}" "${packages_fuzz[@]}" "${packages_live[@]}" "${packages_mutate[@]}" "${packages_release[@]}" binutils clang clang-format clang-tidy
    codespell cppcheck ethtool flake8 gzip perl pmccabe shellcheck valgrind)

# missing_here: what building the plugin needs and this system has not, in words.
missing_here() {
    local program
    for program in cmake make; do
        command -v "$program" >/dev/null || printf '%s; ' "$program"
    done
    command -v cc >/dev/null || command -v gcc >/dev/null || command -v clang >/dev/null || printf 'a C compiler; '
    command -v pkg-config >/dev/null && pkg-config --exists wireshark 2>/dev/null && return
    find /usr/lib /usr/lib64 /usr/local/lib /opt/homebrew/lib /opt/local/lib -maxdepth 4 -name WiresharkConfig.cmake \
        2>/dev/null | grep -q . || printf "Wireshark's development files; "
}

# missing_packages PACKAGE...: those of them that are not installed.
missing_packages() {
    local installed package
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
    for package in "$@"; do
        grep -qxF "$package installed" <<<"$installed" || printf '%s\n' "$package"
    done
}

# source_time: seconds since 1970, of the last commit; what is made of the sources is as old.
source_time() {
    printf '%s\n' "${SOURCE_DATE_EPOCH:-$(git -c safe.directory="$root" -C "$root" log -1 --format=%ct 2>/dev/null ||
        stat -c %Y "$root/CMakeLists.txt")}"
}

# source_files: the project's files, as git knows them (tracked, or new and not ignored); an
# unpacked source archive has no git data, and is taken whole. One a line, ending in NUL.
source_files() {
    if [[ -e $root/.git ]]; then
        # A tracked file that was deleted is still listed.
        git -c safe.directory="$root" -C "$root" ls-files -z --cached --others --exclude-standard |
            while IFS= read -r -d '' file; do
                [[ ! -e $root/$file ]] || printf '%s\0' "$file"
            done
    else
        (cd "$root" && find . -path './build*' -prune -o -name __pycache__ -prune -o \
            -name .pytest_cache -prune -o -type f -printf '%P\0')
    fi
}
