#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
#
# The ways by which ordinary users come to their taps: an xkvm-net with the file
# capability, the real sudo, real socket activation, and QEMU's real bridge
# helper. The user is "daemon", whom every Debian has.

bats_require_minimum_version 1.5.0

load lib

XKVM_NET=${XKVM_NET:-$top/build/net/xkvm-net}
net=/mnt/net/xkvm-net
list=/etc/xkvm/bridge.conf
socket=/run/xkvm/net.socket
qemu_helper=/usr/lib/qemu/qemu-bridge-helper
ordinary=(setpriv --reuid daemon --regid daemon --init-groups --inh-caps=-all)
daemon=("${ordinary[@]}")

# This file has a mount namespace of its own. In it /etc is a copy, /run is
# empty, and /mnt has the programs, where everybody may start them and
# privileges count.
setup_file()
{
	# Then each test says why it is skipped: this is no place for it.
	can_run || return 0
	mount -t tmpfs -o mode=0755,suid,exec tmpfs /mnt
	mount -t tmpfs -o mode=0755 tmpfs /run
	cp -a /etc /mnt/etc
	mount --bind /mnt/etc /etc
	echo 'daemon:secret' | chpasswd
	mkdir /mnt/net /mnt/home
	chown daemon /mnt/home
	install -m 0755 "$XKVM" /mnt/xkvm
	cat >/mnt/qemu <<-'END'
		#!/bin/sh
		# Says which taps there are, on which bridge, and whose.
		ip -d -o link show type tun |
			sed -nE 's/.* master ([^ ]+) .*\\    alias (.*)/\1: \2/p;
				/\\    alias /!s/.* master ([^ ]+) .*/\1: no tag/p'
	END
	printf '#!/bin/sh\nexec sleep 60\n' >/mnt/qemu-waits
	# Before that, sudo loses a signal.
	cat >/mnt/until-sudo-reads <<-'END'
		#!/bin/sh
		until grep -q '^[^)]*) S ' "/proc/$(pgrep -nx sudo)/stat"; do
			sleep 0.1
		done
	END
	chmod 0755 /mnt/qemu /mnt/qemu-waits /mnt/until-sudo-reads
}

can_run()
{
	command -v setcap >/dev/null && command -v sudo >/dev/null &&
		"${daemon[@]}" true 2>/dev/null
}

setup()
{
	prepare_test
	can_run || skip 'needs root, setcap and sudo'
	make_bridge br0
	make_bridge br1
	make_bridge br-mgmt
	rm -rf /etc/xkvm /etc/qemu /run/xkvm /run/sudo /run/systemd \
		/etc/sudoers.d/xkvm /etc/systemd/system/xkvm-net* \
		/etc/systemd/system/sockets.target.wants/xkvm*
	mkdir /etc/xkvm /etc/qemu
	printf '%s\n' '# the lab' 'allow br0 max=1' 'deny br-mgmt' >"$list"
	# A fresh file: without a capability, and everybody's.
	rm -f "$net"
	install -m 0755 "$XKVM_NET" "$net"
	cd /mnt/home || return
}

teardown()
{
	finish_test
	if mountpoint -q "$qemu_helper"; then
		umount "$qemu_helper"
	fi
}

# ---- helpers -----------------------------------------------------------------

# boots ARGUMENT...: daemon has a guest, of which the taps are in $output.
boots()
{
	run "${daemon[@]}" /mnt/xkvm -q --accel tcg --kvm /mnt/qemu "$@" </dev/null
	[[ $status -eq 0 ]] || fail "'$*' ended with $status: $output"
}

# is_refused TEXT ARGUMENT...: daemon has none, the message has TEXT, and no tap
# is left.
is_refused()
{
	local text=$1

	shift
	run "${daemon[@]}" /mnt/xkvm -q --accel tcg --kvm /mnt/qemu "$@" </dev/null
	[[ $status -eq 125 ]] || fail "'$*' ended with $status: $output"
	[[ $output == *"$text"* ]] || fail "'$*' did not say '$text': $output"
	no_taps
}

# start_waiting ARGUMENT...: a guest of daemon's that waits; xkvm is $waiting.
start_waiting()
{
	"${daemon[@]}" /mnt/xkvm -q --accel tcg --kvm /mnt/qemu-waits "$@" \
		</dev/null 3>&- &
	waiting=$!
	until_true 10 has_tap_on_br0
}

has_tap_on_br0()
{
	ip -d -o link show type tun | grep -q " master br0 .* alias xkvm uid="
}

