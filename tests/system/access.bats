#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# The access list of xkvm-net, as ordinary users meet it: a copy of xkvm-net
# with the file capability, and lists in a private /etc. The users are some that
# every Debian has; "daemon" is the one who asks.

bats_require_minimum_version 1.5.0

load lib

XKVM_NET=${XKVM_NET:-$top/build/net/xkvm-net}
XKVM_NET_CLIENT=${XKVM_NET_CLIENT:-$top/build/tests/system/net/net-client}
programs=${XKVM_OVS:-$top/build/ovs}
list=/etc/xkvm/bridge.conf
daemon=(setpriv --reuid daemon --regid daemon --init-groups --inh-caps=-all)

# This file has a mount namespace of its own. In it /etc is a copy, and /mnt has
# the programs, where everybody may start them and capabilities count.
setup_file()
{
	# Then each test says why it is skipped: this is no place for it.
	can_run || return 0
	mount -t tmpfs -o mode=0755,suid,exec tmpfs /mnt
	cp -a /etc /mnt/etc
	rm -rf /mnt/etc/xkvm /mnt/etc/qemu
	mkdir /mnt/etc/xkvm /mnt/etc/qemu /mnt/net /mnt/home
	chmod 0755 /mnt/etc /mnt/etc/xkvm
	mount --bind /mnt/etc /etc
	chown daemon /mnt/home
	install -m 0755 "$XKVM" /mnt/xkvm
	install -m 0755 "$XKVM_NET_CLIENT" /mnt/client
	install -m 0755 "$XKVM_NET" /mnt/net/xkvm-net
	setcap cap_net_admin+p /mnt/net/xkvm-net
	cat >/mnt/serve <<-'END'
		#!/usr/bin/env python3
		"""serve PROGRAM: what a socket-activated service does, once."""
		import os, socket, sys
		server = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		server.bind('/mnt/socket')
		os.chmod('/mnt/socket', 0o666)
		server.listen()
		print('ready', flush=True)
		client, _ = server.accept()
		os.dup2(client.fileno(), 0)
		os.execv(sys.argv[1], sys.argv[1:2])
	END
	cat >/mnt/connect <<-'END'
		#!/usr/bin/env python3
		"""connect MESSAGE...: sends these to the service, prints its answers."""
		import socket, sys
		service = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
		service.connect('/mnt/socket')
		for message in sys.argv[1:]:
		    service.send(message.encode())
		while answer := service.recv(4096):
		    print(answer.decode())
		    if answer.startswith(b'OK'):
		        break
	END
	printf '#!/bin/sh\nexec %s /mnt/xkvm "$@"\n' "${daemon[*]}" \
		>/mnt/xkvm-of-daemon
	chmod 0755 /mnt/serve /mnt/connect /mnt/xkvm-of-daemon
}

teardown()
{
	stop_switch
	finish_test
}

can_run()
{
	command -v setcap >/dev/null && "${daemon[@]}" true 2>/dev/null
}

setup()
{
	prepare_test
	can_run || skip 'needs root, and setcap'
	make_bridge br0
	make_bridge br1
	make_bridge br-mgmt
	export XKVM_NET=/mnt/net/xkvm-net
	rm -rf /etc/xkvm /etc/qemu/bridge.conf
	mkdir -m 0755 /etc/xkvm
	cd /
}

# ---- helpers -----------------------------------------------------------------

as_daemon()
{
	"${daemon[@]}" "$@"
}

# write_list LINE...: the list in force.
write_list()
{
	rm -rf "$list"
	printf '%s\n' "$@" >"$list"
	chmod 0644 "$list"
}

# ask BRIDGE...: daemon asks for a tap on each, and gives them back.
ask()
{
	local -a adds=()
	local bridge

	for bridge; do
		adds+=("ADD bridge=$bridge")
	done
	run as_daemon /mnt/client 'HELLO v=1' "${adds[@]}" GO rest shut end
}

# may_use BRIDGE: daemon gets a tap on it.
may_use()
{
	run as_daemon /mnt/client 'HELLO v=1' "ADD bridge=$1" GO recv recv \
		COMMIT recv end
	[[ $output == *$'\nOK if=xk'*$'\nDONE\nexit 0' ]] ||
		fail "daemon may not use $1: $output"
}

# is_refused CODE NIC TEXT: the last answer, and no tap was made.
is_refused()
{
	[[ $output == *"ERR code=$1 nic=$2 msg="*"$3"*$'\neof\nexit 1' ]] ||
		fail "no 'ERR code=$1 nic=$2 msg=...$3...': $output"
	[[ $output != *$'\nOK '* ]] || fail "a tap after all: $output"
	no_taps
}

# invalid TEXT: the list opens nothing to daemon, for this reason.
invalid()
{
	ask br0
	is_refused acl 0 "no bridge is open to user daemon until this is mended: $1"
}

taps()
{
	ip -o link | sed -nE 's/^[0-9]+: (xk[0-9a-f]{10}):.*/\1/p'
}

has_taps()
{
	[[ $(taps | wc -l) -eq $1 ]]
}

no_taps()
{
	[[ -z $(taps) ]] || fail "taps are left: $(taps)"
}

