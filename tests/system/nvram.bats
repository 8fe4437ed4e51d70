# SPDX-License-Identifier: Apache-2.0
#
# The store of UEFI variables: what is in it, who has it, and how it comes to
# be.

load lib

vars=/usr/share/OVMF/OVMF_VARS_4M.fd

setup()
{
	prepare_test
	[[ $(uname -m) == x86_64 ]] || skip 'the firmware is for a PC'
	[[ -e $vars ]] || skip 'needs OVMF'
	template=$(sha256sum <"$vars")
}

# No test changes what the host has, though root may.
teardown()
{
	[[ -z ${template-} || $(sha256sum <"$vars") == "$template" ]] ||
		fail 'the template was changed'
	finish_test
}

# boot_uefi OPTION...: the guest says the variable of an earlier boot, if there
# is one, and writes one.
boot_uefi()
{
	guest_script <<-'END'
		efivars=/sys/firmware/efi/efivars
		name=$efivars/Xkvm-5ba1c8a0-7c0f-4c5e-9d1e-2f3a4b5c6d7e
		mount -t efivarfs efivarfs "$efivars"
		if [ -e "$name" ]; then
			say "kept $(tail -c +5 "$name")"
		else
			say "nothing kept"
			# Non-volatile, for the boot services and the system.
			printf '\007\000\000\000hello' >"$name"
		fi
	END
	guest_deadline=240
	"$XKVM" --netdev user "$@" -- -nographic -m 256 \
		-kernel "$XKVM_GUEST/kernel.efi" -initrd "$guest_initrd" \
		-append 'console=ttyS0 quiet' \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
	wait_guest
	[ "$guest_status" -eq 0 ]
	guest_said "exit 0"
}

@test "a variable of one boot is there in the next, and gone without a file" {
	make_raw disk.img 1M
	boot_uefi --disk disk.img --uefi-nvram auto
	guest_said "nothing kept"
	[ -s disk.img.nvram ]
	boot_uefi --disk disk.img --uefi-nvram disk.img.nvram
	guest_said "kept hello"
	boot_uefi --uefi
	guest_said "nothing kept"
}

can_lock()
{
	flock --nonblock "$1" true
}

@test "two guests do not share a store" {
	start_machine --netdev user --uefi-nvram store
	status=0
	timeout 60 "$XKVM" --netdev user --uefi-nvram store -- -display none \
		-serial none -monitor none >output 2>&1 || status=$?
	[ "$status" -eq 125 ]
	grep -q "'store' is in use by another guest" output
	qmp query-status >/dev/null
	# It is QEMU that has the lock.
	kill -KILL "$guest_pid"
	wait_guest
	until_true 20 can_lock store
}

# create [INJECTION...]: makes the file store and ends, by strace with these
# injections of its faults.
create()
{
	local -a faults=()

	while (($# > 0)); do
		faults+=(-e "inject=$1")
		shift
	done
	strace -o trace "${faults[@]}" "$XKVM" --netdev user \
		--uefi-nvram store -- -no-such-option \
		</dev/null >output 2>&1
}

# check_store: it is whole, or it is not there.
check_store()
{
	[[ ! -e store || $(sha256sum <store) == "$template" ]] ||
		fail "half a store after $1"
}

# kill_everywhere [INJECTION]: kills the creation at each of its calls, until
# there is no such call any more.
kill_everywhere()
{
	local call n

	for call in pwrite64 ftruncate fsetxattr fsync linkat renameat2; do
		for ((n = 1; n < 30; n++)); do
			rm -f store store.*
			create "$call:signal=KILL:when=$n" "$@" || true
			check_store "the kill at $call number $n"
			grep -q '+++ killed by SIGKILL' trace || break
			kills=$((kills + 1))
		done
		((n < 30)) || fail "$call has no end"
	done
}

@test "fault 53: killed at any call, the creation leaves a whole store or none" {
	local kills=0

	require_command strace
	kill_everywhere
	# Nine blocks of the template, and what makes them a file.
	((kills >= 8)) || fail "only $kills calls"
	rm -f store
	create || true
	check_store "the creation"
	[ -e store ]
	[ "$(find . -name 'store*' | wc -l)" -eq 1 ]
}

# The flag is that of fcntl.h, where the numbers of the call are.
nameless_call()
{
	local calls

	rm -f store
	create || true
	calls=$(grep '^openat(' trace | grep -n O_TMPFILE | head -n 1)
	grep '^openat(' trace | sed '/O_TMPFILE/q' | grep -c .
	[[ $calls ]]
}

@test "fault 53: the same where a file cannot be without a name" {
	local kills=0 number

	require_command strace
	number=$(nameless_call)
	kill_everywhere "openat:error=EOPNOTSUPP:when=$number"
	((kills >= 8)) || fail "only $kills calls"
	rm -f store store.*
	create "openat:error=EOPNOTSUPP:when=$number" || true
	grep -q 'renameat2.*= 0' trace
	check_store "the creation"
	[ -e store ]
}

@test "fault 53: a full disk has no store" {
	mkdir small
	mount -t tmpfs -o size=256k tmpfs small
	run_machine --netdev user --uefi-nvram small/store
	[ "$guest_status" -eq 125 ]
	grep -q "cannot create 'small/store': No space left" "$guest_errors"
	[ -z "$(ls small)" ]
	umount small
}

@test "fault 53: a link that leads nowhere is not followed" {
	ln -s elsewhere store
	run_machine --netdev user --uefi-nvram store
	[ "$guest_status" -eq 125 ]
	grep -q "cannot create 'store': File exists" "$guest_errors"
	[ ! -e elsewhere ]
}

@test "fault 53: another's store is read or refused, and never changed" {
	require_root
	cp "$vars" store
	chmod 0755 .. .
	chmod 0600 store
	as_user "$XKVM" --dry-run --netdev user --uefi-nvram store \
		>output 2>&1 && status=0 || status=$?
	[ "$status" -eq 2 ]
	grep -q "'store' cannot be read: Permission denied" output
	chmod 0644 store
	as_user "$XKVM" --dry-run --netdev user --uefi-nvram store \
		>output 2>errors
	grep -q 'file=store,readonly=on' output
	grep -q "'store' cannot be written" errors
}

@test "a store stays with the firmware that it was made for" {
	local keys=/usr/share/OVMF/OVMF_VARS_4M.ms.fd

	[[ -e $keys ]] || skip 'needs OVMF with keys'
	run_machine --netdev user --secure-boot yes --uefi-nvram store \
		-- -no-such-option
	cmp store "$keys"
	python3 -c 'import os; os.getxattr("store", "user.xkvm.nvram-template")' ||
		skip 'the file system has no attributes'
	"$XKVM" --dry-run --netdev user --uefi-nvram store >output
	grep -q 'OVMF_CODE_4M.ms.fd' output
	rm store
	run_machine --netdev user --uefi-nvram store -- -no-such-option
	run_machine --netdev user --secure-boot yes --uefi-nvram store
	[ "$guest_status" -eq 2 ]
	grep -q "was made from '$vars'" "$guest_errors"
	# What is cut off is no store, be it known or not.
	truncate -s -1 store
	run_machine --netdev user --uefi-nvram store
	[ "$guest_status" -eq 2 ]
	grep -q 'its 540671 bytes fit none' "$guest_errors"
}
