# SPDX-License-Identifier: Apache-2.0
#
# Bad input of all kinds: one line that names the argument and the cause, and
# the right exit status.

load lib

# ---- NICs --------------------------------------------------------------------

@test "fault 44: addresses that are none" {
	refuses 2 "octet 1 'zz'" --netdev user,mac=zz
	refuses 2 "octet 1 '300'" --netdev user,mac=300
	refuses 2 "octet 3 ''" --netdev user,mac=52:54::12:34:56
	refuses 2 "more than six octets" --netdev user,mac=1:2:3:4:5:6:7
	refuses 2 "multicast" --netdev user,mac=53:54:00:12:34:56
	refuses 2 "all zero" --netdev user,mac=0:0:0:0:0:0
	refuses 2 "--netdev 'user,model=e1000,mac=zz': word 3: mac=zz: octet 1" \
		--netdev user,model=e1000,mac=zz
}

# mac_of VALUE: the address that it makes.
mac_of()
{
	argv --netdev "user,mac=$1" | sed -n 's/.*,mac=//p'
}

@test "fault 44: addresses in every form" {
	[ "$(mac_of 52:54:00:AB:CD:EF)" = 52:54:00:ab:cd:ef ]
	[ "$(mac_of 2:0:0:0:0:1)" = 02:00:00:00:00:01 ]
	[ "$(mac_of :05)" = 52:54:00:12:34:05 ]
	[ "$(mac_of 5)" = 52:54:00:12:34:05 ]
	[ "$(mac_of aa:bb)" = 52:54:00:12:aa:bb ]
	[ "$(mac_of '')" = 52:54:00:12:34:00 ]
	[[ $(mac_of random) =~ ^52:54:00:[0-9a-f:]{8}$ ]]
	[ "$(mac_of random)" != "$(mac_of random)" ]
	[ -z "$(mac_of auto)" ]
}

@test "fault 59: names that no bridge can have" {
	refuses 2 "'../net/br0' has '/' in it" --netdev ../net/br0
	refuses 2 "'a/b' has '/' in it" --netdev a/b
	refuses 2 "'*' has '*' in it" --netdev '*'
	refuses 2 "'br 0' has white space" --netdev 'br 0'
	refuses 2 "control character" --netdev $'br\t0'
	refuses 2 "--netdev '': word 1 is empty" --netdev ''
	refuses 2 "--netdev ',mac=:05': word 1 is empty" --netdev ,mac=:05
	refuses 2 "'..' cannot name a bridge" --netdev ..
	refuses 2 "'-v' cannot name a bridge" --netdev=-v
	refuses 2 "has 16 characters; the kernel's limit is 15" \
		--netdev a234567890123456
	refuses 2 "the first word is 'user' or a bridge, not 'model=e1000'" \
		--netdev model=e1000
}

@test "fault 59: names that a bridge can have, but here none has" {
	refuses 125 "there is no bridge 'a23456789012345'" \
		--netdev a23456789012345
	refuses 125 "there is no bridge 'brücke'" --netdev brücke
	refuses 125 "there is no bridge 'User'" --netdev User
	refuses 125 "'lo' is not a bridge" --netdev lo
}

@test "what a NIC cannot be told is an error" {
	refuses 2 "did you mean 'hostfwd'?" --netdev user,hostfdw=tcp::1-:2
	refuses 2 "has no device 'e1001'; did you mean 'e1000'?" \
		--netdev user,model=e1001
	refuses 2 "'id' is xkvm's to set" --netdev user,id=net5
	refuses 2 "'mac' needs a value" --netdev user,mac
	refuses 2 "'=x' has no key" --netdev user,=x
}

# ---- disks -------------------------------------------------------------------

@test "fault 49: what cannot be a disk" {
	mkdir folder
	mkfifo fifo
	ln -s nowhere dangling
	ln -s loop loop
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	refuses 2 "--disk 'missing.img': 'missing.img': no such file" \
		--disk missing.img
	refuses 2 "'dangling': no such file" --disk dangling
	refuses 2 "'folder' is a directory" --disk folder
	refuses 2 "'fifo' is a FIFO" --disk fifo
	refuses 2 "'socket' is a socket" --disk socket
	refuses 2 "'loop' cannot be looked at" --disk loop
	refuses 2 "'folder/x/y': no such file" --disk folder/x/y
}