# start_holders N ADD: N clients at once ask for this; those who get it hold it.
# What each was told is in the files told.1 to told.N.
start_holders()
{
	local i

	holders=()
	mkfifo "$BATS_TEST_TMPDIR/hold"
	exec {hold}<>"$BATS_TEST_TMPDIR/hold"
	for ((i = 1; i <= $1; i++)); do
		"${daemon[@]}" /mnt/client 'HELLO v=1' "$2" GO recv recv \
			COMMIT recv pause <"$BATS_TEST_TMPDIR/hold" \
			>"$BATS_TEST_TMPDIR/told.$i" 2>&1 {hold}>&- 3>&- &
		holders+=($!)
	done
	for ((i = 1; i <= $1; i++)); do
		until_true 20 grep -q paused "$BATS_TEST_TMPDIR/told.$i" ||
			fail "$(cat "$BATS_TEST_TMPDIR/told.$i")"
	done
}

kill_holders()
{
	kill -KILL "${holders[@]}"
	wait "${holders[@]}" || true
	exec {hold}>&-
	rm "$BATS_TEST_TMPDIR"/told.* "$BATS_TEST_TMPDIR/hold"
	until_true 5 has_taps 0
}

# An xkvm-net that root starts, for the next who connects.
start_service()
{
	rm -f /mnt/socket
	/mnt/serve "$XKVM_NET" >"$BATS_TEST_TMPDIR/service" 3>&- &
	service=$!
	until_true 10 grep -q ready "$BATS_TEST_TMPDIR/service"
}

# ---- who is let in -----------------------------------------------------------

@test "an ordinary user boots a guest on br0, within the quota" {
	write_list 'allow br0 group:daemon max=1'
	ip address add 192.0.2.1/24 dev br0
	oracle_before
	guest_script <<-'END'
		nic_up eth0 192.0.2.2/24
		can_ping 192.0.2.1
		await_call
	END
	# Where daemon can read it.
	install -m 0644 "$guest_initrd" "$XKVM_GUEST/kernel" /mnt/home
	guest_initrd=/mnt/home/initrd
	XKVM=/mnt/xkvm-of-daemon start_guest --netdev br0 -- \
		-kernel /mnt/home/kernel -name web
	await_guest listening
	ask br0
	[[ $output == *"ERR code=quota nic=0 msg=user daemon has 1 tap on 'br0' (xk"*' of web)'* ]] ||
		fail "$output"
	call_guest 192.0.2.2
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said 'exit 0'
	rm /mnt/home/initrd /mnt/home/kernel
	oracle_after
	may_use br0
}

# privileges_of PID: what it could have in effect, and what it has.
privileges_of()
{
	sed -nE 's/^Cap(Eff|Prm):[[:space:]]*0*(.)/\2/p' "/proc/$1/status" |
		paste -sd ' '
}

@test "fault 37: neither xkvm nor QEMU has a privilege, and the guardian one" {
	local guardian
	write_list 'allow br0 user:daemon'
	oracle_before
	qmp_socket=/mnt/home/qmp
	XKVM=/mnt/xkvm-of-daemon start_machine --netdev br0
	guardian=$(grep -lx xkvm-guardian /proc/[0-9]*/comm | sed 's/[^0-9]//g')
	[ "$(privileges_of "$guest_pid")" = '0 0' ]
	[ "$(privileges_of "$qemu_pid")" = '0 0' ]
	# CAP_NET_ADMIN, for the moment in which it deletes a tap.
	[ "$(privileges_of "$guardian")" = '1000 0' ]
	[ "$(ps -o uid= -p "$guardian" | tr -d ' ')" = "$(id -u daemon)" ]
	stop_machine
	oracle_after
}

@test "an ordinary user collects what is that user's, and root the rest" {
	ip tuntap add dev mine mode tap
	ip link set mine alias "xkvm uid=$(id -u daemon) vm=web"
	ip tuntap add dev another mode tap
	ip link set another alias "xkvm uid=$(id -u nobody)"
	ip tuntap add dev roots mode tap
	ip link set roots master br0 alias 'xkvm uid=0'
	run as_daemon /mnt/xkvm gc
	[ "$status" -eq 0 ] || fail "$output"
	[ "$output" = 'removed tap mine' ]
	# Not what root asks for, where daemon has got hold of root's socket.
	XKVM_NET_RUN='exec setpriv --reuid daemon --regid daemon --clear-groups \
		--inh-caps=-all "$XKVM_NET"' \
		run /mnt/client 'HELLO v=1' recv GC rest end
	[[ $output == *DONE* && $output != *GONE* ]] || fail "$output"
	run "$XKVM" gc
	[ "$status" -eq 0 ] || fail "$output"
	[ "$(sort <<<"$output")" = $'removed tap another\nremoved tap roots of br0' ] ||
		fail "$output"
}

@test "an ordinary user is refused br-mgmt, with the line that says so" {
	write_list '# the lab' 'allow br0 group:daemon' 'deny br-mgmt'
	run as_daemon /mnt/xkvm -q --accel tcg -n br0 --kvm /bin/true
	[ "$status" -eq 0 ] || fail "$output"
	run as_daemon /mnt/xkvm -q --accel tcg -n br-mgmt --kvm /bin/true
	[ "$status" -eq 125 ] || fail "$output"
	[[ $output == *"'br-mgmt' is denied to user daemon by $list:3"* ]] ||
		fail "$output"
}

@test "without a list no bridge is open" {
	invalid "there is no access list; an administrator writes one to $list, with a line such as 'allow br0'"
	rmdir /etc/xkvm
	invalid 'there is no access list'
}

