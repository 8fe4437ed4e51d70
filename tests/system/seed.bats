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
