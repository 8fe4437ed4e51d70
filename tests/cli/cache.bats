# SPDX-License-Identifier: Apache-2.0
#
# What QEMU has answered is kept: where, for how long, and what it spares. QEMU
# runs here only to be asked, or to print its version.

load lib

words=(-q --netdev 'user,model=e1000' --disk 'disk.img,driver=nvme,serial=s'
	--disk 'disk.img,file.locking=off,serial=t,cache=unsafe,read-only=on')

setup_file()
{
	command -v strace >/dev/null || skip 'needs strace'
}

# A run in which QEMU has words to place, and ends at once.
run_xkvm()
{
	truncate -s 1M disk.img
	"$XKVM" "${words[@]}" "$@" -- -version >/dev/null 2>errors
}

# programs COMMAND...: the programs that it and its children execute, a line
# each.
programs()
{
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e trace=execve \
		-s 4096 "$@" >/dev/null 2>&1
	sed -nE 's/^[0-9]+ +execve\("([^"]*)".* = 0$/\1/p' trace |
		sed 's|.*/||'
}

cache_files()
{
	find "$XDG_CACHE_HOME" -type f 2>/dev/null
}

# state: what `xkvm cache` says about the only program it knows.
state()
{
	"$XKVM" cache --json | jq -r '.programs | if length == 1 then
		.[0].state else "\(length) programs" end'
}

