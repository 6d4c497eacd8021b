# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # $home is the folder that the script which sources this has made
# A home for a Wireshark that has the plugin just built, installed for nobody: sourced after lib.sh
# by script/demo, script/test-live and script/valgrind, and, for in_home, by
# script/fuzz and script/coverage. They make the folder $home, and remove it.

# Wireshark loads no personal plugins for root, so what root starts runs as nobody, who may not be
# let into the project's folder: what it reads is copied into $home.
ordinary_user=()
if [[ $(id -u) -eq 0 ]]; then
    ordinary_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi

# More variables, as NAME=VALUE, for what runs there.
home_environment=()

# in_home COMMAND...: run it as an ordinary user whose home is $home.
in_home() {
    (cd "$home" && exec "${ordinary_user[@]}" env -i "PATH=$PATH" "HOME=$home" LC_ALL=C.UTF-8 \
        TZ=UTC "${home_environment[@]}" "$@")
}

# furnish_home: the plugin, where the tshark that in_home starts loads it; what is in $home already
# may be read there.
furnish_home() {
    local plugins
    [[ ${#ordinary_user[@]} -eq 0 ]] || chown nobody:nogroup "$home"
    plugins=$(in_home tshark -G folders | sed -n 's/^Personal Plugins:[[:space:]]*//p')
    mkdir -p "$plugins/epan"
    cp "${MSICCP_PLUGIN:-${MSICCP_BUILD:-$root/build}/msiccp.so}" "$plugins/epan/msiccp.so"
    chmod -R a+rX "$home"
    plugins=$(in_home tshark -G plugins)
    grep -q '^msiccp\.so' <<<"$plugins" ||
        die "tshark did not load the plugin. It was built for the Wireshark of wireshark-dev; \
'tshark --version' must show the same series. Remove build/ and run this script again."
}