@test "what a disk cannot be told is an error" {
	truncate -s 1M disk.img
	refuses 2 "index= and bus=/unit= exclude each other" \
		--disk disk.img,index=1,unit=2
	refuses 2 "if=sd is not supported" --disk disk.img,if=sd
	refuses 2 "if=mtd is not supported" --disk disk.img,if=mtd
	refuses 2 "'floppy' is not supported" --disk disk.img,floppy
	refuses 2 "no file is named" --disk serial=x
	refuses 2 "did you mean 'serial'?" --disk disk.img,seral=x
	refuses 2 "did you mean 'scsi-hd'?" --disk disk.img,driver=scsi-hdd
	refuses 2 "id=one is already the id of another disk" \
		--disk disk.img,id=one --disk disk.img,id=one
	refuses 2 "a comma in a file's name is written ',,'" --disk disk.img,b.img
}

# ---- this host ---------------------------------------------------------------

@test "a host without QEMU is told the packages" {
	printf '#!/bin/sh\nPATH=/nonexistent exec "%s" "$@"\n' "$XKVM" >bare
	chmod +x bare
	XKVM=./bare
	refuses 125 "$(uname -m) is not installed; its package is" --netdev user
	refuses 125 "(Debian, Ubuntu)" --dry-run
	refuses 125 "qemu-system-s390x is not installed" --arch s390x
	refuses 125 "--kvm 'no-such-qemu': no such program" --kvm no-such-qemu
}

@test "a program that does not speak QMP is quoted" {
	printf '#!/bin/sh\necho something else >&2\n' >other
	chmod +x other
	refuses 125 "something else" --kvm ./other --netdev user,model=e1000
	refuses 125 "could not be asked" --kvm /bin/true --netdev user,model=e1000
}

# A namespace in which /dev has nothing in it.
without_kvm()
{
	cat >without-kvm <<-'END'
		#!/bin/sh
		exec unshare -Urm sh -c 'mount -t tmpfs none /dev; exec "$@"' sh \
			"$REAL_XKVM" "$@"
	END
	chmod +x without-kvm
	export REAL_XKVM=$XKVM
	XKVM=./without-kvm
}

@test "--accel kvm says why KVM cannot be had" {
	without_kvm
	refuses 125 "there is no /dev/kvm" --accel kvm --netdev user
	XKVM_ACCEL=kvm refuses 125 "XKVM_ACCEL=kvm: there is no /dev/kvm" \
		--netdev user
	xkvm --accel auto --netdev user --dry-run
	[ "$status" -eq 0 ]
	[[ $stderr == *"running without KVM, slowly (TCG)"* ]]
}

@test "--accel kvm is refused for another architecture" {
	refuses 125 "--accel kvm: KVM on this host runs" --accel kvm \
		--arch s390x --netdev user
	xkvm --accel auto --arch s390x --netdev user --dry-run
	[ "$status" -eq 0 ]
	[[ $output == *"-accel tcg"* && $stderr != *warning* ]]
}

# ---- standard output ---------------------------------------------------------

@test "fault 66: a full or closed standard output is an error" {
	for word in --help --version --dry-run --dry-run=json 'completion bash'; do
		for target in '>/dev/full' '>&-'; do
			status=0
			# shellcheck disable=SC2086 # two words
			eval '"$XKVM" $word '"$target"' 2>errors' || status=$?
			[ "$status" -eq 125 ] || fail "$word $target: $status"
			grep -q "cannot write to standard output" errors
		done
	done
}

@test "fault 66: with a closed standard error the status still tells" {
	status=0
	"$XKVM" --xyzzy 2>&- || status=$?
	[ "$status" -eq 2 ]
	status=0
	"$XKVM" --netdev nosuchbridge 2>/dev/full || status=$?
	[ "$status" -eq 125 ]
}