@test "an empty list opens nothing; the answer has the line that would" {
	write_list ''
	ask br1
	is_refused acl 0 "no line of $list allows 'br1' to user daemon; an administrator can add the line 'allow br1 user:daemon'"
	write_list 'allow br1 user:daemon'
	may_use br1
}

@test "QEMU's list is read where there is none of ours, and only there" {
	printf 'allow br0\n' >/etc/qemu/bridge.conf
	may_use br0
	ask br1
	is_refused acl 0 'no line of /etc/qemu/bridge.conf allows'
	write_list 'allow br1'
	ask br0
	is_refused acl 0 "no line of $list allows"
	# One that cannot be used is not passed over.
	write_list rubbish
	invalid "$list:1: 'rubbish'"
	rm "$list"
	ln -s /nowhere "$list"
	invalid "$list: it is a symbolic link"
}

@test "all NICs of a request are checked before the first tap is made" {
	write_list 'allow br0'
	ask br0 br0 br1
	is_refused acl 2 "no line of $list allows 'br1'"
}

@test "who may not use a bridge does not learn whether it exists" {
	write_list 'allow br0'
	ask nosuch
	is_refused acl 0 "no line of $list allows 'nosuch' to user daemon"
	write_list 'allow nosuch' 'allow lo'
	ask nosuch
	is_refused nobridge 0 "there is no interface 'nosuch'"
	ask lo
	is_refused notbridge 0 "'lo' is not a bridge"
}

@test "users and groups are compared whole" {
	write_list 'allow br0 user:bin user:games group:games'
	ask br0
	is_refused acl 0 "no line of $list allows 'br0' to user daemon"
	write_list 'allow br0' 'allow br1 user:daemo'
	invalid "$list:2: there is no user 'daemo'"
	write_list 'allow br0' 'allow br1 user:daemons'
	invalid "$list:2: there is no user 'daemons'"
	write_list 'allow br0' 'deny br1 group:daemo'
	invalid "$list:2: there is no group 'daemo'"
}

@test "names of bridges are compared whole" {
	ip link add br00 type bridge
	ip link add br345678901234 type bridge
	ip link add br3456789012345 type bridge
	write_list 'allow br0' 'allow br345678901234'
	ask br00
	is_refused acl 0 "allows 'br00' to"
	ask br3456789012345
	is_refused acl 0 "allows 'br3456789012345' to"
	may_use br345678901234
	write_list 'allow br0' 'allow br34567890123456'
	invalid "$list:2: 'br34567890123456' has 16 bytes; a bridge's name has at most 15"
}

@test "deny wins, wherever it stands" {
	write_list 'allow br0' 'deny br0'
	ask br0
	is_refused acl 0 "by $list:2"
	write_list 'deny br0' 'allow br0 user:daemon'
	ask br0
	is_refused acl 0 "by $list:1"
	write_list 'allow br0' 'deny all'
	ask br0
	is_refused acl 0 "by $list:2"
	write_list 'allow all' 'deny br-mgmt'
	may_use br0
	ask br-mgmt
	is_refused acl 0 "by $list:2"
	write_list 'allow all' 'deny all user:games'
	may_use br0
	write_list 'allow br0' 'deny *'
	invalid "$list:2: '*' is no pattern"
}

@test "root is not held to the list, whoever has what file capability" {
	write_list 'deny all'
	run /mnt/client 'HELLO v=1' 'ADD bridge=br-mgmt' GO recv recv COMMIT \
		recv end
	[[ $output == *$'\nDONE\nexit 0' ]] || fail "$output"
}

@test "without a privilege to lend there is nothing to check" {
	setcap -r /mnt/net/xkvm-net
	ask br-mgmt
	setcap cap_net_admin+p /mnt/net/xkvm-net
	is_refused denied 0 'as root: setcap cap_net_admin+p /mnt/net/xkvm-net'
}

@test "the client of a service is who is on the other end of the socket" {
	local user

	write_list 'allow br0 user:games' 'deny br-mgmt'
	for user in daemon:acl games:OK root:OK; do
		start_service
		run setpriv --reuid "${user%:*}" --clear-groups \
			--inh-caps=-all /mnt/connect 'HELLO v=1' \
			'ADD bridge=br0' GO
		[[ $output == *"${user#*:}"* ]] || fail "$user: $output"
		wait "$service" || true
	done
}

@test "a socket of root's does not make its user root" {
	write_list 'allow br0 user:daemon'
	XKVM_NET_RUN='exec setpriv --reuid daemon --regid daemon --clear-groups \
		--inh-caps=-all "$XKVM_NET"' \
		run /mnt/client 'HELLO v=1' 'ADD bridge=br0' GO rest end
	is_refused acl 0 "no line of $list allows 'br0' to user root"
}

@test "no request removes the port of another" {
	local tap message

	write_list 'allow br0'
	start_holders 1 'ADD bridge=br0 vm=web'
	tap=$(taps)
	for message in "DEL if=$tap" "REMOVE if=$tap" "ADD if=$tap" \
		"ADD bridge=$tap" "ADD bridge=br0 if=$tap"; do
		run setpriv --reuid games --clear-groups --inh-caps=-all \
			/mnt/client 'HELLO v=1' "$message" GO rest end
		[[ $output == *'ERR code=proto '* || $output == *'ERR code=acl '* ]] ||
			fail "$message: $output"
	done
	[ "$(taps)" = "$tap" ]
	[[ $(ip -o link show "$tap") == *' master br0 '* ]]
	kill_holders
}