no_taps()
{
	[[ -z $(ip -o link show type tun) ]] || fail "$(ip -o link show type tun)"
}

has_tap_of_daemon()
{
	[[ $output == "br0: xkvm uid=$(id -u daemon) mac="* ]] ||
		fail "no tap of daemon's on br0: $output"
}

# may_sudo [TAG]: daemon may run xkvm-net by sudo. With NOPASSWD: unasked.
may_sudo()
{
	local line

	printf 'daemon ALL=(root) %s %s ""\n' "${1-}" "$net" \
		>/etc/sudoers.d/xkvm
	for line in "${@:2}"; do
		printf 'Defaults %s\n' "$line" >>/etc/sudoers.d/xkvm
	done
	chmod 0440 /etc/sudoers.d/xkvm
}

# The service, as systemd would start it; daemon's group may connect.
start_service()
{
	mkdir -p /run/xkvm
	systemd-socket-activate --seqpacket --accept --inetd -l "$socket" \
		"$net" >"$BATS_TEST_TMPDIR/service" 2>&1 3>&- &
	service=$!
	until_true 10 test -S "$socket"
	chgrp daemon "$socket"
	chmod 0660 "$socket"
}

# How many xkvm-net the service has started.
services_started()
{
	grep -c 'Spawned' "$BATS_TEST_TMPDIR/service" || true
}

# A copy of QEMU's helper that is setuid root, in the place of the real one.
install_qemu_helper()
{
	[[ -e $qemu_helper ]] || skip "needs $qemu_helper"
	cp "$qemu_helper" /mnt/qemu-bridge-helper
	chmod 4755 /mnt/qemu-bridge-helper
	mount --bind /mnt/qemu-bridge-helper "$qemu_helper"
	printf '%s\n' "$@" >/etc/qemu/bridge.conf
}

# on_terminal ARGUMENT...: daemon starts xkvm on a terminal; the steps are read.
on_terminal()
{
	run "$top/tests/system/on-terminal" "${daemon[@]}" /mnt/xkvm -q \
		--accel tcg --kvm /mnt/qemu "$@" 3>&-
}

# ---- directly ----------------------------------------------------------------

@test "directly: an xkvm-net with the file capability makes the taps" {
	setcap cap_net_admin+p "$net"
	boots -n br0
	has_tap_of_daemon
	is_refused "'br-mgmt' is denied to user daemon by $list:3" -n br-mgmt
	no_taps
}

@test "nothing is set up: the message says so, and what mends it" {
	chmod 0750 "$net"
	# daemon may not run sudo, either.
	is_refused 'user daemon may not use /mnt/net/xkvm-net; as root, once: xkvm setup --apply; by sudo: sudo: a password is required' \
		-n br0
	chmod 0755 "$net"
	is_refused "$net has no file capability, and no service listens on $socket; as root, once: xkvm setup --apply" \
		-n br0
	is_refused 'as root: setcap cap_net_admin+p /mnt/net/xkvm-net' \
		--helper direct -n br0
}

@test "no_new_privs, nosuid and a bounded set are told apart" {
	setcap cap_net_admin+p "$net"
	daemon+=(--no-new-privs sh -c '"$@"' sh)
	is_refused "no_new_privs is set for this process, so $net gains no privilege" \
		-n br0
	daemon=("${ordinary[@]}" --bounding-set=-net_admin)
	is_refused 'the capability bounding set of this process lacks CAP_NET_ADMIN' \
		-n br0
	daemon=("${ordinary[@]}" unshare -Ur)
	is_refused "in this user namespace $net gains no privilege" -n br0
	daemon=("${ordinary[@]}")
	mkdir /mnt/nosuid
	mount -t tmpfs -o mode=0755,nosuid,exec tmpfs /mnt/nosuid
	cp --archive /mnt/xkvm /mnt/net /mnt/nosuid
	setcap cap_net_admin+p /mnt/nosuid/net/xkvm-net
	run "${daemon[@]}" /mnt/nosuid/xkvm -q --accel tcg --kvm /mnt/qemu -n br0
	umount /mnt/nosuid
	rmdir /mnt/nosuid
	[[ $output == *'/mnt/nosuid/net/xkvm-net is on a file system mounted nosuid'* ]] ||
		fail "$output"
}

# ---- sudo --------------------------------------------------------------------

