# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2034,SC2154 # settings come from, and go to, the scripts that source this
# Two Asterisk 16 endpoints with chan_ooh323, each in a network namespace of its own, that call
# each other: for script/record-calls and script/test-live, which source this after lib.sh.
#
# Asterisk dropped chan_ooh323 in later releases, so Debian bullseye, the last one with it, is put
# in a folder of its own on first use (about 400 MB, in $cache/h323-peer).

peer=$cache/h323-peer
work=/opt/msiccp.$$ # inside $peer
near=msiccp-near-$$ far=msiccp-far-$$ middle=msiccp-middle-$$
running=() namespaces=() proc_mounted=

defaults() {
    port=1731               # TCP port of the call signalling
    faststart=no            # media offered in SETUP
    tunnelling=no           # H.245 inside H.225.0 instead of on a connection of its own
    codec=ulaw
    far_codec=              # of the far end, where it is another than the near end's
    rtcp=5                  # seconds between two RTCP reports
    callee=answers          # or hangs-up, is-busy, rejects, lets-it-ring, plays-before-answer, pauses,
                            # moves-on, is-absent
    answered=yes            # no: the call is not expected to be, or not for long
    at_once=1 in_a_row=1    # number of calls
    releaser=caller         # or callee, any: who sends RELEASE COMPLETE
    side=far                # or near, middle: where the recording is made
    talk=2                  # seconds from the answer to the hanging up
    caller_ip=10.73.1.10
    callee_ip=              # 10.73.1.20, or 10.73.2.20 if a router is between the two
    between=wire            # or router, nat-of-near, nat-of-far, h323-nat-of-far, slow-wire
    filter=                 # what of, and what happens to it, such as h245:drop: see filter_rule()
    filter_to=far           # or near, both: which way
    filter_at=router        # or end: in front of the programs of the end that it goes to; origin: behind those of
                            # the end that it comes from, in front of its capture
    midcall=                # or filter, break-h245, break-control, new-line: see go_on_talking()
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
    for ns in "${namespaces[@]}"; do ip netns del "$ns" 2>/dev/null || true; done
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
    pauses)
        printf ' same => n,%s\n' 'Answer()' 'PlayTones(425)' 'Wait(1)' 'StopPlayTones()' 'Wait(1.5)' ;;
    moves-on)
        printf ' same => n,%s\n' 'Answer()' 'PlayTones(425)' 'Wait(1)' 'StopPlayTones()' 'Dial(Local/s@outgoing)' ;;
    is-busy)      echo ' same => n,Busy(1)' ;;
    rejects)      echo ' same => n,Hangup(21)' ;;
    lets-it-ring) echo ' same => n,Wait(60)' ;;
    hangs-up)     printf ' same => n,Answer()\n same => n,Set(TIMEOUT(absolute)=%s)\n' "$talk" ;;
    *)            echo ' same => n,Answer()' ;;
    esac
    play_tone
}

# The endpoints have no encoder of some codecs, and pass on what is in a file.
is_passed_on() { [[ $codec == g729 || $codec == g723 ]]; }

play_tone() { # 1004 Hz: the end of a context of the dial plan
    if is_passed_on; then
        echo " same => n,Playback($work/tone)"
    else
        echo ' same => n,Milliwatt()'
    fi
}

encode_tone() { # for longer than any call
    mkdir -p "$peer$work"
    /usr/bin/python3 "$root/tools/tests/tones.py" "$codec" 60 >"$peer$work/tone.$codec" ||
        die "the tone could not be encoded; install the encoders with: script/bootstrap record"
}

configure() { # NAME OWN_IP OTHER_IP: an endpoint's folder below $work
    local name=$1 own=$2 other=$3 dir=$work/$1 etc=$peer$work/$1/etc codec=$codec
    [[ $name == near || -z $far_codec ]] || codec=$far_codec
    mkdir -p "$peer$dir"/{etc,run,log,spool/outgoing,db}
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
rtcpinterval=$((rtcp * 1000))
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
        printf '[outgoing]\nexten => s,1,Answer()\n'
        play_tone
    } >"$etc/extensions.conf"
}

bring_up() { # NAMESPACE INTERFACE
    ip netns exec "$1" ethtool -K "$2" tx off >/dev/null    # so that checksums are in the recording
    ip -n "$1" link set "$2" up
}