# ---- lists that are not valid ------------------------------------------------

@test "a list that others may write opens nothing" {
	write_list 'allow br0'
	chmod 0646 "$list"
	invalid "$list: others than root may write to it; 'chmod go-w $list'"
	chmod 0664 "$list"
	invalid "$list: others than root may write to it"
	chmod 0644 "$list"
	chown daemon "$list"
	invalid "$list: it belongs to user 1; 'chown root $list'"
	chown root "$list"
	chmod 0775 /etc/xkvm
	invalid "$list: others than root may write to its folder /etc/xkvm; 'chmod go-w /etc/xkvm'"
	chmod 0755 /etc/xkvm
	chown daemon /etc/xkvm
	invalid "$list: its folder /etc/xkvm belongs to user 1; 'chown root /etc/xkvm'"
	chown root /etc/xkvm
	may_use br0
}

@test "a list that its reader may not read opens nothing" {
	write_list 'allow br0'
	chmod 0600 "$list"
	invalid "$list: it is not readable to this user"
	chmod 0644 "$list"
	chmod 0700 /etc/xkvm
	invalid "$list: it is not readable to this user"
}

@test "what is no regular file opens nothing, and is not waited for" {
	write_list 'allow br0'
	mv "$list" /etc/xkvm/elsewhere
	ln -s elsewhere "$list"
	invalid "$list: it is a symbolic link, not a regular file"
	rm "$list"
	mkdir "$list"
	invalid "$list: it is a folder, not a regular file"
	rmdir "$list"
	mkfifo "$list"
	invalid "$list: it is a FIFO, not a regular file"
	rm "$list"
	mknod "$list" c 1 5
	invalid "$list: it is a device, not a regular file"
	rm -r /etc/xkvm
	mkdir /etc/xkvm-real
	ln -s xkvm-real /etc/xkvm
	printf 'allow br0\n' >/etc/xkvm/bridge.conf
	invalid "$list: its folder /etc/xkvm is a symbolic link, not a folder"
	rm -r /etc/xkvm /etc/xkvm-real
}

@test "an include is held to the same, or nothing is open" {
	local -r lab=/etc/xkvm/lab.conf

	write_list 'allow br0' "include $lab"
	invalid "$list:2: include $lab: it does not exist"
	printf 'allow br1\n' >"$lab"
	may_use br0
	may_use br1
	chmod 0666 "$lab"
	invalid "$list:2: include $lab: others than root may write to it"
	chmod 0600 "$lab"
	invalid "$list:2: include $lab: it is not readable to this user"
	rm "$lab"
	mkfifo "$lab"
	invalid "$list:2: include $lab: it is a FIFO"
	write_list 'allow br0' 'include lab.conf'
	invalid "$list:2: include lab.conf: the path must start with '/'"
	write_list 'allow br0' 'include /etc/xkvm/../xkvm/lab.conf'
	invalid "$list:2: include /etc/xkvm/../xkvm/lab.conf: the path must not go up by '..'"
	write_list 'allow br0' "include $list"
	invalid "$list:2: include $list: the file includes itself"
	mkdir -m 1777 /etc/xkvm/shared
	printf 'allow br1\n' >/etc/xkvm/shared/lab.conf
	write_list 'allow br0' 'include /etc/xkvm/shared/lab.conf'
	invalid "$list:2: include /etc/xkvm/shared/lab.conf: others than root may write to its folder /etc/xkvm/shared"
}

@test "damaged lists open nothing" {
	write_list 'allow br0'
	head -c 1048576 /dev/zero | tr '\0' x >>"$list"
	invalid "$list: it has over 65536 bytes"
	{ echo 'allow br0'; head -c 600 /dev/zero | tr '\0' '#'; echo; } >"$list"
	invalid "$list:2: the line has 600 bytes; at most 512 go"
	printf 'deny br-mgmt\nallow br0' >"$list"
	invalid "$list:2: the last line has no end"
	printf 'allow br0\r\n' >"$list"
	invalid "$list:1: there is a carriage return"
	printf 'allow br0\0\n' >"$list"
	invalid "$list:1: byte 9 of the line is the control character 0x00"
	head -c 60000 /dev/urandom >"$list"
	invalid "$list:"
}

# ---- quotas ------------------------------------------------------------------

@test "a user has no more taps on a bridge than the list says" {
	write_list 'allow br0 max=2' 'allow br1'
	start_holders 2 'ADD bridge=br0 vm=web'
	run as_daemon /mnt/client 'HELLO v=1' 'ADD bridge=br1' \
		'ADD bridge=br0' GO rest end
	[[ $output == *"ERR code=quota nic=1 msg=user daemon has 2 taps on 'br0' (xk"*' of web, xk'*" of web) and asks for 1 more; each user may have 2, by $list:1; end a guest"* ]] ||
		fail "$output"
	[ "$(taps | wc -l)" -eq 2 ]
	may_use br1
	# Others have their own.
	run setpriv --reuid games --clear-groups --inh-caps=-all /mnt/client \
		'HELLO v=1' 'ADD bridge=br0' GO recv recv COMMIT recv end
	[[ $output == *$'\nDONE\nexit 0' ]] || fail "$output"
	kill_holders
	may_use br0
	ask br0 br0 br0
	is_refused quota 2 "user daemon has 0 taps on 'br0' and asks for 3 more"
}