@test "sudo: without a terminal it is not asked for a password" {
	may_sudo NOPASSWD:
	boots -n br0
	has_tap_of_daemon
	boots --helper sudo -n br0
	has_tap_of_daemon
	may_sudo
	is_refused 'by sudo: sudo: a password is required' -n br0
	is_refused 'xkvm: sudo: a password is required' --helper sudo -n br0
}

@test "sudo: the access list holds for who called it" {
	may_sudo NOPASSWD:
	is_refused "'br-mgmt' is denied to user daemon by $list:3" -n br-mgmt
	is_refused "no line of $list allows 'br1' to user daemon" --helper sudo -n br1
}

@test "sudo: with a pseudo-terminal of its own, and what it cannot do" {
	may_sudo NOPASSWD: use_pty
	boots -n br0
	has_tap_of_daemon
	# With log_input there is a pipe between.
	may_sudo NOPASSWD: log_input iolog_dir=/run/log
	is_refused "sudo's log_input is in between: turn it off" -n br0
}

@test "sudo: the password is asked for once, and the guest has the terminal" {
	may_sudo '' use_pty
	cat >/mnt/qemu-on-terminal <<-'END'
		#!/bin/sh
		/mnt/qemu
		stty -a | grep -qw icanon && echo "it is sane"
		read -r line && echo "guest: $line"
	END
	chmod 0755 /mnt/qemu-on-terminal
	# The person takes longer than xkvm-net may.
	on_terminal -n br0 --kvm /mnt/qemu-on-terminal <<-'END'
		expect \[sudo\] password for daemon, to make taps for xkvm: 
		do sleep 16
		type secret\r
		expect br0: xkvm uid=
		expect it is sane
		type hello\r
		expect guest: hello
		end
	END
	[[ $status -eq 0 ]] || fail "$output"
	no_taps
}

@test "sudo: wrong passwords, and Ctrl-C at the prompt" {
	may_sudo '' passwd_tries=2
	on_terminal -n br0 <<-'END'
		expect password for daemon
		type wrong\r
		expect password for daemon
		type wrong\r
		expect 2 incorrect password attempts
		expect by sudo: sudo did not get xkvm-net to answer
		end
	END
	[[ $status -eq 125 ]] || fail "$output"
	on_terminal -n br0 <<-'END'
		expect password for daemon
		do /mnt/until-sudo-reads
		type \x03
		end
	END
	[[ $status -eq 130 ]] || fail "$status: $output"
	no_taps
}

@test "sudo: Ctrl-Z at the prompt stops all, and fg goes on" {
	may_sudo ''
	cat >/mnt/job <<-'END'
		set -m
		/mnt/xkvm -q --accel tcg --kvm /mnt/qemu -n br0
		echo "is stopped"
		stty -a | grep -qw echo && echo "it is sane"
		fg
		echo "status $?"
	END
	run "$top/tests/system/on-terminal" "${daemon[@]}" bash --norc /mnt/job \
		3>&- <<-'END'
		expect password for daemon
		do /mnt/until-sudo-reads
		type \x1a
		expect is stopped
		expect it is sane
		expect password for daemon
		type secret\r
		expect br0: xkvm uid=
		expect status 0
		end
	END
	[[ $status -eq 0 ]] || fail "$output"
	no_taps
}

@test "sudo is not offered what is not root's, unless it is asked for" {
	may_sudo NOPASSWD:
	chown daemon "$net"
	is_refused 'has no file capability' -n br0
	[[ $output != *sudo:* ]] || fail "$output"
	boots --helper sudo -n br0
	has_tap_of_daemon
}

# ---- the service -------------------------------------------------------------

@test "the service makes taps for its group" {
	require_command systemd-socket-activate
	start_service
	boots -n br0
	has_tap_of_daemon
	[ "$(services_started)" -eq 1 ]
	is_refused "'br-mgmt' is denied to user daemon by $list:3" -n br-mgmt
	boots --helper socket -n br0
	has_tap_of_daemon
	XKVM_NET_SOCKET=/nowhere is_refused 'no xkvm-net listens on /nowhere' \
		--helper socket -n br0
}

@test "the service serves those who can gain no privilege" {
	require_command systemd-socket-activate
	start_service
	# (setpriv as root would keep what it has.)
	daemon+=(setpriv --no-new-privs)
	boots -n br0
	has_tap_of_daemon
	daemon=("${ordinary[@]}" --bounding-set=-all)
	boots -n br0
	has_tap_of_daemon
	daemon=("${ordinary[@]}" unshare -Ur)
	boots -n br0
	has_tap_of_daemon
}

