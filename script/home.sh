# shellcheck shell=bash
# shellcheck disable=SC2154 # from lib.sh
# A temporary home folder with the built plugin, in which tshark runs: for scripts that show what the
# plugin says without installing it, which source this after lib.sh.
#
# Wireshark loads no personal plugins for root, so started as root it runs as nobody, who may not be let
# into the project's folder: what it is to read goes to $home.

make_home() {
    home=$(mktemp -d -t msiccp-home.XXXXXX)
    chmod 755 "$home"
    environment=(env -i "PATH=$PATH" "HOME=$home" LC_ALL=C.UTF-8 TZ=UTC)
    ordinary_user=()
    if [[ $(id -u) -eq 0 ]]; then
        ordinary_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
    fi
}

in_home() { (cd "$home" && "${ordinary_user[@]}" "${environment[@]}" "$@"); }

load_plugin() {
    local plugins
    plugins=$(in_home tshark -G folders | sed -n 's/^Personal Plugins:[[:space:]]*//p')
    mkdir -p "$plugins/epan"
    cp "${MSICCP_PLUGIN:-${MSICCP_BUILD:-$root/build}/msiccp.so}" "$plugins/epan/msiccp.so"
    chmod -R a+rX "$home"
    in_home tshark -G plugins | grep -q '^msiccp\.so' ||
        die "tshark did not load the plugin. It was built for the Wireshark of wireshark-dev; \
'tshark --version' must show the same series. Remove build/ and run $(basename "$0") again."
}