@test "the slot of a guest that was killed is free again" {
	write_list 'allow br0 max=2'
	start_holders 2 'ADD bridge=br0'
	kill -KILL "${holders[0]}"
	wait "${holders[0]}" || true
	until_true 5 has_taps 1
	may_use br0
	kill_holders
}

# stopped_helper: prints the pid of the one that the trace says is stopped.
stopped_helper()
{
	awk '/stopped by SIGSTOP/ { print $1; found = 1 } END { exit !found }' \
		"$BATS_TEST_TMPDIR/trace" 2>/dev/null
}

@test "a request that comes in between does not let another exceed a quota" {
	local -r told="$BATS_TEST_TMPDIR/late"
	local late

	write_list 'allow br0 max=1'
	# The late one has counted, finds room, and is about to make its tap.
	strace -f -qq -o "$BATS_TEST_TMPDIR/trace" -P /dev/net/tun \
		-e trace=openat -e inject=openat:signal=STOP:when=1 \
		"${daemon[@]}" /mnt/client 'HELLO v=1' 'ADD bridge=br0' GO recv \
		recv end >"$told" 3>&- &
	late=$!
	until_true 10 stopped_helper >"$BATS_TEST_TMPDIR/pid"
	start_holders 1 'ADD bridge=br0'
	[[ $(cat "$BATS_TEST_TMPDIR/told.1") == *$'\nDONE\n'* ]]
	kill -CONT "$(cat "$BATS_TEST_TMPDIR/pid")"
	wait "$late"
	output=$(cat "$told")
	[[ $output == *"ERR code=quota nic=0 msg=another request of user daemon at the same time has used up max=1 of $list:1 on 'br0'; try again"* ]] ||
		fail "$output"
	has_taps 1
	kill_holders
}

@test "requests at the same time do not exceed a quota" {
	local i

	write_list 'allow br0 max=3'
	for i in 1 2 3; do
		start_holders 8 'ADD bridge=br0'
		[ "$(taps | wc -l)" -le 3 ]
		[ "$(cat "$BATS_TEST_TMPDIR"/told.* | grep -c '^OK ')" -le 3 ]
		[ "$(cat "$BATS_TEST_TMPDIR"/told.* |
			grep -cE '^(OK|ERR code=quota nic=0) ')" -eq 8 ]
		kill_holders
	done
	# Where there is room for all, none is refused.
	start_holders 3 'ADD bridge=br0'
	has_taps 3
	kill_holders
}

# ---- VLANs, and bridges of Open vSwitch --------------------------------------

@test "a port is asked for with its VLAN, or counts for all of them" {
	write_list 'allow br0 vlan=7'
	ask br0
	is_refused acl 0 "no line of $list allows 'br0' to user daemon"
	ask 'br0 vlan=8'
	is_refused acl 0 "no line of $list allows 'br0' vlan=8 to user daemon"
	ask 'br0 vlan=7 trunks=7'
	is_refused acl 0 "no line of $list allows 'br0' to user daemon"
	# Now it is the bridge that has a say.
	ask 'br0 vlan=7'
	is_refused option 0 "the bridge 'br0' heeds no VLANs"
}

# ---- names of taps -----------------------------------------------------------

# gets_name NAME: daemon gets a tap of this name on br0, and gives it back.
gets_name()
{
	run as_daemon /mnt/client 'HELLO v=1' "ADD bridge=br0 tap=$1" GO recv \
		recv shut end
	[[ $output == *$'\n'"OK if=$1 "* ]] || fail "not $1: $output"
}

@test "a name of one's own is open by the list alone" {
	write_list 'allow br0'
	ask 'br0 tap=web0'
	is_refused acl 0 "no line of $list allows 'br0' tap=web0 to user daemon; an administrator can add the line 'allow br0 user:daemon tap=web0'"
	write_list 'allow br0' 'allow br1 tap=web*' 'allow br0 user:bin tap=web*' \
		'allow br0 tap=db:we'
	ask 'br0 tap=web0'
	is_refused acl 0 "'br0' tap=web0"
	write_list 'allow br0 user:daemon tap=db:web*'
	for name in db web web0 web-x.y_z; do
		gets_name "$name"
	done
	for name in db0 we Web0; do
		ask "br0 tap=$name"
		is_refused acl 0 "tap=$name"
	done
	may_use br0
	# A name that is not open says nothing about who has it.
	ip link add eth7 type bridge
	ask 'br0 tap=eth7'
	is_refused acl 0 "tap=eth7"
}

@test "a name that the list denies is denied, whatever allows it" {
	write_list 'deny all tap=eth*' 'allow br0 tap=e*'
	ask 'br0 tap=eth9'
	is_refused acl 0 "'br0' is denied to user daemon by $list:1"
	gets_name ens9
	may_use br0
}

@test "net check says which names a line opens" {
	write_list 'allow br0 user:daemon tap=db:web*' 'allow br1'
	run as_daemon /mnt/xkvm net check
	[[ $output == *"br0 "*"$list:1, tap=db:web*"$'\n'* ]] || fail "$output"
	[[ $output == *"br1 "*"$list:2"$'\n'* ]] || fail "$output"
}