@test "the service serves a container, for whom the bridge is not there" {
	require_command systemd-socket-activate
	start_service
	# daemon in a network namespace of its own.
	daemon+=(unshare -Urn)
	start_waiting -n br0
	kill "$waiting"
	wait "$waiting" || true
	is_refused "there is no bridge 'nix' here, and where xkvm-net's service runs: no line of $list allows 'nix'" \
		-n nix
	is_refused "there is no bridge 'br0'" --helper direct -n br0
}

@test "who is not in the group is told, and how to come in" {
	require_command systemd-socket-activate
	start_service
	groupadd --system xkvm
	chgrp xkvm "$socket"
	is_refused "user daemon is not in the group xkvm, to which $socket is open; as root: usermod -aG xkvm daemon, then log in again" \
		-n br0
	daemon=(setpriv --reuid daemon --regid daemon --groups daemon
		--inh-caps=-all)
	usermod -aG xkvm daemon
	is_refused 'but this login is older than that; log in again' -n br0
	daemon=("${ordinary[@]}")
	boots -n br0
	has_tap_of_daemon
	groupdel xkvm
}

@test "a service that is gone makes room for the next way" {
	require_command systemd-socket-activate
	start_service
	kill "$service"
	wait "$service" || true
	[ -S "$socket" ]
	is_refused "no xkvm-net listens on $socket (Connection refused); as root: systemctl restart xkvm-net.socket" \
		--helper socket -n br0
	may_sudo NOPASSWD:
	boots -n br0
	has_tap_of_daemon
}

@test "the taps of the service are counted, and end with the guest" {
	require_command systemd-socket-activate
	start_service
	start_waiting -n br0
	run "${daemon[@]}" /mnt/xkvm -q --accel tcg --kvm /mnt/qemu -n br0
	[ "$status" -eq 125 ]
	[[ $output == *"user daemon has 1 tap on 'br0'"* ]] || fail "$output"
	kill -KILL "$waiting"
	wait "$waiting" || true
	until_true 5 no_taps
	boots -n br0
}

# ---- QEMU's bridge helper ----------------------------------------------------

@test "QEMU's bridge helper, where only that is set up" {
	install_qemu_helper 'allow br0'
	boots -n br0
	[[ $output == 'br0: no tag' ]] || fail "$output"
	run "${daemon[@]}" /mnt/xkvm --accel tcg --kvm /bin/true -n br0
	[[ $output == *"note: QEMU's bridge helper makes the taps"* ]] ||
		fail "$output"
	is_refused "by QEMU's bridge helper: $qemu_helper: access denied by acl file" \
		-n br1
	is_refused 'has no file capability' -n br0,mtu=1400
	no_taps
	run "${daemon[@]}" /mnt/xkvm -q --accel tcg --helper qemu -n br0,mtu=1400
	[ "$status" -eq 2 ]
	[[ $output == *"net00 says 'mtu', which QEMU's bridge helper does not know"* ]]
}

@test "QEMU's bridge helper: one NIC that is refused takes all with it" {
	install_qemu_helper 'allow br0'
	is_refused "net01 on bridge 'br1'" --helper qemu -n br0 -n br1
	boots --helper qemu -n br0 -n br0,mac=:02
	[[ $output == $'br0: no tag\nbr0: no tag' ]] || fail "$output"
	no_taps
}

@test "a guest is reached through QEMU's bridge helper" {
	install_qemu_helper 'allow br0'
	ip address add 192.0.2.1/24 dev br0
	oracle_before
	guest_script <<-'END'
		nic_up eth0 192.0.2.2/24
		can_ping 192.0.2.1
	END
	install -m 0644 "$guest_initrd" "$XKVM_GUEST/kernel" /mnt/home
	guest_initrd=/mnt/home/initrd
	printf '#!/bin/sh\nexec %s /mnt/xkvm "$@"\n' "${daemon[*]}" \
		>/mnt/xkvm-of-daemon
	chmod 0755 /mnt/xkvm-of-daemon
	XKVM=/mnt/xkvm-of-daemon boot_guest --netdev br0 -- \
		-kernel /mnt/home/kernel
	[ "$guest_status" -eq 0 ]
	guest_said 'exit 0'
	rm /mnt/home/initrd /mnt/home/kernel
	oracle_after
}

# ---- garbage -----------------------------------------------------------------

# leave_tap USER: what is left of a guest of that user's.
leave_tap()
{
	ip tuntap add dev left0 mode tap
	ip link set left0 alias "xkvm uid=$(id -u "$1")"
}

