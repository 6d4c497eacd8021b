#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2317 # the recordings are called by their names
# What script/record-foreign records, one function each: a real server, and a real client that asks it.
# Runs as root inside the tree of programs that script/record-foreign makes, in namespaces of its own
# (network, mounts, processes), so that whatever is started or written here is gone when it ends.
#
#   foreign-programs.sh NAME
set -euo pipefail

work=/mnt
log=$work/log
here=127.0.0.1
there=10.73.1.20 # where programs believe a peer to be

die() { echo "foreign-programs: $*" >&2; exit 1; }

show_log() { tail -n 25 "$log" >&3; }

start() { "$@" >>"$log" 2>&1 </dev/null & }

ask() { timeout 20 "$@" >>"$log" 2>&1; }

wait_for_port() { # tcp|udp PORT
    local tries=150 option=-Hltn
    [[ $1 == tcp ]] || option=-Hlun
    while [[ -z $(ss "$option" "sport = :$2") ]]; do
        ((tries-- > 0)) || die "nothing listens on $1 port $2"
        sleep 0.1
    done
}

slowly() { # LINE...: prints them as someone types them who reads each answer first
    local line
    for line; do
        sleep 0.4
        printf '%s\n' "$line"
    done
    sleep 0.4
}

letter_by_letter() { # LINE...
    local line i
    for line; do
        for ((i = 0; i < ${#line}; i++)); do
            printf '%s' "${line:i:1}"
            sleep 0.05
        done
        printf '\n'
        sleep 0.4
    done
}

certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
        -subj "/CN=${1-msiccp.example}" -keyout "$work/${1-}key.pem" -out "$work/${1-}cert.pem" 2>>"$log"
}

# --- shells and files -----------------------------------------------------------------------------

openssh_1731() {
    ssh-keygen -q -t ed25519 -N '' -f "$work/host"
    ssh-keygen -q -t ed25519 -N '' -f "$work/ann"
    mkdir -p /run/sshd /root/.ssh
    cp "$work/ann.pub" /root/.ssh/authorized_keys
    start /usr/sbin/sshd -D -e -f /dev/null -h "$work/host" -p 1731 -o PidFile=none
    wait_for_port tcp 1731
    ask ssh -p 1731 -i "$work/ann" -o BatchMode=yes -o StrictHostKeyChecking=no \
        -o UserKnownHostsFile=/dev/null root@$here true
}

dropbear_1730() {
    dropbearkey -t ed25519 -f "$work/host" >>"$log" 2>&1
    dropbearkey -t ed25519 -f "$work/ann" >>"$log" 2>&1
    mkdir -p /root/.ssh
    dropbearkey -y -f "$work/ann" | grep ^ssh- >/root/.ssh/authorized_keys
    chmod -R go= /root/.ssh
    start dropbear -F -E -r "$work/host" -p $here:1730
    wait_for_port tcp 1730
    ask dbclient -y -i "$work/ann" -p 1730 root@$here true
}

telnetd_1730() {
    start socat TCP-LISTEN:1730,bind=$here,reuseaddr EXEC:'/usr/sbin/telnetd --exec-login=/bin/sh',nofork
    wait_for_port tcp 1730
    slowly id exit | ask telnet $here 1730 || true # telnet's status is that of the closed connection
}

socat_shell_1730() {
    start socat TCP-LISTEN:1730,bind=$here,reuseaddr EXEC:'/bin/bash --norc -i',pty,stderr,setsid
    wait_for_port tcp 1730
    slowly 'cd /tmp' id exit | ask socat - TCP:$here:1730
}

# The one who is called types.
socat_reverse_shell_1731() {
    slowly 'cd /tmp' id exit | start_reading socat - TCP-LISTEN:1731,bind=$here,reuseaddr
    wait_for_port tcp 1731
    ask socat TCP:$here:1731 EXEC:'/bin/sh -i',stderr
}

socat_typed_1732() {
    start socat TCP-LISTEN:1732,bind=$here,reuseaddr EXEC:'/bin/bash --norc -i',pty,stderr,setsid
    wait_for_port tcp 1732
    (sleep 0.4; letter_by_letter 'cd /tmp' id exit) | ask socat - TCP:$here:1732
}

start_reading() { "$@" >>"$log" 2>&1 <&0 & }

ncat_shell_1731() {
    start ncat -l $here 1731 --exec /bin/sh
    wait_for_port tcp 1731
    slowly id 'ls /' exit | ask ncat $here 1731
}

ncat_chat_1730() {
    slowly hello 'and good bye' | start_reading ncat -l $here 1730
    wait_for_port tcp 1730
    slowly hi 'is anybody there?' | ask ncat $here 1730
}

ncat_elf_1732() {
    head -c 2048 /bin/true | start_reading ncat --send-only -l $here 1732
    wait_for_port tcp 1732
    ask ncat --recv-only $here 1732
}

ncat_exe_1731() {
    head -c 2048 /usr/lib/python3/dist-packages/distlib/t32.exe | start_reading ncat --send-only -l $here 1731
    wait_for_port tcp 1731
    ask ncat --recv-only $here 1731
}

vsftpd_1730() {
    mkdir -p /srv/ftp /run/vsftpd/empty
    echo Hello >/srv/ftp/hello.txt
    printf '%s\n' listen=YES listen_port=1730 listen_address=$here anonymous_enable=YES background=NO \
        seccomp_sandbox=NO >"$work/vsftpd.conf"
    start vsftpd "$work/vsftpd.conf"
    wait_for_port tcp 1730
    ask curl -s ftp://$here:1730/hello.txt
}

tftp_1731() {
    mkdir -p "$work/tftp"
    echo Hello >"$work/tftp/hello.txt"
    chmod -R a+rX "$work"
    start atftpd --daemon --no-fork --port 1731 --bind-address $here "$work/tftp"
    wait_for_port udp 1731
    ask atftp --get --remote-file hello.txt --local-file "$work/got" $here 1731
}

rsync_1732() {
    mkdir "$work/share"
    echo Hello >"$work/share/hello.txt"
    printf 'use chroot = no\n[share]\npath = %s\nuid = root\ngid = root\n' "$work/share" >"$work/rsyncd.conf"
    start rsync --daemon --no-detach --address=$here --port=1732 --config="$work/rsyncd.conf"
    wait_for_port tcp 1732
    ask rsync -a rsync://$here:1732/share/ "$work/got/"
}

git_1730() {
    export HOME=$work
    git config --global user.name Ann
    git config --global user.email ann@msiccp.example
    git init -q "$work/repo" 2>>"$log"
    git -C "$work/repo" commit -q --allow-empty -m Hello
    start git daemon --listen=$here --port=1730 --export-all --base-path="$work" --reuseaddr
    wait_for_port tcp 1730
    ask git clone git://$here:1730/repo "$work/got"
}

samba_1730() {
    mkdir -p "$work/samba" "$work/share"
    cat >"$work/smb.conf" <<CONF
[global]
netbios name = MSICCP
workgroup = EXAMPLE
private dir = $work/samba
lock directory = $work/samba
state directory = $work/samba
cache directory = $work/samba
pid directory = $work/samba
ncalrpc dir = $work/samba
log file = $work/samba/log
smb ports = 1730
map to guest = Bad User
disable netbios = yes
load printers = no
[share]
path = $work/share
guest ok = yes
CONF
    start smbd --foreground --no-process-group --configfile="$work/smb.conf"
    wait_for_port tcp 1730
    ask smbclient -s "$work/smb.conf" -p 1730 -U ann% //$here/share -c ls
}

nfs_1732() {
    cat >"$work/ganesha.conf" <<CONF
NFS_CORE_PARAM { NFS_Port = 1732; Protocols = 4; Bind_addr = $here; Enable_NLM = false; Enable_RQUOTA = false; }
NFSV4 { Graceless = true; RecoveryRoot = $work/recovery; Minor_Versions = 0; }
EXPORT { Export_Id = 1; Path = /share; Pseudo = /share; Protocols = 4; Access_Type = RW; Squash = None; SecType = sys;
         FSAL { Name = MEM; } }
CONF
    mkdir -p "$work/recovery" /run/ganesha /var/log/ganesha
    start ganesha.nfsd -F -L "$work/ganesha.log" -f "$work/ganesha.conf" -p "$work/ganesha.pid"
    wait_for_port tcp 1732
    sleep 1
    ask nfs-ls "nfs://$here/share?version=4&nfsport=1732" || { cat "$work/ganesha.log" >>"$log"; false; }
}

# --- the web --------------------------------------------------------------------------------------

nginx() { # LISTEN: its configuration, and the server
    mkdir "$work/www"
    echo Hello >"$work/www/index.html"
    chmod -R a+rX "$work"
    cat >"$work/nginx.conf" <<CONF
daemon off;
pid $work/nginx.pid;
events {}
http { access_log off; server { listen $here:$1; root $work/www; } }
CONF
    start /usr/sbin/nginx -c "$work/nginx.conf"
    wait_for_port tcp "${1%% *}"
}

nginx_1732() {
    nginx 1732
    ask curl -s http://$here:1732/ http://$here:1732/missing
}

nginx_http2_1731() {
    nginx '1731 http2'
    ask curl -s --http2-prior-knowledge http://$here:1731/
    ask curl -s --http2-prior-knowledge http://$here:1731/missing
}

tls_1731() {
    certificate
    start openssl s_server -accept 1731 -key "$work/key.pem" -cert "$work/cert.pem" -quiet
    wait_for_port tcp 1731
    slowly Q | ask openssl s_client -connect $here:1731 || true
}

dtls_1732() {
    certificate
    start openssl s_server -dtls -accept 1732 -key "$work/key.pem" -cert "$work/cert.pem" -quiet
    wait_for_port udp 1732
    slowly Q | ask openssl s_client -dtls -connect $here:1732 || true
}

ssh_1731() {
    ssh-keygen -q -t ed25519 -N '' -f "$work/host"
    mkdir -p /run/sshd
    start /usr/sbin/sshd -D -e -f /dev/null -h "$work/host" -p 1731 -o PidFile=none
    wait_for_port tcp 1731
    # a key exchange that no release of Wireshark warns of
    ask ssh -p 1731 -o KexAlgorithms=curve25519-sha256 -o BatchMode=yes -o StrictHostKeyChecking=no \
        -o UserKnownHostsFile=/dev/null nobody@$here true || true
}

http_1732() {
    mkdir -p "$work/www"
    echo Hello >"$work/www/index.html"
    start python3 -m http.server 1732 --bind $here --directory "$work/www"
    wait_for_port tcp 1732
    ask curl -s http://$here:1732/ http://$here:1732/missing
}

# A client that happens to have port 1731, as old ones could: curl to an ordinary web server.
http_from_1731() {
    mkdir -p "$work/www"
    echo Hello >"$work/www/index.html"
    start python3 -m http.server 80 --bind $here --directory "$work/www"
    wait_for_port tcp 80
    ask curl -s --local-port 1731 http://$here:80/
}

quic_1731() {
    certificate
    mkdir "$work/www"
    echo Hello >"$work/www/index.html"
    start gtlsserver -q -d "$work/www" $here 1731 "$work/key.pem" "$work/cert.pem"
    wait_for_port udp 1731
    ask gtlsclient -q --exit-on-all-streams-close $here 1731 https://$here:1731/index.html
}

microsocks_1731() {
    mkdir "$work/www"
    echo Hello >"$work/www/index.html"
    start python3 -m http.server 80 --bind $here --directory "$work/www"
    start microsocks -i $here -p 1731
    wait_for_port tcp 80
    wait_for_port tcp 1731
    ask curl -s --socks5 $here:1731 http://$here/
}

# --- mail, directories, chat ----------------------------------------------------------------------

postfix_1731() {
    postconf -e inet_interfaces=$here inet_protocols=ipv4 myhostname=mail.msiccp.example \
        mydestination=msiccp.example alias_maps= alias_database= compatibility_level=3.6 maillog_file=/dev/stdout
    postconf -M 1731/inet='1731 inet n - n - - smtpd'
    start postfix start-fg
    wait_for_port tcp 1731
    printf 'Subject: Hello\r\n\r\nHello\r\n' >"$work/letter"
    ask curl -s smtp://$here:1731/msiccp.example --mail-from ann@msiccp.example \
        --mail-rcpt root@msiccp.example -T "$work/letter"
}

dovecot() { # imap|pop3 PORT
    useradd -m ann
    cat >"$work/dovecot.conf" <<CONF
protocols = $1
ssl = no
disable_plaintext_auth = no
log_path = $log
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=ann gid=ann home=/home/ann
}
mail_location = maildir:~/Maildir
service $1-login {
  inet_listener $1 {
    address = $here
    port = $2
  }
}
CONF
    start /usr/sbin/dovecot -F -c "$work/dovecot.conf"
    wait_for_port tcp "$2"
    ask curl -s -u ann:secret "$1://$here:$2/"
}

dovecot_imap_1730() { dovecot imap 1730; }
dovecot_pop3_1732() { dovecot pop3 1732; }

openldap_1732() {
    mkdir "$work/ldap"
    cat >"$work/slapd.conf" <<CONF
include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile $work/slapd.pid
database mdb
suffix dc=example
rootdn cn=admin,dc=example
rootpw secret
directory $work/ldap
CONF
    start /usr/sbin/slapd -f "$work/slapd.conf" -h ldap://$here:1732 -d 0
    wait_for_port tcp 1732
    printf '%s\n' 'dn: dc=example' 'objectClass: dcObject' 'objectClass: organization' 'dc: example' 'o: Example' \
        >"$work/root.ldif"
    ask ldapadd -x -H ldap://$here:1732 -D cn=admin,dc=example -w secret -f "$work/root.ldif"
    ask ldapsearch -x -H ldap://$here:1732 -b dc=example
}

ngircd_1730() {
    printf '%s\n' '[Global]' 'Name = irc.msiccp.example' 'Info = Example' "Listen = $here" 'Ports = 1730' \
        '[Options]' 'Ident = no' 'PAM = no' 'DNS = no' >"$work/ngircd.conf"
    start /usr/sbin/ngircd -n -f "$work/ngircd.conf"
    wait_for_port tcp 1730
    start ii -s $here -p 1730 -n ann -i "$work/irc"
    sleep 1
    echo '/j #example' >"$work/irc/$here/in"
    sleep 0.5
    echo 'Hello' >"$work/irc/$here/#example/in"
    sleep 0.5
    echo '/QUIT' >"$work/irc/$here/in"
}

# Its client has windows only. A connection is TLS; the datagram is the ping of its list of servers.
mumble_1731() {
    printf '%s\n' "database=$work/mumble.sqlite" "host=$here" port=1731 'welcometext=Hello' 'uname=' bonjour=false \
        >"$work/mumble.ini"
    start /usr/sbin/murmurd -fg -ini "$work/mumble.ini"
    wait_for_port tcp 1731
    slowly Q | ask openssl s_client -connect $here:1731 || true
    ask python3 -c "
import socket
ping = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ping.sendto(bytes(4) + b'msiccp73', ('$here', 1731))
assert ping.recv(100)[4:12] == b'msiccp73'"
}

sipp_1731() {
    start sipp -sn uas -i $here -p 1731 -nostdin
    wait_for_port udp 1731
    ask sipp -sn uac -i $here -m 1 -d 100 -nostdin $here:1731
}

sipp_tcp_1730() {
    start sipp -sn uas -i $here -p 1730 -t t1 -nostdin
    wait_for_port tcp 1730
    ask sipp -sn uac -i $here -p 5061 -t t1 -m 1 -d 100 -nostdin $here:1730
}

rtsp_1732() {
    cat >"$work/serve.py" <<'SCRIPT'
import gi
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer(address="127.0.0.1", service="1732")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch("( audiotestsrc ! mulawenc ! rtppcmupay name=pay0 )")
server.get_mount_points().add_factory("/tone", factory)
server.attach(None)
GLib.MainLoop().run()
SCRIPT
    start python3 "$work/serve.py"
    wait_for_port tcp 1732
    ask curl -s --request OPTIONS rtsp://$here:1732/tone
}

coturn_1732() {
    start turnserver -n --no-tls --no-dtls --no-cli --listening-ip=$here --listening-port=1732 --relay-ip=$here \
        --lt-cred-mech --user=ann:secret --realm=msiccp.example --allow-loopback-peers \
        --log-file="$work/turn.log" --simple-log --pidfile="$work/turn.pid" --userdb="$work/turn.db"
    wait_for_port udp 1732
    ask turnutils_stunclient -p 1732 $here
    ask turnutils_uclient -y -n 2 -m 1 -l 20 -u ann -w secret -p 1732 $here
}

# --- data bases -----------------------------------------------------------------------------------

redis_1731() {
    start redis-server --bind $here --port 1731 --save '' --dir "$work"
    wait_for_port tcp 1731
    ask redis-cli -h $here -p 1731 set greeting Hello
    ask redis-cli -h $here -p 1731 get greeting
}

postgresql_1732() {
    local programs=/usr/lib/postgresql/15/bin
    mkdir "$work/data"
    chown postgres "$work/data"
    setpriv --reuid=postgres --clear-groups "$programs/initdb" -A trust -D "$work/data" >>"$log" 2>&1
    start setpriv --reuid=postgres --clear-groups "$programs/postgres" -D "$work/data" -h $here -p 1732 -k ''
    wait_for_port tcp 1732
    ask psql -h $here -p 1732 -U postgres -c 'SELECT 42'
}

mariadb_1730() {
    ask mariadb-install-db --user=mysql --datadir="$work/data" --skip-test-db \
        --auth-root-authentication-method=normal
    start mariadbd --no-defaults --user=mysql --datadir="$work/data" --bind-address=$here --port=1730 \
        --socket="$work/socket" --pid-file="$work/data/pid"
    wait_for_port tcp 1730
    ask mariadb -h $here -P 1730 -u root -e 'SELECT 42'
}

memcached() { # OPTION...: a value is written and read
    start /usr/bin/memcached -u nobody -l $here -p 1731 -U 1731
    wait_for_port tcp 1731
    echo Hello >"$work/greeting"
    ask memccp --servers=$here:1731 "$@" "$work/greeting"
    ask memccat --servers=$here:1731 "$@" greeting
}

memcached_1731() { memcached; }
memcached_binary_1731() { memcached --binary; }

mosquitto_1730() {
    printf 'listener 1730 %s\nallow_anonymous true\n' $here >"$work/mosquitto.conf"
    start mosquitto -c "$work/mosquitto.conf"
    wait_for_port tcp 1730
    start mosquitto_sub -h $here -p 1730 -t greeting -C 1
    sleep 0.5
    ask mosquitto_pub -h $here -p 1730 -t greeting -m Hello
}

# --- names, time, management ----------------------------------------------------------------------

dns_1730() {
    start dnsmasq --no-daemon --conf-file=/dev/null --port=1730 --listen-address=$here --bind-interfaces \
        --no-resolv --no-hosts --address=/msiccp.example/192.0.2.1 --user=root --pid-file
    wait_for_port udp 1730
    ask dig +tries=1 @$here -p 1730 msiccp.example A
    ask dig +tries=1 +tcp @$here -p 1730 msiccp.example A
}

bind_1731() {
    cat >"$work/named.conf" <<CONF
options { directory "$work"; listen-on port 1731 { $here; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; };
controls {};
zone "msiccp.example" { type primary; file "$work/zone"; };
CONF
    # shellcheck disable=SC2016 # the dollar is the zone file's
    printf '%s\n' '$TTL 60' '@ SOA ns ann 1 60 60 60 60' '@ NS ns' 'ns A 192.0.2.1' '@ TXT "Hello"' >"$work/zone"
    start named -g -c "$work/named.conf"
    wait_for_port udp 1731
    ask dig +tries=1 @$here -p 1731 msiccp.example TXT
    ask dig +tries=1 +tcp @$here -p 1731 msiccp.example AXFR
}

unbound_1732() {
    printf '%s\n' server: "interface: $here@1732" 'access-control: 127.0.0.0/8 allow' 'chroot: ""' 'username: ""' \
        "directory: $work" 'pidfile: ""' 'use-syslog: no' 'local-zone: "msiccp.example." static' \
        "local-data: 'msiccp.example. A 192.0.2.1'" >"$work/unbound.conf"
    start /usr/sbin/unbound -d -c "$work/unbound.conf"
    wait_for_port udp 1732
    ask dig +tries=1 @$here -p 1732 msiccp.example A
    ask dig +tries=1 @$here -p 1732 missing.msiccp.example AAAA
}

chrony_1731() {
    printf '%s\n' 'local stratum 5' 'allow all' 'port 1731' 'cmdport 0' "bindaddress $here" 'bindcmdaddress /' \
        "pidfile $work/chrony.pid" >"$work/chrony.conf"
    start /usr/sbin/chronyd -x -d -u root -f "$work/chrony.conf"
    wait_for_port udp 1731
    sleep 1
    ask /usr/sbin/chronyd -Q -t 10 -u root -f /dev/null "pidfile $work/client.pid" 'cmdport 0' 'bindcmdaddress /' \
        "server $here port 1731 iburst"
}

snmpd_1732() {
    echo 'rocommunity public' >"$work/snmpd.conf"
    start /usr/sbin/snmpd -f -Lo -C -c "$work/snmpd.conf" -p "$work/snmpd.pid" udp:$here:1732
    wait_for_port udp 1732
    ask snmpget -v2c -c public -r 0 $here:1732 1.3.6.1.2.1.1.3.0
    ask snmpget -v1 -c public -r 0 $here:1732 1.3.6.1.2.1.1.5.0
    ask snmpget -v3 -l noAuthNoPriv -u ann -r 0 $here:1732 1.3.6.1.2.1.1.3.0 || true # who is not known there
}

rsyslog() { # udp|tcp
    printf 'module(load="im%s")\ninput(type="im%s" address="%s" port="1730")\n*.* %s\n' "$1" "$1" $here "$work/messages" \
        >"$work/rsyslog.conf"
    start /usr/sbin/rsyslogd -n -f "$work/rsyslog.conf" -i "$work/rsyslog.pid"
    wait_for_port "$1" 1730
    ask logger --"$1" -n $here -P 1730 --rfc5424 -p user.notice -t example 'Hello'
    ask logger --"$1" -n $here -P 1730 --rfc3164 -p user.notice -t example 'Hello'
}

rsyslog_udp_1730() { rsyslog udp; }
rsyslog_tcp_1730() { rsyslog tcp; }

# --- measuring and scanning -----------------------------------------------------------------------

iperf3_1730() {
    start iperf3 -s -B $here -p 1730 -1
    wait_for_port tcp 1730
    ask iperf3 -c $here -p 1730 -n 2K -l 512
}

iperf3_udp_1732() {
    start iperf3 -s -B $here -p 1732 -1
    wait_for_port tcp 1732
    ask iperf3 -c $here -p 1732 -u -n 2K -l 512
}

netperf_1731() {
    start netserver -D -L $here,inet -p 1731
    wait_for_port tcp 1731
    ask netperf -H $here -p 1731 -t TCP_RR -l -3
}

# All of nmap's questions, to one who hears each and hangs up.
nmap_1730() {
    start ncat -lk $here 1730 --sh-exec 'dd bs=4096 count=1 of=/dev/null 2>/dev/null'
    wait_for_port tcp 1730
    timeout 300 nmap -n -Pn -sV --version-all -p 1730 $here >>"$log" 2>&1
}

# shellcheck source=script/foreign-tunnels.sh
. "$(dirname "$0")/foreign-tunnels.sh"

touch "$log"
chmod a+w "$work" "$log" # some servers write there as another user
exec 3>&2 2>>"$log"
trap '(($? == 0)) || show_log' EXIT
"$1"