# start_switch: Open vSwitch where xkvm-net looks for it, with the bridge ovs0;
# and an xkvm-net that may speak to it, whoever starts it.
start_switch()
{
	"$BATS_TEST_DIRNAME/ovs-lab" get "$programs" ||
		skip 'needs Open vSwitch, and cannot get it'
	mount -t tmpfs tmpfs /run
	mkdir /run/openvswitch
	lab start
	lab bridge ovs0
	install -m 4755 "$XKVM_NET" /mnt/net/xkvm-net-of-root
	export XKVM_NET=/mnt/net/xkvm-net-of-root
}

stop_switch()
{
	[ -d /run/openvswitch ] || return 0
	"$BATS_TEST_DIRNAME/ovs-lab" stop /run/openvswitch
	umount /run
}

lab()
{
	local command=$1

	shift
	"$BATS_TEST_DIRNAME/ovs-lab" "$command" "$programs" /run/openvswitch \
		"$@" 3>&-
}

has_ports()
{
	[[ $(lab vsctl --no-wait list-ports ovs0 | wc -l) -eq $1 ]]
}

@test "the list is asked about Open vSwitch's bridges, too" {
	start_switch
	write_list 'allow br0' 'allow ovs0 vlan=7'
	ask 'ovs0 vlan=8' # it opens br0 without that
	is_refused acl 0 "no line of $list allows 'ovs0' vlan=8 to user daemon"
	ask 'br0' 'ovs0 type=ovs'
	is_refused acl 1 "no line of $list allows 'ovs0' to user daemon"
	ask 'ovs0 vlan=7 trunks=8'
	is_refused acl 0 "no line of $list allows 'ovs0' to user daemon"
	has_ports 0
	may_use 'ovs0 vlan=7'
	until_true 5 has_ports 0
	# A client that may not use it does not learn whether it is there.
	ask ovs1
	is_refused acl 0 "no line of $list allows 'ovs1' to user daemon"
}

@test "a quota holds on a bridge of Open vSwitch" {
	start_switch
	write_list 'allow ovs0 max=2' 'allow br0 max=1'
	start_holders 2 'ADD bridge=ovs0 vm=web'
	ask br0 ovs0
	[[ $output == *"ERR code=quota nic=1 msg=user daemon has 2 taps on 'ovs0' (xk"*' of web, xk'*" of web) and asks for 1 more; each user may have 2, by $list:1; end a guest"* ]] ||
		fail "$output"
	has_ports 2
	may_use br0
	kill_holders
	until_true 5 has_ports 0
	may_use ovs0
	ask ovs0 ovs0 ovs0
	is_refused quota 2 "user daemon has 0 taps on 'ovs0' and asks for 3 more"
}

@test "a row of a tap that is no more does not fill a quota" {
	start_switch
	write_list 'allow ovs0 max=1'
	lab vsctl --no-wait add-port ovs0 xk0123456789 -- set Interface \
		xk0123456789 external_ids:xkvm-uid="$(id -u daemon)" \
		external_ids:xkvm-bridge=ovs0 external_ids:xkvm-ifindex=4711
	may_use ovs0
}

@test "a request that comes in between does not exceed one on Open vSwitch" {
	local -r told="$BATS_TEST_TMPDIR/late"
	local late

	start_switch
	write_list 'allow ovs0 max=1'
	strace -f -qq -u daemon -o "$BATS_TEST_TMPDIR/trace" -P /dev/net/tun \
		-e trace=openat -e inject=openat:signal=STOP:when=1 \
		/mnt/client 'HELLO v=1' 'ADD bridge=ovs0' GO recv \
		recv end >"$told" 3>&- &
	late=$!
	until_true 10 stopped_helper >"$BATS_TEST_TMPDIR/pid"
	start_holders 1 'ADD bridge=ovs0'
	[[ $(cat "$BATS_TEST_TMPDIR/told.1") == *$'\nDONE\n'* ]]
	kill -CONT "$(cat "$BATS_TEST_TMPDIR/pid")"
	wait "$late"
	output=$(cat "$told")
	[[ $output == *"ERR code=quota nic=0 msg=another request of user daemon at the same time has used up max=1 of $list:1 on 'ovs0'; try again"* ]] ||
		fail "$output"
	has_taps 1
	until_true 5 has_ports 1
	kill_holders
}

@test "a file capability does not reach Open vSwitch, and that is told" {
	start_switch
	export XKVM_NET=/mnt/net/xkvm-net
	write_list 'allow br0' 'allow ovs0'
	chmod 0750 /run/openvswitch/db.sock
	may_use br0
	ask ovs0
	is_refused denied 0 'this user may not speak to Open vSwitch at'
	[[ $output == *'it takes root, or the service of xkvm-net'* ]]
}

@test "the guardian deletes a tap that its holder made persistent" {
	local guardian

	write_list 'allow br0'
	run as_daemon /mnt/client 'HELLO v=1' 'ADD bridge=br0' GO recv recv \
		COMMIT recv persist end
	[[ $output == *$'\nDONE\nexit 0' ]] || fail "$output"
	until_true 5 has_taps 0
	# Until then it has the privilege, and not in effect.
	start_holders 1 'ADD bridge=br0'
	guardian=$(grep -lx xkvm-guardian /proc/[0-9]*/comm | sed 's/[^0-9]//g')
	grep -qx $'CapPrm:\t0000000000001000' "/proc/$guardian/status"
	grep -qx $'CapEff:\t0000000000000000' "/proc/$guardian/status"
	kill_holders
}

