# SPDX-License-Identifier: Apache-2.0
#
# Disks whose writes are thrown away: the image stays as it is, and nothing is
# left, whatever happens.

bats_require_minimum_version 1.5.0

load lib

# checksums FILE...: to be compared.
checksums()
{
	sha256sum -- "$@"
}

@test "what the guest writes is there for it, and not in the image" {
	make_qcow2 base.qcow2 16M
	make_raw raw.img 8M
	echo 'of the image' | dd of=raw.img conv=notrunc status=none
	chmod a-w raw.img
	before=$(checksums base.qcow2 raw.img)
	oracle_before
	guest_script <<-'END'
		report
		for name in base raw scratch; do
			disk=/dev/$(disk_by_serial "$name")
			say "$name: $(head -n 1 "$disk" | tr -d '\0' | head -c 40)"
			echo "written to $name" >"$disk"
			# The last sector, which is not in the image of raw.
			sectors=$(cat "/sys/block/${disk#/dev/}/size")
			echo "end of $name" | dd of="$disk" bs=512 \
				seek=$((sectors - 1)) conv=notrunc,fsync
			echo 3 >/proc/sys/vm/drop_caches
			say "$(head -n 1 "$disk")"
			say "$(dd if="$disk" bs=512 skip=$((sectors - 1)) |
				head -n 1) at $sectors"
		done
	END
	boot_guest -x --netdev user --disk base.qcow2,serial=base \
		--disk raw.img,serial=raw,size=24M \
		--disk new.qcow2,size=4M,serial=scratch
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	guest_said "raw: of the image"
	guest_said "written to base"
	guest_said "end of base at 32768"
	guest_said "written to raw"
	guest_said "end of raw at 49152"
	guest_said "written to scratch"
	guest_said "end of scratch at 8192"
	[ "$(checksums base.qcow2 raw.img)" = "$before" ]
	[ ! -e new.qcow2 ]
	oracle_after
}

@test "two guests are on one image at once, and nobody writes to it" {
	make_qcow2 base.qcow2 16M
	before=$(checksums base.qcow2)
	oracle_before
	start_machine --netdev user --disk base.qcow2,ephemeral -- -name one
	first=$guest_pid first_socket=$qmp_socket
	qmp_socket=$BATS_TEST_TMPDIR/second
	start_machine --netdev user -x --disk base.qcow2 -- -name two
	second=$guest_pid second_socket=$qmp_socket
	qmp_socket=$BATS_TEST_TMPDIR/third
	run_machine --netdev user --disk base.qcow2
	[ "$guest_status" -eq 125 ]
	grep -Eq "in use by process [0-9]+ \(qemu-system-.*, guest '(one|two)'\); ephemeral" \
		"$guest_errors"
	run -1 qemu-img resize base.qcow2 32M
	guest_pid=$second qmp_socket=$second_socket
	stop_machine
	guest_pid=$first qmp_socket=$first_socket
	hmp 'qemu-io disk00 "write -P 7 0 64k"'
	[[ $(hmp 'qemu-io disk00 "read -P 7 0 64k"') != *fail* ]]
	stop_machine
	[ "$(checksums base.qcow2)" = "$before" ]
	oracle_after
}

@test "an image that is written to is no base" {
	make_raw base.img 1M
	start_machine --netdev user --disk base.img -- -name writer
	first=$guest_pid
	qmp_socket=$BATS_TEST_TMPDIR/second
	for disk in base.img,ephemeral new.qcow2,base=base.img; do
		run_machine --netdev user --disk "$disk"
		[ "$guest_status" -eq 125 ]
		grep -q "guest 'writer'); end that first" "$guest_errors"
	done
	[ ! -e new.qcow2 ]
	start_machine --netdev user --disk base.img,ephemeral,file.locking=off
	stop_machine
	guest_pid=$first
	stop_machine
}

# image_links PID: how many names the files have that QEMU has from $TMPDIR.
image_links()
{
	local fd

	for fd in /proc/"$1"/fd/*; do
		[[ $(readlink "$fd") != "$TMPDIR"/* ]] ||
			stat -L -c %h "$fd"
	done | sort -u
}

@test "a SIGKILL of everything leaves no overlay" {
	make_qcow2 base.qcow2 16M
	oracle_before
	start_machine --netdev user -x --disk base.qcow2 --disk none.img,size=1M
	[ "$(image_links "$qemu_pid")" = 0 ]
	hmp 'qemu-io disk00 "write -P 7 0 1M"'
	kill -STOP "$qemu_pid"
	kill -KILL "$guest_pid" "$qemu_pid"
	wait_guest
	[ "$guest_status" -eq 137 ]
	rm -f "$qmp_socket"
	oracle_after
}

@test "a flash drive can be ephemeral, and so can what QEMU executes" {
	make_raw flash.img 4M
	make_raw disk.img 1M
	before=$(checksums flash.img disk.img)
	oracle_before
	start_machine --netdev user -x --disk flash.img,if=pflash,readonly=off \
		--disk disk.img
	stop_machine
	launch_machine --exec --netdev user -x --disk disk.img
	until_true "$guest_deadline" machine_is_up_or_ended
	hmp 'qemu-io disk00 "write -P 7 0 64k"'
	kill "$guest_pid"
	wait_guest
	[ "$(checksums flash.img disk.img)" = "$before" ]
	oracle_after
}

@test "a folder that is full is said, and nothing is left" {
	mkdir full
	mount -t tmpfs -o size=64k none full
	make_qcow2 base.qcow2 16M
	oracle_before
	TMPDIR=$PWD/full run_machine --netdev user -x --disk base.qcow2
	[ "$guest_status" -eq 125 ]
	grep -q "cannot make an overlay on '.*base.qcow2' in '.*/full': .*No space left" \
		"$guest_errors"
	run_machine --netdev user --disk "$PWD/full/new.qcow2,size=1G"
	[ "$guest_status" -eq 125 ]
	grep -q "cannot make '.*/full/new.qcow2': .*No space left" \
		"$guest_errors"
	[ -z "$(ls -A full)" ]
	TMPDIR=$PWD/nowhere run_machine --netdev user -x --disk base.qcow2
	[ "$guest_status" -eq 125 ]
	grep -q "cannot make a file in the folder '.*/nowhere': No such file" \
		"$guest_errors"
	oracle_after
	umount full
}
