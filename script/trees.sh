# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # from lib.sh, and from the script that sources this
# Debian releases in folders of their own, for script/test-on and script/test-package, which
# source this after lib.sh. They are kept in $cache:
#
#   RELEASE-base      the bare release
#   RELEASE-tree      the same with what the project needs, and the project in /home/tester/msiccp
#   RELEASE-archives  packages that apt-get has fetched
#
# MSICCP_MIRROR names another mirror of Debian.

mirror=${MSICCP_MIRROR:-http://deb.debian.org/debian}
project=/home/tester/msiccp

# need_root ARGUMENTS...: start this script again through sudo, unless root runs it.
need_root() {
    [[ $(id -u) -ne 0 ]] || return 0
    command -v sudo >/dev/null || die "this needs root, and there is no sudo: run it as root."
    exec sudo env "HOME=$HOME" "XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache}" \
        "MSICCP_MIRROR=$mirror" "$0" "$@"
}

check_release() {
    case $1 in
    bookworm | trixie | forky) ;;
    *) die "unknown release '$1': use bookworm, trixie or forky." ;;
    esac
}

# in_tree TREE USER COMMAND...: the mounts are in a namespace that ends with the command.
in_tree() {
    local tree=$1 user=$2 group
    shift 2
    group=$(chroot "$tree" id -gn "$user")
    mkdir -p "$cache/$release-archives/partial"
    cp -L /etc/resolv.conf "$tree/etc/resolv.conf"
    # shellcheck disable=SC2016
    unshare --mount --pid --fork --kill-child bash -euc '
        tree=$1 archives=$2
        shift 2
        mount -t proc proc "$tree/proc"
        mount -t tmpfs tmpfs "$tree/dev/shm"
        mount --bind "$archives" "$tree/var/cache/apt/archives"
        exec chroot "$@"' in_tree "$tree" "$cache/$release-archives" \
        --userspec="$user:$group" "$tree" \
        env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        HOME="$(chroot "$tree" sh -c "getent passwd $user | cut -d: -f6")" USER="$user" \
        LC_ALL=C.UTF-8 TERM="${TERM:-dumb}" DEBIAN_FRONTEND=noninteractive "$@"
}

# apt_get TREE ARGUMENTS...: quiet, and loud when it fails.
apt_get() {
    local tree=$1 log
    shift
    log=$(mktemp)
    if ! in_tree "$tree" root apt-get -q -y "$@" >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        die "'apt-get $*' failed in $tree, as shown above. If the mirror has moved on, remove \
$cache/$release-* and try again."
    fi
    rm -f "$log"
}

# make_base: the bare release, once.
make_base() {
    base=$cache/$release-base
    [[ ! -e $base ]] || return 0
    say "Fetching Debian $release, once, into $base"
    command -v debootstrap >/dev/null ||
        die "debootstrap is not installed: run script/bootstrap ci."
    local script=() log=$cache/$release-debootstrap.log
    # An older debootstrap does not know the names of later releases.
    [[ -e /usr/share/debootstrap/scripts/$release ]] || script=(sid)
    mkdir -p "$cache"
    rm -rf "$base.new"
    if ! debootstrap --variant=minbase "$release" "$base.new" "$mirror" \
        ${script[0]+"/usr/share/debootstrap/scripts/${script[0]}"} >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        die "debootstrap failed (its log is $log). Check that $mirror can be reached, or name \
another mirror in MSICCP_MIRROR."
    fi
    printf '#!/bin/sh\nexit 101\n' >"$base.new/usr/sbin/policy-rc.d"
    chmod +x "$base.new/usr/sbin/policy-rc.d"
    # A mirror may be a snapshot, whose lists have expired.
    cat >"$base.new/etc/apt/apt.conf.d/90msiccp" <<'END'
Acquire::Check-Valid-Until "false";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
END
    apt_get "$base.new" update
    mv "$base.new" "$base"
}

# make_tree PART: the release with what script/bootstrap PART installs, and a fresh copy of the
# project.
make_tree() {
    make_base
    tree=$cache/$release-tree
    if [[ ! -e $tree ]]; then
        say "Preparing $tree"
        rm -rf "$tree.new"
        cp -a --reflink=auto "$base" "$tree.new"
        chroot "$tree.new" useradd --create-home --shell /bin/bash tester
        mv "$tree.new" "$tree"
    fi
    rm -rf "${tree:?}$project"
    mkdir -p "$tree$project"
    source_files | tar -C "$root" --null -T - -c | tar -C "$tree$project" -x --no-same-owner
    chroot "$tree" chown -R tester: "$project"
    local log
    log=$(mktemp)
    if ! in_tree "$tree" root "$project/script/bootstrap" "$1" >"$log" 2>&1 </dev/null; then
        cat "$log" >&2
        rm -f "$log"
        die "the packages could not be installed in $tree, as shown above."
    fi
    rm -f "$log"
}

# in_project COMMAND...: run it as the tree's user in its copy of the project.
in_project() {
    # shellcheck disable=SC2016
    in_tree "$tree" tester bash -euc 'cd "$1"; shift; exec "$@"' in_project "$project" "$@"
}

# make_packages INTO: the Debian packages for $release, made there, with what lintian needs to look at them.
make_packages() {
    make_tree package
    say "Making the packages for Debian $release"
    in_project env SOURCE_DATE_EPOCH="$(source_time)" DEB_CFLAGS_APPEND=-Werror script/package >/dev/null
    rm -rf "$1"
    mkdir -p "$1"
    cp "$tree$project"/build-package/* "$1/"
}

# lock_release: one script at a time works on a release.
lock_release() {
    mkdir -p "$cache"
    exec 9>"$cache/$release.lock"
    flock -n 9 || {
        say "Waiting for another script that uses the $release tree"
        flock 9
    }
}

# fetch_packages INTO PACKAGE...: those of $release, unpacked, with Debian's own names of files.
fetch_packages() {
    local into=$1
    shift
    make_base
    rm -rf "$base/tmp/fetch"
    mkdir "$base/tmp/fetch"
    # shellcheck disable=SC2016
    in_tree "$base" root bash -euc 'cd /tmp/fetch; apt-get -q -o APT::Sandbox::User=root download "$@"' fetch \
        "$@" >&2 </dev/null || die "these packages of Debian $release could not be fetched: $*."
    mkdir -p "$into"
    local package
    for package in "$base"/tmp/fetch/*.deb; do
        dpkg-deb -x "$package" "$into"
    done
    rm -rf "$base/tmp/fetch"
}

# fetch_sources INTO PACKAGE...: the archives of those source packages of $release, and those of Debian's changes.
fetch_sources() {
    local into=$1
    shift
    make_base
    rm -rf "$base/tmp/fetch"
    mkdir -p "$base/tmp/fetch/lists/partial"
    # shellcheck disable=SC2016
    in_tree "$base" root bash -euc '
        cd /tmp/fetch
        echo "deb-src $1 $2 main" >sources.list
        shift 2
        options=(-q -o Dir::Etc::SourceList=$PWD/sources.list -o Dir::Etc::SourceParts=- -o
            Dir::State::Lists=$PWD/lists -o APT::Sandbox::User=root)
        apt-get "${options[@]}" update
        apt-get "${options[@]}" source --download-only "$@"' fetch "$mirror" "$release" "$@" >&2 </dev/null ||
        die "these sources of Debian $release could not be fetched: $*."
    mkdir -p "$into"
    mv "$base"/tmp/fetch/*.tar.* "$into"
    rm -rf "$base/tmp/fetch"
}
