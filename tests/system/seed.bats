# SPDX-License-Identifier: Apache-2.0
#
# The seed of cloud-init: a disk that the guest reads, byte for byte, and that
# leaves nothing behind.

bats_require_minimum_version 1.5.0
load lib

# hash FILE: as the guest's `sums` prints it.
hash()
{
	md5sum <"$1" | cut -d ' ' -f 1
}

@test "the guest reads what was given, by Rock Ridge, by Joliet and by neither" {
	printf '#cloud-config\n# %s\n' "grüße, 世界" >user.yaml
	printf '#!/bin/sh' >vendor # no newline at its end
	printf '{}' >meta
	printf 'version: 2\r\nethernets: {}\r\n' >network
	oracle_before
	guest_script <<-'END'
		device=/dev/$(disk_by_serial cidata)
		say "read-only $(cat /sys/block/${device#/dev/}/ro)"
		look()
		{
			mount -t iso9660 -o "ro,$1" "$device" /mnt
			for file in /mnt/*; do
				say "$1 ${file##*/} $(md5sum <"$file" | cut -d ' ' -f 1)"
			done
			umount /mnt
		}
		look nojoliet
		look norock
		look norock,nojoliet
		mount -t iso9660 -o ro "$device" /mnt
		say "$(grep -c '^public-keys: ' /mnt/meta-data) keys"
		say "mode $(stat -c '%a %u' /mnt/user-data)"
	END
	boot_guest -n user --cloud-init user-data=user.yaml,vendor-data=vendor \
		--cloud-init network-config=network,hostname=h,instance-id=i
	[ "$guest_status" -eq 0 ]
	guest_said "read-only 1"
	for how in nojoliet norock; do
		guest_said "$how user-data $(hash user.yaml)"
		guest_said "$how vendor-data $(hash vendor)"
		guest_said "$how network-config $(hash network)"
		printf 'instance-id: "i"\nlocal-hostname: "h"\n' >meta-data
		guest_said "$how meta-data $(hash meta-data)"
	done
	guest_said "norock,nojoliet user_data $(hash user.yaml)"
	guest_said "0 keys"
	guest_said "mode 400 0"
	oracle_after
}

@test "large files arrive whole" {
	for size in 65536 1048576 0; do
		{
			echo '#cloud-config'
			head -c "$size" /dev/zero | tr '\0' '#'
		} >"user-$size"
	done
	: >user-empty
	guest_script <<-'END'
		for name in vda vdb vdc vdd; do
			[ -e /dev/$name ] || continue
			mount -t iso9660 -o ro /dev/$name /mnt
			say "$(wc -c </mnt/user-data) $(md5sum </mnt/user-data | cut -d ' ' -f 1)"
			umount /mnt
		done
	END
	for name in user-1048576 user-65536; do
		boot_guest -n user --cloud-init "user-data=$name"
		[ "$guest_status" -eq 0 ]
		guest_said "$(stat -c %s "$name") $(hash "$name")"
	done
}

@test "the seed takes no place from a disk, nor the boot" {
	make_exit_disk 5
	: >user
	for driver in virtio-blk nvme scsi-hd ide-hd; do
		# What stands after it on the bus is not what is booted.
		run_machine -n user --disk "exit.img,driver=$driver" \
			--cloud-init user-data=user -- -device "$exit_device"
		[ "$guest_status" -eq 11 ]
	done
}

# Says what the guest fetches from the seed's server.
fetch_script()
{
	guest_script <<-'END'
		nic_up eth0 10.0.2.15/24
		say "serial $(cat /sys/class/dmi/id/product_serial)"
		say "told $(tr ' ' '\n' </proc/cmdline | grep -c '^ds=nocloud;s=')"
		for name in user-data meta-data user-data; do
			sum=$(wget -q -O - "http://10.0.2.5/$name" |
				md5sum | cut -d ' ' -f 1)
			say "$name $sum"
		done
		wget -q -O - http://10.0.2.5/nothing || say "no such file"
	END
}

@test "a server that no port leads to has the seed, and ends with the guest" {
	[[ $(uname -m) == x86_64 ]] || skip 'for a PC'
	{
		echo '#cloud-config'
		head -c 1048576 /dev/zero | tr '\0' '#'
	} >user
	printf 'instance-id: "i"\nlocal-hostname: "h"\n' >meta
	fetch_script
	oracle_before
	boot_guest -n user --seed-via smbios \
		--cloud-init user-data=user,hostname=h,instance-id=i
	[ "$guest_status" -eq 0 ]
	guest_said 'serial ds=nocloud;s=http://10.0.2.5/'
	guest_said 'told 0'
	[ "$(guest_lines | grep -cx "user-data $(hash user)")" -eq 2 ]
	guest_said "meta-data $(hash meta)"
	guest_said 'no such file'
	oracle_after
}

@test "the kernel's command line tells where the server is" {
	fetch_script
	: >user
	"$XKVM" -n user --kernel "$XKVM_GUEST/kernel" --initrd "$guest_initrd" \
		--append quiet --seed-via http --cloud-init user-data=user \
		-- -nographic -m 256 </dev/null >"$guest_console" \
		2>"$guest_errors" 3>&- &
	guest_pid=$!
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said 'told 1'
	guest_said "user-data $(hash user)"
}

@test "the server listens on nothing, and SIGKILL of all others ends it" {
	: >user
	oracle_before
	ss -Hltnu >listening
	start_machine -n user --seed-via smbios --cloud-init user-data=user
	ss -Hltnu | cmp - listening
	pgrep -x xkvm-seed >server
	kill -KILL "$guest_pid" "$qemu_pid"
	wait_guest
	oracle_after
}

@test "credentials and strings are the machine's, and no secret is on a command line" {
	[[ $(uname -m) == x86_64 ]] || skip 'for a PC'
	printf 'a\nb' >file
	guest_script <<-'END'
		modprobe -q dmi-sysfs || :
		for entry in /sys/firmware/dmi/entries/11-*/raw; do
			tr '\0' '\n' <"$entry" | tr -cd '\n -~' | grep '[a-z]' |
				while read -r line; do say "string $line"; done
		done
	END
	boot_guest -n user --credential token=secret-word,x \
		--credential key:file --smbios11 vendor:1,2
	[ "$guest_status" -eq 0 ]
	guest_said 'string vendor:1,2'
	guest_said 'string io.systemd.credential:token=secret-word,x'
	guest_said "string io.systemd.credential.binary:key=$(base64 <file)"
	run ! grep -q secret-word "$guest_errors"
}
