# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # settings come from, and go to, the scripts that source this
# Two Asterisk 16 endpoints with chan_ooh323, each in a network namespace of its own, that call
# each other: for script/record-calls and script/test-live, which source this after lib.sh.
#
# Asterisk dropped chan_ooh323 in later releases, so Debian bullseye, the last one with it, is put
# in a folder of its own on first use (about 400 MB, in $cache/h323-peer).

peer=$cache/h323-peer
work=/opt/msiccp.$$ # inside $peer
near=msiccp-near-$$ far=msiccp-far-$$
running=() namespaces=() proc_mounted=

defaults() {
    port=1731               # TCP port of the call signalling
    faststart=no            # media offered in SETUP
    tunnelling=no           # H.245 inside H.225.0 instead of on a connection of its own
    codec=ulaw
    callee=answers          # or hangs-up, is-busy, rejects, lets-it-ring, plays-before-answer
    at_once=1 in_a_row=1    # number of calls
    releaser=caller         # or callee: who sends RELEASE COMPLETE
    talk=2                  # seconds from the answer to the hanging up
    caller_ip=10.73.1.10 callee_ip=10.73.1.20
}

clean_up_endpoints() {
    stop_running
    [[ -z $proc_mounted ]] || umount "$peer/proc"
    rm -rf "${peer:?}$work"
}

stop_running() { # processes and namespaces of the calls under way
    local pid ns
    for pid in "${running[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${running[@]}"; do wait "$pid" 2>/dev/null || true; done
    for ns in "${namespaces[@]}"; do ip netns del "$ns"; done
    running=() namespaces=()
}

check_endpoint_machine() { # [PROGRAM:PACKAGE...]: what is needed besides
    ((EUID == 0)) || die "must run as root: it makes network namespaces and captures in them"
    local program missing=
    for program in debootstrap:debootstrap ip:iproute2 ethtool:ethtool "$@"; do
        command -v "${program%%:*}" >/dev/null || missing+=" ${program#*:}"
    done
    [[ -z $missing ]] || die "programs are missing; install them with: apt-get install$missing"
}

make_peer() { # the folder with bullseye and Asterisk; moved into place when it is whole
    [[ -x $peer/usr/sbin/asterisk ]] && return
    say "making $peer (once; a few minutes)"
    rm -rf "$peer.part"; mkdir -p "$(dirname "$peer")"
    debootstrap --variant=minbase bullseye "$peer.part" >"$peer.log" 2>&1 ||
        die "debootstrap failed; see $peer.log"
    printf '#!/bin/sh\nexit 101\n' >"$peer.part/usr/sbin/policy-rc.d"   # start no services
    chmod +x "$peer.part/usr/sbin/policy-rc.d"
    DEBIAN_FRONTEND=noninteractive chroot "$peer.part" apt-get install -y --no-install-recommends \
        asterisk asterisk-modules asterisk-ooh323 >>"$peer.log" 2>&1 ||
        die "Asterisk could not be installed; see $peer.log"
    mv "$peer.part" "$peer"
}

callee_dialplan() {
    echo '[incoming]'
    echo 'exten => _X.,1,Ringing()'
    case $callee in
    plays-before-answer)
        echo ' same => n,Wait(0.5)'
        echo ' same => n,Progress()'
        echo ' same => n,PlayTones(425/500,0/500)'
        echo ' same => n,Wait(1.5)'
        echo ' same => n,StopPlayTones()' ;;
    *)  echo ' same => n,Wait(1)' ;;
    esac
    case $callee in
    is-busy)      echo ' same => n,Busy(1)' ;;
    rejects)      echo ' same => n,Hangup(21)' ;;
    lets-it-ring) echo ' same => n,Wait(60)' ;;
    hangs-up)     printf ' same => n,Answer()\n same => n,Set(TIMEOUT(absolute)=%s)\n' "$talk" ;;
    *)            echo ' same => n,Answer()' ;;
    esac
    echo ' same => n,Milliwatt()'
}