add_endpoint() { # NAME OWN_IP OTHER_IP NAMESPACE MAC: its end of the wire, and Asterisk
    local name=$1 own=$2 other=$3 ns=$4 mac=$5
    ip -n "$ns" link set lo up
    ip -n "$ns" link set wire address "$mac"
    ip netns exec "$ns" sysctl -q -w net.ipv6.conf.wire.accept_dad=0 net.ipv6.conf.wire.router_solicitations=0
    # a SYN without an answer is given up after 7 seconds, not after two minutes
    ip netns exec "$ns" sysctl -q -w net.ipv4.tcp_syn_retries=2
    case $own in
    *:*) ip -n "$ns" address add "$own/64" dev wire nodad ;;
    *)   ip -n "$ns" address add "$own/24" dev wire ;;
    esac
    bring_up "$ns" wire
    if has_router; then ip -n "$ns" route add default via "${own%.*}.1"; fi
    [[ $name != far || $callee != is-absent ]] || return 0
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

add_namespace() { ip netns add "$1"; namespaces+=("$1"); }

# The two ends are on one wire, or each on a wire of its own to the middle, which is a router (the
# address with 1 at its end on both sides) or a program that copies what it receives.
connect_ends() {
    add_namespace "$near"
    add_namespace "$far"
    if [[ $between == wire ]]; then
        ip link add wire netns "$near" type veth peer name wire netns "$far"
        return
    fi
    add_namespace "$middle"
    ip link add wire netns "$near" type veth peer name near netns "$middle"
    ip link add wire netns "$far" type veth peer name far netns "$middle"
    ip netns exec "$middle" sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=1
    if [[ $between == slow-wire ]]; then
        bring_up "$middle" near; bring_up "$middle" far
        ip netns exec "$middle" "$root/script/slow-wire" near far & running+=($!)
    else
        start_router
    fi
}

start_router() {
    ip -n "$middle" link set near address 02:00:00:73:01:01
    ip -n "$middle" link set far address 02:00:00:73:02:01
    ip -n "$middle" address add "${caller_ip%.*}.1/24" dev near
    ip -n "$middle" address add "${callee_ip%.*}.1/24" dev far
    bring_up "$middle" near; bring_up "$middle" far
    case $between in
    nat-of-near)     translate near far ;;
    nat-of-far)      translate far near ;;
    h323-nat-of-far) translate far near; translate_messages ;;
    esac
}

# The router translates addresses and ports in the headers of what comes from the INSIDE, and passes
# what is sent to port $port of its OUTSIDE to the end in there. It has no idea of H.323. Nobody
# out there can reach an address of the inside: what is sent to one gets lost.
translate() { # INSIDE OUTSIDE
    local hidden=$caller_ip
    [[ $1 == near ]] || hidden=$callee_ip
    ip netns exec "$middle" nft -f - <<NFT
table ip nat {
    chain from_outside {
        type nat hook prerouting priority dstnat
        iifname $2 tcp dport $port dnat to $hidden
    }
    chain to_outside {
        type nat hook postrouting priority srcnat
        oifname $2 meta l4proto udp masquerade fully-random
        oifname $2 masquerade
    }
    chain not_routed {
        type filter hook prerouting priority raw
        iifname $2 ip daddr ${hidden%.*}.0/24 drop
    }
}
NFT
}

has_router() { [[ $between == router || $between == *nat-of-* ]]; }

# ... but if its kernel reads H.323, and writes its own address where the inside's was.
translate_messages() {
    ip netns exec "$middle" nft -f - <<NFT
table ip h323 {
    ct helper q931 {
        type "Q.931" protocol tcp
    }
    chain calls {
        type filter hook prerouting priority filter
        tcp dport $port ct helper set "q931"
    }
}
NFT
}

make_endpoints() { # as the settings say; they are up when this returns
    local i ends=(near far) network=10.73.1
    if has_router; then network=10.73.2; fi
    : "${callee_ip:=$network.20}"
    [[ $callee != is-absent ]] || ends=(near)
    rm -rf "${peer:?}$work"
    if is_passed_on; then encode_tone; fi
    connect_ends
    add_endpoint near "$caller_ip" "$(seen_address far)" "$near" 02:00:00:73:01:10
    add_endpoint far "$callee_ip" "$(seen_address near)" "$far" 02:00:00:73:01:20
    for i in "${ends[@]}"; do
        wait_for 30 "Asterisk ($i)" asterisk "$i" 'core waitfullybooted'
        wait_for 15 "port $port" listens "${!i}"
    done
    [[ -z $filter || $midcall == filter ]] || put_filter
}