# collects TEXT ARGUMENT...: daemon's gc says just that.
collects()
{
	local text=$1

	shift
	run "${daemon[@]}" /mnt/xkvm gc "$@" </dev/null
	[[ $status -eq 0 ]] || fail "gc '$*' ended with $status: $output"
	[[ $output == "$text" ]] || fail "gc '$*' said: $output"
}

@test "gc takes the ways of taps, and removes no more than by any other" {
	require_command systemd-socket-activate
	start_service
	leave_tap daemon
	collects 'removed tap left0'
	[ "$(services_started)" -eq 1 ]
	no_taps
	leave_tap root
	collects '' --helper socket
	[ -e /sys/class/net/left0 ]
	ip link delete left0
	kill "$service"
	wait "$service" || true
	# What cannot be had by itself, sudo does.
	may_sudo NOPASSWD:
	leave_tap daemon
	run "${daemon[@]}" /mnt/xkvm gc --helper direct
	[ "$status" -eq 125 ]
	collects 'would remove tap left0' --dry-run
	[ ! -e /run/sudo ]
	collects 'removed tap left0'
	no_taps
	run "${daemon[@]}" /mnt/xkvm gc --helper qemu
	[ "$status" -eq 2 ]
}

# ---- a dry run ---------------------------------------------------------------

@test "a dry run shows the ways, and takes none" {
	require_command systemd-socket-activate
	start_service
	may_sudo NOPASSWD:
	setcap cap_net_admin+p "$net"
	run --separate-stderr "${daemon[@]}" /mnt/xkvm --accel tcg \
		--kvm /bin/true -n br0 --dry-run=json
	[ "$(jq -c '[.helper.ways[].way]' <<<"$output")" = \
		'["direct","socket","sudo"]' ] || fail "$output"
	[ "$(jq -r '.helper.ways[1].path' <<<"$output")" = "$socket" ]
	[ "$(services_started)" -eq 0 ]
	run "${daemon[@]}" /mnt/xkvm --accel tcg --kvm /bin/true -n br0 --dry-run
	[[ $output == *"taps: made by $net, else by the service on $socket, else by sudo and $net"* ]] ||
		fail "$output"
	[ ! -e /run/sudo ]
}

# ---- setting it up -----------------------------------------------------------

@test "setup shows what is missing, and changes nothing" {
	find /etc /mnt -printf '%p %m %g %s\n' | sort >"$BATS_TEST_TMPDIR/before"
	run "${daemon[@]}" /mnt/xkvm setup --user daemon --bridge br1
	[ "$status" -eq 0 ]
	find /etc /mnt -printf '%p %m %g %s\n' | sort |
		cmp - "$BATS_TEST_TMPDIR/before"
	for line in 'groupadd --system xkvm' 'usermod -aG xkvm daemon' \
		"chown root:xkvm $net" "chmod 0750 $net" \
		"setcap cap_net_admin+p $net" "cat >>$list <<'END'" \
		'allow br1 group:xkvm'; do
		grep -qxF -e "$line" <<<"$output" || fail "no '$line': $output"
	done
	run "${daemon[@]}" /mnt/xkvm setup --apply
	[ "$status" -eq 125 ]
	[[ $output == *'is for root: sudo xkvm setup --apply' ]]
}

@test "what setup prints can be pasted, and leaves nothing to do" {
	rm "$list"
	rmdir /etc/xkvm
	/mnt/xkvm setup --user daemon --bridge br0 >"$BATS_TEST_TMPDIR/script"
	sh -eux "$BATS_TEST_TMPDIR/script" </dev/null
	run /mnt/xkvm setup --user daemon --bridge br0
	[[ $output == '# nothing is missing'* ]] || fail "$output"
	[ "$(stat -c '%U %G %a' "$net")" = 'root xkvm 750' ]
	[ "$(stat -c '%U %G %a' "$list")" = 'root root 644' ]
	boots -n br0
	gpasswd -d daemon xkvm
	groupdel xkvm
}