configure() { # NAME OWN_IP OTHER_IP: an endpoint's folder below $work
    local name=$1 own=$2 other=$3 dir=$work/$1 etc=$peer$work/$1/etc
    mkdir -p "$peer$dir"/{etc,run,log,spool,db}
    cp "$peer/etc/asterisk/pjproject.conf" "$etc/"
    cat >"$etc/asterisk.conf" <<CONF
[directories]
astetcdir => $dir/etc
astmoddir => /usr/lib/asterisk/modules
astvarlibdir => $dir/db
astdbdir => $dir/db
astkeydir => $dir/db
astdatadir => /usr/share/asterisk
astagidir => /usr/share/asterisk/agi-bin
astspooldir => $dir/spool
astrundir => $dir/run
astlogdir => $dir/log
CONF
    cat >"$etc/modules.conf" <<CONF
[modules]
autoload=yes
noload=chan_sip.so
noload=chan_iax2.so
noload=chan_skinny.so
noload=chan_mgcp.so
noload=chan_unistim.so
noload=res_pjsip.so
CONF
    cat >"$etc/logger.conf" <<CONF
[logfiles]
messages => notice,warning,error
CONF
    cat >"$etc/rtp.conf" <<CONF
[general]
rtpstart=49600
rtpend=49700
CONF
    cat >"$etc/ooh323.conf" <<CONF
[general]
port=$port
bindaddr=$own
h323id=$name
callerid=$name
context=incoming
gatekeeper=DISABLE
logfile=$dir/log/h323.log
faststart=$faststart
h245tunneling=$tunnelling
disallow=all
allow=$codec
[peer]
type=friend
context=incoming
ip=$other
port=$port
faststart=$faststart
h245tunneling=$tunnelling
disallow=all
allow=$codec
CONF
    {
        callee_dialplan
        printf '[outgoing]\nexten => s,1,Answer()\n same => n,Milliwatt()\n'
    } >"$etc/extensions.conf"
}

add_endpoint() { # NAME OWN_IP OTHER_IP NAMESPACE MAC: its end of the wire, and Asterisk
    local name=$1 own=$2 other=$3 ns=$4 mac=$5
    ip -n "$ns" link set lo up
    ip -n "$ns" link set wire address "$mac"
    ip netns exec "$ns" sysctl -q -w net.ipv6.conf.wire.accept_dad=0 net.ipv6.conf.wire.router_solicitations=0
    case $own in
    *:*) ip -n "$ns" address add "$own/64" dev wire nodad ;;
    *)   ip -n "$ns" address add "$own/24" dev wire ;;
    esac
    ip netns exec "$ns" ethtool -K wire tx off >/dev/null    # so that checksums are in the recording
    ip -n "$ns" link set wire up
    configure "$name" "$own" "$other"
    ip netns exec "$ns" chroot "$peer" /usr/sbin/asterisk -C "$work/$name/etc/asterisk.conf" -f -n \
        </dev/null >"$peer$work/$name/log/console" 2>&1 &
    running+=($!)
}

asterisk() { chroot "$peer" /usr/sbin/asterisk -C "$work/$1/etc/asterisk.conf" -rx "$2"; }

wait_for() { # SECONDS WHAT COMMAND...
    local tries=$(($1 * 5)) what=$2; shift 2
    while ! "$@" >/dev/null 2>&1; do
        ((tries-- > 0)) || die "waited in vain for $what; see the logs below $peer$work"
        sleep 0.2
    done
}

listens() { [[ -n $(ip netns exec "$1" ss -Hltn "sport = :$port") ]]; }
is_idle() { asterisk "$1" 'core show channels count' | grep -q '^0 active channels'; }

is_answered() { [[ $(asterisk near 'core show channels concise' | grep -c '^OOH323/.*!Up!') == "$1" ]]; }

make_endpoints() { # as the settings say; they are up when this returns
    local i
    rm -rf "${peer:?}$work"
    ip netns add "$near"; namespaces+=("$near")
    ip netns add "$far"; namespaces+=("$far")
    ip link add wire netns "$near" type veth peer name wire netns "$far"
    add_endpoint near "$caller_ip" "$callee_ip" "$near" 02:00:00:73:01:10
    add_endpoint far "$callee_ip" "$caller_ip" "$far" 02:00:00:73:01:20
    for i in near far; do wait_for 30 "Asterisk ($i)" asterisk "$i" 'core waitfullybooted'; done
    wait_for 15 "port $port" listens "$near"
    wait_for 15 "port $port" listens "$far"
}

place_calls() { # as the settings say; they are over when this returns
    local i j
    for ((i = 0; i < in_a_row; i++)); do
        for ((j = 0; j < at_once; j++)); do
            asterisk near "channel originate OOH323/$((1000 + j))@peer extension s@outgoing" >/dev/null
        done
        case $callee in
        answers|hangs-up|plays-before-answer) wait_for 15 'the answer' is_answered "$at_once" ;;
        *) sleep 1.2 ;;         # it rings for a second
        esac
        sleep "$talk"
        [[ $callee != hangs-up ]] || wait_for 10 'the callee to hang up' is_idle near
        asterisk near 'channel request hangup all' >/dev/null
        wait_for 10 'the end of the call' is_idle near
        wait_for 10 'the end of the call' is_idle far
        sleep 2                 # for the last messages
    done
}

begin_endpoints() { # once, before make_endpoints
    trap clean_up_endpoints EXIT
    trap 'exit 1' INT TERM
    make_peer
    if ! mountpoint -q "$peer/proc"; then
        mount --bind /proc "$peer/proc"; proc_mounted=yes
    fi
}
