# SPDX-License-Identifier: Apache-2.0
#
# The guest itself, and its build: the other tests believe what it says.

bats_require_minimum_version 1.5.0
load lib

# A copy of the guest's sources with a build of it, to change both.
copy_guest()
{
	cp -r "$top/tests/guest" sources
	mkdir -p built/guest
	cp -a "$XKVM_GUEST/." built/guest
	# Newer than what it was built from, as the copied files now are.
	touch built/guest/*
}

@test "a build does nothing where nothing changed" {
	copy_guest
	stat -c '%n %i %y' built/guest/* >before
	sources/build "$PWD/built/guest"
	stat -c '%n %i %y' built/guest/* | diff before -
}

@test "a build makes only the initrd anew where only a script changed" {
	copy_guest
	stat -c '%n %i %y' built/guest/{kernel,kernel.efi,system.cpio} >before
	echo 'say "this is the new script"' >>sources/guest.sh
	sources/build "$PWD/built/guest"
	stat -c '%n %i %y' built/guest/{kernel,kernel.efi,system.cpio} |
		diff before -
	grep -q "this is the new script" built/guest/initrd
	[ "$(ls built)" = $'guest\nguest.lock' ]
}

# Without a network nothing can be downloaded here.
@test "a build that fails leaves the old guest, or nothing" {
	require_command apt-get
	copy_guest
	(cd built/guest && sha256sum ./*) >before
	touch sources/modules
	run ! sources/build "$PWD/built/guest"
	[[ $output == *"cannot download busybox-static"* ]]
	(cd built/guest && sha256sum ./*) | diff before -
	[ "$(ls built)" = $'guest\nguest.lock' ]

	run ! sources/build "$PWD/built/other"
	[ "$(ls built)" = $'guest\nguest.lock\nother.lock' ]
}

@test "the guest does the words of its command line in their order" {
	make_bridge br0 192.0.2.1/24
	guest_words "ping=192.0.2.1,report xkvm.ip=192.0.2.9/24"
	boot_guest --netdev br0,mac=52:54:00:00:00:aa
	[ "$guest_status" -eq 0 ]
	guest_lines
	[ "$(guest_lines)" = "ping 192.0.2.1 ok
nic eth0 mac=52:54:00:00:00:aa driver=virtio_net mtu=1500
disk sr0 serial= wwn= sectors=2097151 ro=1 logical=512 physical=512 min_io=512
exit 0" ]
}

@test "the guest says which word it does not know" {
	guest_words "report,no-such-word,report"
	boot_guest --netdev user
	guest_said "unknown word 'no-such-word' in xkvm.do"
	guest_said "exit 2"
}

@test "the guest says the status of its script, which ends where it fails" {
	guest_script <<-'END'
		say begun
		(exit 7)
		say not reached
	END
	boot_guest --netdev user
	[ "$(guest_lines)" = $'begun\nexit 7' ]
}

@test "the guest finds each kind of disk by what names it" {
	for disk in virtio scsi nvme ide usb; do
		make_raw "$disk.img" 1M
	done
	guest_script <<-'END'
		for disk in virtio scsi nvme ide usb; do
			name=$(retry 10 disk_by_serial "$disk-1")
			say "$disk ${name%[a-z]}"
		done
		[ "$(disk_by_wwn naa.5000c50015ea71ac)" = \
			"$(disk_by_serial scsi-1)" ]
		! disk_by_serial nothing
	END
	boot_guest --netdev user \
		--disk virtio.img,serial=virtio-1 \
		--disk nvme.img,driver=nvme,serial=nvme-1 -- -machine pc \
		-drive file=ide.img,format=raw,if=none,id=ide \
		-device ide-hd,drive=ide,serial=ide-1 \
		-drive file=scsi.img,format=raw,if=none,id=scsi \
		-device scsi-hd,drive=scsi,serial=scsi-1,wwn=0x5000c50015ea71ac \
		-device qemu-xhci \
		-drive file=usb.img,format=raw,if=none,id=usb \
		-device usb-storage,drive=usb,serial=usb-1
	guest_said "virtio vd"
	guest_said "scsi sd"
	guest_said "nvme nvme0n1"
	guest_said "ide sd"
	guest_said "usb sd"
	guest_said "exit 0"
}