@test "a machine that was set up once: br0, not br-mgmt, and no more than the quota" {
	rm "$list"
	run /mnt/xkvm setup --apply --user daemon --bridge br0
	[ "$status" -eq 0 ] || fail "$output"
	[[ $output == *'# nothing is missing'* ]] || fail "$output"
	# The administrator's own line stays.
	sed -i 's/^allow br0 group:xkvm$/& max=1/' "$list"
	echo 'deny br-mgmt' >>"$list"
	cp "$list" "$BATS_TEST_TMPDIR/list"
	run /mnt/xkvm setup --apply --user daemon
	[[ $output == '# nothing is missing'* ]] || fail "$output"
	cmp "$list" "$BATS_TEST_TMPDIR/list"
	boots -n br0
	has_tap_of_daemon
	is_refused "'br-mgmt' is denied to user daemon by $list:6" -n br-mgmt
	is_refused "each user may have 1, by $list:5" -n br0 -n br0,mac=:02
	# Who is not in the group does not even start it.
	daemon=("${daemon[@]/#daemon/games}")
	is_refused "user games is not in the group xkvm, to which $net is open" \
		-n br0
	gpasswd -d daemon xkvm
	groupdel xkvm
}

@test "setup adds to a list, and keeps who may read it" {
	chmod 0640 "$list"
	chgrp games "$list"
	run /mnt/xkvm setup --apply --bridge br1
	[ "$status" -eq 0 ] || fail "$output"
	[ "$(stat -c '%U %G %a' "$list")" = 'root games 640' ]
	[ "$(cat "$list")" = $'# the lab\nallow br0 max=1\ndeny br-mgmt\nallow br1 group:xkvm' ]
	[ "$(ls /etc/xkvm)" = bridge.conf ]
	printf 'allow br0' >"$list"
	run /mnt/xkvm setup --apply --bridge br1
	[ "$status" -eq 125 ]
	[[ $output == *"does not end with a whole line"* ]] || fail "$output"
	[ "$(cat "$list")" = 'allow br0' ]
	groupdel xkvm
}

@test "setup leaves QEMU's list in force, unless a bridge is named" {
	rm "$list"
	echo 'allow br1' >/etc/qemu/bridge.conf
	run /mnt/xkvm setup --apply
	[ "$status" -eq 0 ]
	[ ! -e "$list" ]
	[[ $output == *'the access list is /etc/qemu/bridge.conf'* ]]
	run /mnt/xkvm setup --bridge br0
	[[ $output == *'/etc/qemu/bridge.conf is not read any more'* ]]
	groupdel xkvm
}

@test "setup enables the service where systemd runs" {
	local bin=$BATS_TEST_TMPDIR/bin

	mkdir -p /run/systemd/system "$bin" /etc/systemd/system
	cp "$top/packaging/systemd/xkvm-net.socket" /etc/systemd/system
	# systemd does not run here: what it would do is done by hand.
	cat >"$bin/systemctl" <<-END
		#!/bin/sh
		echo "systemctl \$*"
		mkdir -p /etc/systemd/system/sockets.target.wants /run/xkvm
		ln -s ../xkvm-net.socket /etc/systemd/system/sockets.target.wants/
		touch $socket
	END
	chmod 0755 "$bin/systemctl"
	PATH=$bin:$PATH run /mnt/xkvm setup --apply
	[ "$status" -eq 0 ] || fail "$output"
	[[ $output == *'systemctl enable --now xkvm-net.socket'* ]]
	[[ $output == *'# nothing is missing' ]] || fail "$output"
	# One that fails is the end of it.
	rm "$socket"
	printf '#!/bin/sh\nexit 3\n' >"$bin/systemctl"
	PATH=$bin:$PATH run /mnt/xkvm setup --apply
	[ "$status" -eq 125 ]
	[[ $output == *"'systemctl enable --now xkvm-net.socket' ended with status 3"* ]]
	groupdel xkvm
}

@test "setup gives no privilege to a program that others may change" {
	chown daemon "$net"
	run /mnt/xkvm setup --apply
	[ "$status" -eq 125 ]
	[[ $output == *"is not root's alone"* ]]
	run ! getent group xkvm
	[ -z "$(getcap "$net")" ]
}

@test "systemd understands the units" {
	require_command systemd-analyze
	local folder=$BATS_TEST_TMPDIR/units

	mkdir "$folder"
	cp "$top/packaging/systemd/xkvm-net.socket" "$folder"
	sed "s|@libexecdir@|/mnt/net|" \
		"$top/packaging/systemd/xkvm-net@.service.in" \
		>"$folder/xkvm-net@.service"
	run systemd-analyze verify --man=no "$folder/xkvm-net.socket" \
		"$folder/xkvm-net@.service"
	[ "$status" -eq 0 ] || fail "$output"
	[ -z "$output" ] || fail "$output"
	run systemd-analyze security --offline=yes --threshold=30 \
		"$folder/xkvm-net@.service"
	[ "$status" -eq 0 ] || fail "$output"
}
