# SPDX-License-Identifier: Apache-2.0
#
# A dry run prints what a run would do, and does nothing.

load lib

strange=$'a \'quoted\' "$HOME" `id` \\ *\nsecond line; é'

@test "the command is one thing on standard output, notes are on standard error" {
	xkvm --dry-run
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *qemu-system-* ]]
	[[ $stderr == *"descriptor 3: the supervisor's QMP socket"* ]]
	xkvm --dry-run --quiet
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "the environment variables of old are defaults" {
	truncate -s 1M disk.img
	DEF_DISK_DRIVER=nvme DEF_NETMODEL=e1000 argv --disk disk.img \
		--netdev user >plan
	grep -q '^nvme,drive=disk00' plan
	grep -q '^e1000,netdev=net00' plan
	_QEMU_SUPPORTS_FILE_LOCKING=false argv --netdev user \
		--disk disk.img,file.locking=off >plan
	run ! grep -q file.locking plan
	argv --netdev user --disk disk.img,file.locking=off >plan
	grep -q file.locking=off plan
	XKVM_ACCEL=hax refuses 2 "environment variable XKVM_ACCEL" --dry-run
	DEF_NETMODEL='' DEF_DISK_DRIVER='' XKVM_ACCEL='' xkvm --dry-run
	[ "$status" -eq 0 ]
}

@test "fault 58: the environment brings nothing else in" {
	truncate -s 1M disk.img
	env -i PATH="$PATH" XKVM_ACCEL=tcg "$XKVM" --dry-run=json \
		--uefi-nvram new --netdev user --disk disk.img >clean
	echo 'touch poisoned' >poison
	env missing=x missing_pkgs='touch poisoned' nvram_ro=on failed=1 \
		IFS=, BASH_ENV="$PWD/poison" ENV="$PWD/poison" \
		QEMU_AUDIO_DRV='$(touch poisoned)' uefi_nvram=other bios=other \
		"$XKVM" --dry-run=json --uefi-nvram new --netdev user \
		--disk disk.img >poisoned.json
	cmp clean poisoned.json
	[ ! -e poisoned ]
}

@test "the JSON has the argv, the descriptors, the files and the notes" {
	truncate -s 1M disk.img
	"$XKVM" --dry-run=json --netdev user --disk disk.img >plan
	jq -e '.program | startswith("/")' plan
	jq -e '.argv | index("type=user,id=net00")' plan
	jq -e '.descriptors | map(.kind) == ["qmp", "config"]' plan
	jq -e '.files == [{"action": "mark-raw", "path": "disk.img"}]' plan
	jq -e '(.taps == []) and (.notes | type == "array")' plan
}

@test "fault 60: the printed command has the very arguments of the plan" {
	local -a words=() arguments

	truncate -s 1M "$strange"
	words=(--netdev "user,model=e1000" --disk "$strange,serial=s" -- "$strange"
		'' '~' '#' '!' '{a,b}' -name "$strange")
	"$XKVM" --dry-run=json "${words[@]}" |
		jq -j '.argv[] + "\u0000"' >expected
	eval "arguments=($("$XKVM" --dry-run "${words[@]}" 2>/dev/null))"
	printf '%s\0' "${arguments[@]}" >parsed
	cmp expected parsed
	[ "$(tail -z -n 1 parsed | tr -d '\0')" = "$strange" ]
	# Any POSIX shell reads it in the same way.
	"$XKVM" --dry-run "${words[@]}" 2>/dev/null >printed
	sh -c 'eval "set -- $(cat printed)"; printf "%s\0" "$@"' >parsed
	cmp expected parsed
}

# trace ARGUMENT...: a dry run whose calls that change anything are listed in
# trace.PID, for each process.
trace()
{
	local changes=write,pwrite64,writev,creat,unlink,unlinkat,rename
	changes+=,renameat,renameat2,mkdir,mkdirat,rmdir,link,linkat,symlink
	changes+=,symlinkat,chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat
	changes+=,truncate,ftruncate,setxattr,fsetxattr,removexattr,fremovexattr
	changes+=,mknod,mknodat,bind,connect,open,openat,openat2,ioctl,execve

	rm -f trace.*
	# A sanitizer's leak check does not work under strace.
	ASAN_OPTIONS=detect_leaks=0 strace -ff -qq -o trace -s 200 \
		-e trace="$changes" "$XKVM" --dry-run "$@" >/dev/null 2>&1
}

# changes FILE: what it has done other than to read and to print.
changes()
{
	grep -vE '^(write|writev)\([12],|O_RDONLY|^execve|^ioctl\(.*TC|^(---|\+\+\+)' \
		"$1"
}

@test "fault 60: a dry run changes nothing" {
	command -v strace >/dev/null || skip 'needs strace'
	truncate -s 1M disk.img
	trace --uefi-nvram store --netdev user --disk disk.img
	[ "$(find . -name 'trace.*' | wc -l)" -eq 1 ]
	run ! changes trace.*
	[ ! -e store ]
	python3 -c 'import os, sys; sys.exit(bool(os.listxattr("disk.img")))'
}

@test "fault 60: asking QEMU changes nothing either" {
	command -v strace >/dev/null || skip 'needs strace'
	local file asked=

	truncate -s 1M disk.img
	trace --netdev user,model=e1000 --disk disk.img,driver=nvme,serial=s
	for file in trace.*; do
		# QEMU makes itself threads and pipes; files it must not touch.
		run ! grep -E '^(creat|unlink|rename|mkdir|link|symlink|chmod|chown|truncate|setxattr|mknod|bind|connect)|O_CREAT' \
			"$file"
		if grep -q '^execve.*xkvm' "$file"; then
			run ! changes "$file"
		fi
		if grep -q '^execve.*qemu-system' "$file"; then
			asked=yes
		fi
	done
	[ "$asked" = yes ]
	[ "$(echo *)" = "$(echo disk.img trace.*)" ]
}