seen_address() { # near|far: the address under which the other end knows it
    case $1,$between in
    near,*nat-of-near) echo "${callee_ip%.*}.1" ;;
    far,*nat-of-far)   echo "${caller_ip%.*}.1" ;;
    near,*)            echo "$caller_ip" ;;
    far,*)             echo "$callee_ip" ;;
    esac
}

filter_rule() { # $filter is WHAT:FATE
    case ${filter%:*} in
    control) printf 'tcp dport %s' "$port" ;;
    control-answers) printf 'tcp sport %s' "$port" ;;
    control-messages) printf 'tcp dport %s ip length > 100' "$port" ;; # the connection opens
    h245)    printf 'tcp dport != %s tcp flags & (syn | ack) == syn' "$port" ;;
    h245-answers) printf 'tcp sport != %s tcp flags & (syn | ack) == (syn | ack)' "$port" ;;
    media)   printf 'udp dport 49600-49700' ;;
    rtp)     printf 'udp dport 49600-49700 udp dport & 1 == 0' ;;     # and no RTCP
    esac
    case ${filter#*:} in
    drop)        echo ' counter drop' ;;
    lose)        echo ' numgen random mod 100 < 10 counter drop' ;;
    reset)       echo ' counter reject with tcp reset' ;;
    unreachable) echo ' counter reject with icmp port-unreachable' ;;
    prohibited)  echo ' counter reject with icmp admin-prohibited' ;;
    unmark)      echo ' counter ip dscp set cs1' ;;
    esac
}

put_filter() {
    local to from
    for to in near far; do
        [[ $filter_to == "$to" || $filter_to == both ]] || continue
        from=near; [[ $to == far ]] || from=far
        case $filter_at in
        end)    add_rule "${!to}" input "$(filter_rule)" ;;
        origin) add_rule "${!from}" output "$(filter_rule)" ;;
        router) add_rule "$middle" forward "iifname $from $(filter_rule)" ;;
        esac
    done
}

add_rule() { # NAMESPACE HOOK RULE
    ip netns exec "$1" nft -f - <<NFT
table ip filter {
    chain $2 {
        type filter hook $2 priority filter
        $3
    }
}
NFT
}

remove_filter() {
    local ns
    for ns in "${namespaces[@]}"; do
        ip netns exec "$ns" nft delete table ip filter 2>/dev/null || true
    done
}

break_connections() { # FILTER, of ss: the far end's system resets them
    ip netns exec "$far" ss -Ht -K "$1" >/dev/null
}

go_on_talking() { # for $talk seconds, after what happens in mid-call, if anything
    case $midcall in
    filter)                         # for a while
        sleep 2; put_filter; sleep 2; remove_filter ;;
    break-control) sleep 1; break_connections "( sport = :$port or dport = :$port )" ;;
    break-h245)    sleep 1; break_connections "sport != :$port and dport != :$port" ;;
    new-line)                       # nat-of-far loses its line, and with it what it remembers
        sleep 2
        ip -n "$middle" link set near down
        ip -n "$middle" link set near up ;;
    esac
    sleep "$talk"
}

place_call() { # NUMBER
    local channel=OOH323/$1@peer file=$peer$work/call
    if is_passed_on; then       # only a file of Asterisk's can ask for a codec
        printf 'Channel: %s\nContext: outgoing\nExtension: s\nCodecs: !all,%s\n' "$channel" "$codec" >"$file"
        mv "$file" "$peer$work/near/spool/outgoing/"
    else
        asterisk near "channel originate $channel extension s@outgoing" >/dev/null
    fi
}

place_calls() { # as the settings say; they are over when this returns
    local i j
    for ((i = 0; i < in_a_row; i++)); do
        for ((j = 0; j < at_once; j++)); do
            place_call $((1000 + j))
        done
        case $callee in
        is-busy|rejects|lets-it-ring|is-absent) sleep 1.2 ;;         # it rings for a second
        *)  if [[ $answered == yes ]]; then wait_for 15 'the answer' is_answered "$at_once"; fi ;;
        esac
        go_on_talking
        [[ $callee != hangs-up ]] || wait_for 10 'the callee to hang up' is_idle near
        asterisk near 'channel request hangup all' >/dev/null
        wait_for 30 'the end of the call' is_idle near
        [[ $callee == is-absent ]] || wait_for 30 'the end of the call' is_idle far
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