@test "a cold start asks one QEMU, a warm one none" {
	local qemu

	truncate -s 1M disk.img
	qemu=$("$XKVM" --dry-run=json | jq -r .program)
	qemu=${qemu##*/}
	[ "$(programs "$XKVM" "${words[@]}" -- -version)" = \
		"$(printf '%s\n' "${XKVM##*/}" "$qemu" "$qemu")" ]
	[ "$(programs "$XKVM" "${words[@]}" -- -version)" = \
		"$(printf '%s\n' "${XKVM##*/}" "$qemu")" ]
	[ "$(programs "$XKVM" "${words[@]}" --dry-run)" = "${XKVM##*/}" ]
}

@test "what is remembered makes the same plan as what is asked" {
	# It also leaves its mark on the disk, which the plan tells.
	run_xkvm
	"$XKVM" "${words[@]}" --dry-run=json >warm
	"$XKVM" cache --clear
	"$XKVM" "${words[@]}" --dry-run=json >cold
	cmp cold warm
	# So does what is wrong.
	xkvm --dry-run --disk disk.img,driver=nvme,maximum=1
	[ "$status" -eq 2 ]
	cold=$stderr
	"$XKVM" cache --fill
	xkvm --dry-run --disk disk.img,driver=nvme,maximum=1
	[ "$status" -eq 2 ]
	[ "$stderr" = "$cold" ]
}

@test "a dry run does not write the cache" {
	truncate -s 1M disk.img
	"$XKVM" "${words[@]}" --dry-run >/dev/null
	[ ! -e "$XDG_CACHE_HOME" ]
}

@test "a run that needs no answer makes no cache" {
	"$XKVM" -q --netdev user -- -version
	[ ! -e "$XDG_CACHE_HOME" ]
}

@test "what is learned later is added" {
	truncate -s 1M disk.img
	"$XKVM" -q --netdev user,model=e1000 -- -version
	"$XKVM" -q --netdev user,model=rtl8139 -- -version
	[ "$(programs "$XKVM" --netdev user,model=e1000 --netdev \
		user,model=rtl8139 --dry-run)" = "${XKVM##*/}" ]
	[ "$(cache_files | wc -l)" -eq 1 ]
}

@test "the folder and the file are for the user alone" {
	umask 0
	run_xkvm
	[ "$(stat -c %a "$XDG_CACHE_HOME/xkvm")" = 700 ]
	[ "$(stat -c %a "$(cache_files)")" = 600 ]
}

@test "20 first starts at once leave one file that is whole" {
	local pid pids=()

	truncate -s 1M disk.img
	for _ in {1..20}; do
		"$XKVM" "${words[@]}" -- -version >/dev/null 2>>errors &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	[ ! -s errors ]
	[ "$(find "$XDG_CACHE_HOME" -type f | wc -l)" -eq 1 ]
	[ "$(state)" = valid ]
	[ "$(programs "$XKVM" "${words[@]}" --dry-run)" = "${XKVM##*/}" ]
}

@test "a damaged file is made anew, silently" {
	local file

	run_xkvm
	file=$(cache_files)
	for damage in 'truncate -s -8' 'truncate -s 0' 'cp /etc/passwd' \
		'cp /dev/null'; do
		# shellcheck disable=SC2086 # a command and its arguments
		$damage "$file"
		run_xkvm
		[ ! -s errors ]
		[ "$(state)" = valid ]
	done
}

@test "a cache that cannot be written costs nothing but time" {
	local plain

	run_xkvm
	rm -r "$XDG_CACHE_HOME"
	# Not a folder.
	touch "$XDG_CACHE_HOME"
	run_xkvm
	[ ! -s errors ]
	# No place for it.
	unset XDG_CACHE_HOME
	HOME='' run_xkvm
	[ ! -s errors ]
	XDG_CACHE_HOME=relative HOME=relative run_xkvm
	[ ! -s errors ]
	[ ! -e relative ]
	# One that is for others to write to.
	mkdir -p open/xkvm
	chmod 0777 open/xkvm
	XDG_CACHE_HOME=$PWD/open run_xkvm
	[ ! -s errors ]
	[ -z "$(find open -type f)" ]
}

@test "with the home of another user nothing is left there" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	mkdir home
	chown 1:1 home
	XDG_CACHE_HOME='' HOME=$PWD/home run_xkvm
	[ ! -s errors ]
	[ -z "$(find home -mindepth 1)" ]
	mkdir -p home/.cache
	chown 1:1 home/.cache
	XDG_CACHE_HOME='' HOME=$PWD/home run_xkvm
	[ -z "$(find home/.cache -mindepth 1)" ]
}

@test "a QEMU that has changed is asked again" {
	local qemu copy=$PWD/bin/qemu

	# It finds its modules from where it is.
	mkdir bin
	ln -s /usr/lib /usr/lib64 /usr/share .
	qemu=$("$XKVM" --dry-run=json | jq -r .program)
	cp "$qemu" "$copy"
	run_xkvm --kvm "$copy"
	[ "$(state)" = valid ]
	cp "$qemu" "$copy"
	[ "$(state)" = stale ]
	run_xkvm --kvm "$copy"
	[ "$(state)" = valid ]
	[ "$(cache_files | wc -l)" -eq 1 ]
	# And so is one whose modules have.
	mkdir modules
	export QEMU_MODULE_DIR=$PWD/modules
	[ "$(state)" = stale ]
}

@test "a script that starts QEMU is asked every time" {
	printf '#!/bin/sh\nexec %s "$@"\n' \
		"$("$XKVM" --dry-run=json | jq -r .program)" >script
	chmod +x script
	run_xkvm --kvm ./script
	[ -z "$(cache_files)" ]
	refuses 2 "'./script': it is a script, which may start another QEMU" \
		cache --fill ./script
}

@test "cache --fill spares every question" {
	local driver

	truncate -s 1M disk.img
	"$XKVM" cache --fill
	for driver in virtio-blk virtio-blk-pci nvme scsi-hd ide-hd \
		usb-storage lsi; do
		[ "$(programs "$XKVM" --dry-run \
			--disk "disk.img,driver=$driver")" = "${XKVM##*/}" ]
	done
	for driver in virtio virtio-net e1000 e1000e rtl8139 vmxnet3; do
		[ "$(programs "$XKVM" --dry-run \
			--netdev "user,model=$driver")" = "${XKVM##*/}" ]
	done
	# Words that only the schema has.
	xkvm --dry-run --disk disk.img,detect-zeroes=unmap
	[ "$status" -eq 0 ]
	[ "$(programs "$XKVM" --dry-run --disk disk.img,detect-zeroes=unmap \
		--disk disk.img,id=x,file.aio=native)" = "${XKVM##*/}" ]
}

@test "cache shows what is remembered" {
	xkvm cache
	[ "$status" -eq 0 ]
	[ "$output" = "$XDG_CACHE_HOME/xkvm: empty" ]
	"$XKVM" cache --fill
	xkvm cache
	[ "$status" -eq 0 ]
	[[ ${lines[1]} =~ ^/.*qemu-system-.*:\ valid,\ version\ [0-9.]+,\ [0-9]+\ devices,\ [0-9]+\ bytes$ ]]
	"$XKVM" cache --json | jq -e '.programs[0] | .devices > 20 and
		(.machines | length) > 1 and (.accelerators | index("tcg"))'
	echo junk >"$XDG_CACHE_HOME/xkvm/qemu-junk"
	[ "$("$XKVM" cache --json | jq -c '.programs[1] | .state, .program')" = \
		$'"damaged"\nnull' ]
	xkvm cache
	[ "${lines[2]}" = "qemu-junk: damaged, 0 devices, 5 bytes" ]
	mkdir "$XDG_CACHE_HOME/xkvm/kernels"
	echo junk >"$XDG_CACHE_HOME/xkvm/kernels/1-2-3-4.5-6.7"
	xkvm cache
	[ "${lines[3]}" = "1-2-3-4.5-6.7: damaged, unpacked kernel, 5 bytes" ]
	[ "$("$XKVM" cache --json | jq -c .kernels)" = \
		'[{"file":"1-2-3-4.5-6.7","size":5,"state":"damaged","kernel":null,"unpacked":null}]' ]
}

@test "cache --clear forgets, and leaves what is not its own" {
	"$XKVM" cache --clear
	run_xkvm
	"$XKVM" cache --clear
	[ ! -e "$XDG_CACHE_HOME/xkvm" ]
	[ -d "$XDG_CACHE_HOME" ]
	run_xkvm
	touch "$XDG_CACHE_HOME/xkvm/mine"
	mkdir "$XDG_CACHE_HOME/xkvm/kernels"
	touch "$XDG_CACHE_HOME/xkvm/kernels/1-2-3-4.5-6.7"
	"$XKVM" cache --clear
	[ "$(ls "$XDG_CACHE_HOME/xkvm")" = mine ]
}

@test "cache says what is wrong with its command line" {
	refuses 2 "cache 'qemu': programs are for --fill alone" cache qemu
	refuses 2 "--clear, --fill and --json exclude each other" cache --fill \
		--clear
	refuses 125 "'./no-qemu': no such program" cache --fill ./no-qemu
	refuses 125 "'true': it does not speak QMP" cache --fill true
	XDG_CACHE_HOME='' HOME='' refuses 125 \
		'neither XDG_CACHE_HOME nor HOME has an absolute path' cache
}
