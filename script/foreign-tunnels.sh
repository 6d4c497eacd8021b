# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154,SC2317,SC2086 # script/foreign-programs.sh sources this, and calls them by their names; its addresses are words
# More recordings of script/record-foreign, one function each: tunnels, swarms and screens.

# --- tunnels and peers ----------------------------------------------------------------------------

obfs4_1732() {
    local arguments proxy
    mkdir "$work/www" "$work/server" "$work/client"
    echo Hello >"$work/www/index.html"
    start python3 -m http.server 9001 --bind $here --directory "$work/www"
    wait_for_port tcp 9001
    TOR_PT_MANAGED_TRANSPORT_VER=1 TOR_PT_STATE_LOCATION=$work/server TOR_PT_SERVER_TRANSPORTS=obfs4 \
        TOR_PT_SERVER_BINDADDR=obfs4-$here:1732 TOR_PT_ORPORT=$here:9001 obfs4proxy >"$work/server.out" 2>>"$log" &
    TOR_PT_MANAGED_TRANSPORT_VER=1 TOR_PT_STATE_LOCATION=$work/client TOR_PT_CLIENT_TRANSPORTS=obfs4 \
        obfs4proxy >"$work/client.out" 2>>"$log" &
    wait_for_port tcp 1732
    sleep 0.5
    arguments=$(sed -n 's/^SMETHOD .*ARGS:\([^,]*\),.*/\1/p' "$work/server.out")
    proxy=$(sed -n 's/^CMETHOD obfs4 socks5 //p' "$work/client.out")
    ask curl -s -m 5 --socks5 "$proxy" -U "$arguments;:iat-mode=0" http://$here:1732/
}

wireguard() { # NAME PORT OWN_KEY OTHER_PUBLIC OTHER_PORT OWN_IP OTHER_IP
    wireguard-go "$1" >>"$log" 2>&1
    wg set "$1" listen-port "$2" private-key "$3" peer "$4" endpoint "$here:$5" allowed-ips "$7/32"
    ip address add "$6" peer "$7" dev "$1"
    ip link set "$1" up
}

wireguard_1731() {
    local end
    for end in near far; do wg genkey | tee "$work/$end" | wg pubkey >"$work/$end.pub"; done
    wireguard near 1731 "$work/near" "$(<"$work/far.pub")" 1732 10.73.2.1 10.73.2.2
    wireguard far 1732 "$work/far" "$(<"$work/near.pub")" 1731 10.73.2.3 10.73.2.1
    ask ping -c 2 -i 0.3 -W 1 -I near 10.73.2.2 || true # who is nobody: that it is sent is enough
}

openvpn_end() { # END OTHER OPTION...
    local end=$1 other=$2
    shift 2
    start /usr/sbin/openvpn --dev null --ifconfig-noexec --route-noexec --ping 1 \
        --cert "$work/${end}cert.pem" --key "$work/${end}key.pem" "$@" \
        --peer-fingerprint "$(openssl x509 -in "$work/${other}cert.pem" -noout -sha256 -fingerprint | cut -d= -f2)"
}

openvpn() { # PORT, PROTOCOL of the server and of the client
    certificate near
    certificate far
    openvpn_end far near --proto "$2" --local $here --port "$1" --tls-server --dh none
    sleep 1
    openvpn_end near far --proto "$3" --remote $here "$1" --nobind --tls-client
    sleep 4
    grep -q 'Initialization Sequence Completed' "$log"
}

openvpn_udp_1731() { openvpn 1731 udp4 udp4; }
openvpn_tcp_1732() { openvpn 1732 tcp4-server tcp4-client; }

# A file of a swarm, and a tracker that knows it.
swarm() { # ADDRESS_OF_TRACKER
    local tcp=() udp=()
    mkdir "$work/seed" "$work/leech"
    echo Hello >"$work/seed/hello.txt"
    ask transmission-create -o "$work/hello.torrent" -t "$1" "$work/seed/hello.txt"
    transmission-show "$work/hello.torrent" | sed -n 's/^ *Hash: //p' >"$work/known"
    [[ $1 == http:* ]] && tcp=(-p 6969) || udp=(-P 1732)
    start opentracker -i $there "${tcp[@]}" "${udp[@]}" -d "$work" -w /known -u nobody
    sleep 0.5
}

aria2() { # FOLDER PORT OPTION...
    local folder=$1 port=$2
    shift 2
    start aria2c --dir="$work/$folder" --listen-port="$port" --interface=$there --seed-time=1 \
        --disable-ipv6 --bt-seed-unverified "$@"
}

# The one who has it all, and the one who wants it.
two_peers() {
    aria2 seed 1731 --enable-dht=false "$work/hello.torrent"
    wait_for_port tcp 1731
    sleep 2
    aria2 leech 6881 --enable-dht=false "$work/hello.torrent"
    local tries=30
    until [[ -s $work/leech/hello.txt ]]; do
        ((tries-- > 0)) || die 'nothing was fetched'
        sleep 0.5
    done
    sleep 0.5
}

bittorrent_1731() {
    swarm http://$there:6969/announce
    two_peers
}

udp_tracker_1732() {
    swarm udp://$there:1732
    transmission seed 6881 $there
    sleep 5
}

dht_1730() {
    aria2 near 6881 --enable-dht --dht-listen-port=1730 --dht-file-path="$work/near.dht" \
        magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567
    aria2 far 6882 --enable-dht --dht-listen-port=6882 --dht-file-path="$work/far.dht" \
        --dht-entry-point=$there:1730 magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567
    sleep 5
}

transmission() { # FOLDER PORT ADDRESS
    local rpc=$(($2 + 4000))
    mkdir "$work/$1.conf"
    cat >"$work/$1.conf/settings.json" <<CONF
{ "download-dir": "$work/$1", "peer-port": $2, "bind-address-ipv4": "$3", "utp-enabled": true,
  "rpc-port": $rpc, "rpc-whitelist-enabled": false, "dht-enabled": false, "lpd-enabled": false, "pex-enabled": false,
  "encryption": 0, "port-forwarding-enabled": false }
CONF
    start transmission-daemon -f -g "$work/$1.conf"
    wait_for_port tcp "$rpc"
    ask transmission-remote "$rpc" -a "$work/hello.torrent"
}

# uTP is what two Transmissions try first.
utp_1731() {
    swarm http://$there:6969/announce
    transmission seed 1731 $there
    sleep 2
    ip address add 10.73.1.10/32 dev lo
    transmission leech 1732 10.73.1.10
    sleep 12
}

# --- screens --------------------------------------------------------------------------------------

x11vnc_1730() {
    start Xvfb :7 -screen 0 64x48x8
    sleep 1
    start x11vnc -display :7 -rfbport 1730 -listen $here -nopw -forever -no6 -noipv6
    wait_for_port tcp 1730
    ask vncsnapshot -quiet $here:$((1730 - 5900 + 65536)) "$work/screen.jpg"
}

xrdp_1731() {
    sed -i -e 's/^port=3389/port=1731/' /etc/xrdp/xrdp.ini
    start xrdp --nodaemon
    wait_for_port tcp 1731
    start Xvfb :7 -screen 0 640x480x16
    sleep 1
    export DISPLAY=:7
    ask timeout 3 xfreerdp /v:$here:1731 /u:ann /p:secret /cert:ignore /size:320x200 /bpp:8 +auth-only || true
}
