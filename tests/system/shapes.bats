# SPDX-License-Identifier: Apache-2.0
#
# The command lines that scripts have been written around: each as it is
# written there, to the guest's own power-off. What is added is the kernel to
# boot.

load lib

setup()
{
	prepare_test
	oracle_before
	read -r console <"$XKVM_GUEST/console"
}

# start COMMAND...: runs it in the background; the guest writes to the file $1.
start()
{
	guest_console=$1
	shift
	"$@" >"$BATS_TEST_TMPDIR/output" 2>"$guest_errors" 3>&- &
	guest_pid=$!
}

@test "a cloud image and its seed on the user network, driven through a pipe" {
	local port

	make_qcow2 disk.img 8M
	make_raw seed.iso 1M
	port=$(free_port)
	mkfifo input
	exec {input}<>input
	guest_script <<-'END'
		report
		nic_up eth0 10.0.2.15/24
		say listening
		echo 'hello from the guest' | nc -l -p 22
	END
	start serial.log "$XKVM" --disk disk.img,cache=unsafe --disk seed.iso \
		--netdev "user,hostfwd=tcp::$port-:22,dnssearch=example.com" \
		-- -pidfile pid -vnc none -m 2G -smp 2 -nographic -name first \
		-serial file:serial.log -kernel "$XKVM_GUEST/kernel" \
		-initrd "$guest_initrd" -append "console=$console quiet no_timer_check" \
		<&"$input"
	await_guest listening
	grep -qx "$(child_of "$guest_pid")" pid
	until_true 20 reads_from "$port" 'hello from the guest'
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	guest_lines | grep -q '^disk vda serial=disk.img .* sectors=16384'
	guest_lines | grep -q '^disk vdb serial=seed.iso .* sectors=2048'
	oracle_after
}

@test "fault 1: UEFI, two NICs on a bridge, disks of several kinds and sizes" {
	local sizes=logical_block_size=512,physical_block_size=512,min_io_size=512

	[[ -e /usr/share/OVMF ]] || skip 'needs OVMF'
	make_qcow2 one.img 8M
	make_qcow2 two.img 16M
	make_raw seed.img 1M
	make_bridge virbr0 192.0.2.1/24
	oracle_before
	guest_script <<-'END'
		say "firmware $(firmware)"
		report
		nic_up "$(nic_by_mac 52:54:00:12:34:02)" 192.0.2.2/24
		can_ping 192.0.2.1
	END
	start boot.log "$XKVM" -v --dowait --no-reboot --uefi-nvram=nvram \
		--netdev=virbr0,mac=52:54:00:12:34:01 \
		--netdev=virbr0,mac=52:54:00:12:34:02 \
		--disk="one.img,driver=virtio-blk,format=qcow2,$sizes,serial=s1" \
		--disk="two.img,driver=nvme,format=qcow2,$sizes,serial=nvme-1" \
		--disk=file=seed.img,if=virtio,media=cdrom \
		-- -smp 2 -m 1024 -nographic -serial file:boot.log \
		-kernel "$XKVM_GUEST/kernel.efi" -initrd "$guest_initrd" \
		-append "console=$console quiet no_timer_check"
	wait_guest
	[ "$guest_status" -eq 0 ]
	grep -q "QEMU ended: guest-shutdown" "$guest_errors"
	guest_said "exit 0"
	guest_said "firmware uefi"
	guest_lines | grep -q '^nic .* mac=52:54:00:12:34:01 driver=virtio_net'
	guest_lines | grep -q '^disk vda serial=s1 .* sectors=16384 ro=0 logical=512 physical=512 min_io=512'
	guest_lines | grep -q '^disk nvme0n1 serial=nvme-1 .* sectors=32768 ro=0 logical=512 physical=512 min_io=512'
	guest_lines | grep -q '^disk vdb serial=seed.img .* sectors=2048 ro=1'
	[ -s nvram ]
	oracle_after
}

@test "a kernel, a boot disk, and a SCSI disk that has a wwn" {
	make_raw boot.img 8M
	make_raw scsi.img 16M
	make_bridge virbr0 192.0.2.1/24
	oracle_before
	guest_script <<-'END'
		say "firmware $(firmware)"
		report
		nic_up eth0 192.0.2.2/24
		can_ping 192.0.2.1
	END
	start console "$XKVM" --disk=boot.img,if=virtio,serial=boot-disk \
		--disk=file=scsi.img,if=none,cache=unsafe,format=raw,id=drv1,index=1,driver=scsi-hd,wwn=0x5000c50015ea71aa \
		-- -kernel "$XKVM_GUEST/kernel" -initrd "$guest_initrd" \
		-append "root=/dev/vda console=$console no_timer_check" \
		-nographic -serial file:console -m 256 </dev/null
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
	guest_said "firmware bios"
	guest_lines | grep -q '^disk vda serial=boot-disk .* sectors=16384'
	guest_lines | grep -q '^disk sda serial=0x5000c50015ea71aa wwn=naa.5000c50015ea71aa sectors=32768'
	oracle_after
}