# ---- the privilege -----------------------------------------------------------

@test "it keeps CAP_NET_ADMIN alone, and in effect only where it is needed" {
	local helper user

	for user in daemon root; do
		mkfifo "$BATS_TEST_TMPDIR/hold.$user"
		setpriv --reuid "$user" --clear-groups --inh-caps=-all \
			/mnt/client 'HELLO v=1' recv pause \
			<"$BATS_TEST_TMPDIR/hold.$user" \
			>"$BATS_TEST_TMPDIR/told.$user" 3>&- &
		exec {hold}>"$BATS_TEST_TMPDIR/hold.$user"
		until_true 5 grep -q paused "$BATS_TEST_TMPDIR/told.$user"
		helper=$(child_of "$!")
		output=$(cat "/proc/$helper/status")
		[[ $output == *$'CapInh:\t0000000000000000\nCapPrm:\t0000000000001000\nCapEff:\t0000000000000000\n'*$'CapAmb:\t0000000000000000'* ]] ||
			fail "$user: $output"
		exec {hold}>&-
		wait "$!"
	done
}

@test "each thing that takes the file capability away is named" {
	local -r none='exec setpriv --no-new-privs "$XKVM_NET"'

	write_list 'allow br0'
	XKVM_NET_RUN=$none ask br0
	is_refused denied 0 'no_new_privs is set, under which the file capability of /mnt/net/xkvm-net has no effect'

	mkdir -p /mnt/nosuid
	mount -t tmpfs -o mode=0755,nosuid,exec tmpfs /mnt/nosuid
	cp /mnt/net/xkvm-net /mnt/nosuid
	setcap cap_net_admin+p /mnt/nosuid/xkvm-net
	XKVM_NET=/mnt/nosuid/xkvm-net ask br0
	is_refused denied 0 'mount -o remount,suid "$(findmnt -no TARGET -T /mnt/nosuid/xkvm-net)"'
	eval "mount -o remount,suid \"\$(findmnt -no TARGET -T /mnt/nosuid/xkvm-net)\""
	XKVM_NET=/mnt/nosuid/xkvm-net may_use br0
	umount /mnt/nosuid

	XKVM_NET_RUN='exec unshare -Ur "$XKVM_NET"' ask br0
	is_refused denied 0 'which belongs to another user namespace'
	XKVM_NET_RUN='exec unshare -U "$XKVM_NET"' ask br0
	is_refused acl 0 "/ belongs to nobody that this user namespace knows; start outside of it, or in one that owns its network ('unshare -Urn')"

	run setpriv --bounding-set=-net_admin --reuid daemon --clear-groups \
		--inh-caps=-all /mnt/client 'HELLO v=1' 'ADD bridge=br0' GO \
		rest end
	is_refused denied 0 'the capability bounding set of this process lacks CAP_NET_ADMIN'

	XKVM_NET_RUN='exec strace -qq -o /dev/null "$XKVM_NET"' ask br0
	is_refused denied 0 'traces this one'

	run as_daemon sh -c 'exec setpriv --no-new-privs /mnt/xkvm -q \
		--accel tcg -n br0 --kvm /bin/true'
	[ "$status" -eq 125 ]
	[[ $output == *'no_new_privs is set'* ]]
}

@test "fault 31: the environment of its starter is no way in" {
	local evil=/mnt/home/evil

	write_list 'allow br0' 'allow ovs0'
	mkdir -m 0777 "$evil"
	socat -u "UNIX-LISTEN:$evil/db.sock,fork" "CREATE:$evil/asked" 3>&- &
	until_true 5 test -S "$evil/db.sock"
	chmod 0777 "$evil/db.sock"
	# What a program without the file capability makes of it.
	as_daemon env LD_DEBUG=all "LD_DEBUG_OUTPUT=$evil/control" /bin/true
	[[ $(echo "$evil"/control.*) != *'*' ]]
	export XKVM_NET_RUN="export LD_DEBUG=all LD_DEBUG_OUTPUT=$evil/debug \
		LD_LIBRARY_PATH=$evil LD_PRELOAD=$evil/none.so IFS=/ LANG=../x \
		PATH=. OVS_RUNDIR=$evil OVS_DBDIR=$evil OVS_SYSCONFDIR=$evil \
		HOME=$evil TMPDIR=$evil BASH_ENV=$evil/env; exec \"\$XKVM_NET\""
	may_use br0
	run as_daemon /mnt/client 'HELLO v=1' 'ADD bridge=ovs0 type=ovs' GO rest \
		end
	is_refused noovs 0 ''
	unset XKVM_NET_RUN
	# shellcheck disable=SC2144 # there is none, or the test fails
	[[ ! -e $evil/asked && $(echo "$evil"/debug*) == *'*' ]] || fail "$(ls "$evil")"
	kill "$!"
}

@test "closed descriptors and low limits are no way in" {
	local limits

	write_list 'allow br0'
	run as_daemon sh -c '"$XKVM_NET" <&- >&- 2>&-'
	[ "$status" -eq 2 ]
	XKVM_NET_RUN='exec "$XKVM_NET" >&- 2>&-' may_use br0
	for limits in 'ulimit -u 1' 'ulimit -f 0' 'umask 777' \
		'mkdir /mnt/home/cwd; cd /mnt/home/cwd; rmdir /mnt/home/cwd'; do
		XKVM_NET_RUN="$limits; exec \"\$XKVM_NET\"" may_use br0
	done
	for limits in 4 5; do
		XKVM_NET_RUN="exec 3>&-; ulimit -n $limits; exec \"\$XKVM_NET\"" \
			ask br0 br0
		[[ $output == *$'\nERR code='*$'\neof\nexit 1' ]] ||
			fail "$limits: $output"
		no_taps
	done
}

# ---- checking a list ---------------------------------------------------------

@test "check says which bridges are open to whom, and by which line" {
	write_list 'allow br0 max=2' 'allow br1 group:games vlan=5-7:9' \
		'deny br-mgmt'
	start_holders 1 'ADD bridge=br0'
	run as_daemon "$XKVM_NET" --check
	[ "$status" -eq 0 ]
	[ "$output" = "$list: valid, 3 rules in 1 file
For user daemon:
br0              open    $list:1, 1 of max=2 in use
br1              closed  no line allows it
br-mgmt          denied  $list:3" ] || fail "$output"
	kill_holders
	run as_daemon "$XKVM_NET" --check --user games
	[ "$status" -eq 0 ]
	[ "$output" = "$list: valid, 3 rules in 1 file
For user games:
br0              open    $list:1, 0 of max=2 in use
br1              closed  no line allows it
br1              open   for vlan=5-7  $list:2
br1              open   for vlan=9  $list:2
br-mgmt          denied  $list:3" ] || fail "$output"
	run "$XKVM_NET" --check
	[ "$output" = "$list: valid, 3 rules in 1 file
root may use each bridge." ]
}

@test "check shows each mistake of a list, and of a draft" {
	write_list 'allow br0 grop:x user:nix' 'alow br1'
	run as_daemon "$XKVM_NET" --check
	[ "$status" -eq 1 ]
	[ "$output" = "$list:1: 'grop:x' is not known; after the bridge go user:NAME, group:NAME, max=N, vlan=A-B and tap=NAME
$list:1: there is no user 'nix'; correct the name, or take the line away
$list:2: 'alow' is not known; a line begins with allow, deny or include
As long as this is so, no bridge is open to anybody but root." ] ||
		fail "$output"
	cd /mnt/home
	printf 'allow br0\nallow\n' >draft
	chown daemon draft
	run as_daemon "$XKVM_NET" --check draft
	[ "$status" -eq 1 ]
	[[ $output == "/mnt/home/draft: its folder /mnt/home belongs to user 1;"*"
/mnt/home/draft:2: which bridge? write its name, or the word 'all'"* ]] ||
		fail "$output"
	rm "$list"
	run as_daemon "$XKVM_NET" --check
	[ "$status" -eq 1 ]
	[[ $output == 'there is no access list;'* ]]
}

@test "check does not show what not everybody may read" {
	run "$XKVM_NET" --check /etc/shadow
	[ "$status" -eq 1 ]
	[[ $output == *"/etc/shadow:1: '...' is not known"* ]]
	[[ $output != *root:* ]]
	run as_daemon "$XKVM_NET" --check /etc/shadow
	[ "$status" -eq 1 ]
	[[ $output == '/etc/shadow: it is not readable to this user;'* ]]
}

@test "xkvm net check is the same for a person" {
	write_list 'allow br0' 'deny br-mgmt'
	run as_daemon /mnt/xkvm net check
	[ "$status" -eq 0 ]
	[ "$output" = "$(as_daemon "$XKVM_NET" --check)" ]
	[[ $output == *'For user daemon:'*"br-mgmt          denied  $list:2"* ]]
	run as_daemon /mnt/xkvm net check --user games
	[ "$status" -eq 0 ]
	[[ $output == *'For user games:'* ]]
	cd /mnt/home
	echo 'allow' >-draft
	run /mnt/xkvm net check -- -draft
	[ "$status" -eq 1 ]
	[[ $output == *"-draft:1: which bridge?"* ]] || fail "$output"
	run /mnt/xkvm net check --user nix
	[ "$status" -eq 2 ]
	run /mnt/xkvm net check a b
	[ "$status" -eq 2 ]
	[ "$output" = "xkvm: net check takes one file; 'b' is one more" ]
	run /mnt/xkvm net check --user=
	[ "$status" -eq 2 ]
	run /mnt/xkvm net check ''
	[ "$status" -eq 2 ]
	run /mnt/xkvm net
	[ "$status" -eq 2 ]
	[ "$output" = 'xkvm: net needs a mode: the mode is check' ]
	run /mnt/xkvm net --help
	[ "$status" -eq 0 ]
	[[ $output == 'usage: xkvm net check '* ]]
}

@test "check refuses what it does not know" {
	run "$XKVM_NET" --check --user nix
	[ "$status" -eq 2 ]
	[ "$output" = "xkvm-net: there is no user 'nix'" ]
	run "$XKVM_NET" --check --user
	[ "$status" -eq 2 ]
	run "$XKVM_NET" --check --fix
	[ "$status" -eq 2 ]
	[[ $output == "xkvm-net: --check does not know '--fix';"* ]]
	run "$XKVM_NET" --check a b
	[ "$status" -eq 2 ]
	[ "$output" = "xkvm-net: --check takes one file; 'b' is one more" ]
	write_list 'allow br0'
	run sh -c '"$XKVM_NET" --check >/dev/full'
	[ "$status" -eq 2 ]
	[[ $output == *'No space left on device' ]]
}
