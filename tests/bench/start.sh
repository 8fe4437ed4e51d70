# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# What happens before QEMU runs; a part of run, whose functions and variables it
# uses. /bin/true is the floor of what starting any program costs.

# shellcheck disable=SC2154 # set by run
{
	: "$xkvm" "$ratio" "$series" "$runs" "$work" "$group" "$build"
}

for i in $(seq 0 31); do
	ip link add "br$i" type bridge
	ip link set "br$i" up
done
for i in $(seq 0 63); do
	truncate -s 16M "$work/$i.img"
done
nothing=$work/nothing
"$xkvm" cache --fill

# ---- command lines, without blanks in their words ----------------------------

plain="-n user -d $work/0.img"
bridge="-n br0 -d $work/0.img"
words="-n user,hostfwd=tcp::2222-:22 -d $work/0.img,cache=unsafe
	-d $work/1.img,driver=nvme,serial=n1"
large="-n br0,model=e1000 -n br1,model=e1000e -n br2,mq=on -n user,romfile=
	-d $work/0.img,cache=unsafe -d $work/1.img,driver=nvme,serial=n1
	-d $work/2.img,driver=scsi-hd,rotation_rate=1 -d $work/3.img,bootindex=1
	-d $work/4.img,driver=ide-hd,discard=unmap"

# nics N, disks N: as many, each with a property.
nics()
{
	seq 0 $(($1 - 1)) | sed 's/.*/-n br&,model=e1000/'
}

disks()
{
	seq 0 $(($1 - 1)) | sed "s|.*|-d $work/&.img,driver=nvme,serial=s&|"
}

# ---- 1: a dry run that asks nobody -------------------------------------------

# All lists of options below have no blanks in their words.
# shellcheck disable=SC2046,SC2086
{
	head_line 'dry run, warm cache (median, ms)' xkvm true ratio quartiles
	row 'user NIC, one disk' "$runs" -- "$xkvm" --dry-run $plain -- true
	row 'bridge NIC, one disk' "$runs" -- "$xkvm" --dry-run $bridge -- true
	row '4 NICs, 5 disks, with properties' "$runs" \
		-- "$xkvm" --dry-run $large -- true
	row '32 NICs with properties' "$runs" \
		-- "$xkvm" --dry-run $(nics 32) -- true
	row '64 disks with properties' "$runs" \
		-- "$xkvm" --dry-run -n user $(disks 64) -- true
}

# ---- 2: a dry run that asks QEMU ---------------------------------------------

# qemus COMMAND...: how many QEMUs it starts.
qemus()
{
	strace -f -qq -e trace=execve -o "$work/trace" "$@" >/dev/null 2>&1
	grep -c 'qemu-system.* = 0$' "$work/trace" || true
}

# shellcheck disable=SC2046,SC2086
{
	head_line 'dry run, no cache (median, ms)' xkvm true ratio quartiles
	row 'user NIC, two disks, with properties' "$(share 10)" \
		-- env XDG_CACHE_HOME="$nothing" "$xkvm" --dry-run $words \
		-- env true
	row '4 NICs, 5 disks, with properties' "$(share 10)" \
		-- env XDG_CACHE_HOME="$nothing" "$xkvm" --dry-run $large \
		-- env true
	number 'QEMUs started to be asked' "$(qemus env \
		XDG_CACHE_HOME="$nothing" "$xkvm" --dry-run $large)"
	number 'the same, warm' "$(qemus "$xkvm" --dry-run $large)"
}

if [ -n "${XKVM_REFERENCE:-}" ]; then
	head_line 'the shell tool beside it (median, ms)' shell xkvm ratio \
		quartiles
	# shellcheck disable=SC2046,SC2086
	for cache in "$XDG_CACHE_HOME" "$nothing"; do
		[ "$cache" = "$nothing" ] && is=cold || is=warm
		row "dry run, user NIC, one disk, $is" "$(share 10)" \
			-- "$XKVM_REFERENCE" --dry-run $plain \
			-- env XDG_CACHE_HOME="$cache" "$xkvm" --dry-run $plain
		row "dry run, two disks with properties, $is" "$(share 20)" \
			-- "$XKVM_REFERENCE" --dry-run $words \
			-- env XDG_CACHE_HOME="$cache" "$xkvm" --dry-run $words
	done
fi

# ---- 3: a run, to the start of QEMU ------------------------------------------

# Both start a stand-in, which prints when it began.
# shellcheck disable=SC2086
{
	stand_in=$build/tests/bench/stand_in
	tap_exec=$build/tests/bench/tap_exec
	head_line 'to the start of QEMU, warm cache (median, ms)' xkvm base \
		ratio quartiles
	measure 'user NIC, one disk / exec' "$ratio" -p "$runs" \
		-- "$xkvm" -q --kvm "$stand_in" $plain -- "$stand_in"
	measure 'one NIC on a bridge / tap, fork and exec by hand' \
		"$ratio" -p "$(share 2)" \
		-- "$xkvm" -q --kvm "$stand_in" -n br0 \
		-- "$tap_exec" br0 "$stand_in"
	difference
	ephemeral="-n user -d $work/0.img,ephemeral"
	measure 'one ephemeral disk / a disk' "$ratio" -p "$(share 2)" \
		-- "$xkvm" -q --kvm "$stand_in" $ephemeral \
		-- "$xkvm" -q --kvm "$stand_in" $plain
	difference
	measure 'one ephemeral disk / qemu-img by hand' "$ratio" -p "$(share 2)" \
		-- "$xkvm" -q --kvm "$stand_in" $ephemeral \
		-- sh -c "qemu-img create -q -f qcow2 -b $work/0.img -F raw \
			$work/overlay && exec $stand_in"
	difference
	measure 'four ephemeral disks / one' "$ratio" -p "$(share 4)" \
		-- "$xkvm" -q --kvm "$stand_in" -x -n user -d "$work/0.img" \
			-d "$work/1.img" -d "$work/2.img" -d "$work/3.img" \
		-- "$xkvm" -q --kvm "$stand_in" $ephemeral
	difference
}

# ---- 4: what a warm dry run does ---------------------------------------------

# calls COMMAND...: its system calls, a line for each purpose. A descriptor
# belongs to who opened it. The loader is done when it unmaps its list of
# libraries.
calls()
{
	strace -o "$work/trace" "$@" >/dev/null 2>&1
	awk -v work="$work" -v cache="$XDG_CACHE_HOME/" '
		function purpose() {
			if (!is_loaded)
				return "the loader and the libraries"
			if (index($0, cache))
				return "the cache of answers"
			if (index($0, work))
				return "disks"
			if (/qemu|"\/usr/)
				return "which QEMU, and its identity"
			if (/NETLINK|netlink/)
				return "bridges"
			if (/"\/(dev|etc)\//)
				return "devices and ids of the host"
			if (/^(brk|mmap|munmap|mremap)/)
				return "memory"
			if (/^(write|ioctl|exit)/)
				return "output"
			return ""
		}
		{
			fd = $0
			sub(/^[a-z0-9_]*\(/, "", fd)
			sub(/[,)].*/, "", fd)
			is_fd = fd ~ /^[0-9]+$/ && fd > 2
			what = purpose()
			if (is_loaded && is_fd && fd in owner)
				what = owner[fd]
			if ((/^open/ || /^socket/) && / = [0-9]+$/)
				owner[$NF] = what
			if (what == "")
				what = "the rest"
			count[what]++
			all++
		}
		/^munmap/ && !is_loaded { is_loaded = 1 }
		END {
			for (what in count)
				print count[what] "\t" what
			print all "\tall system calls"
		}' "$work/trace" | sort -n
}

# faults COMMAND...: its page faults.
faults()
{
	"$series" 20 1 -- "$@" | cut -f 4
}

# shellcheck disable=SC2046,SC2086
{
	head_line 'a warm dry run of 4 NICs and 5 disks' xkvm true '' ''
	calls "$xkvm" --dry-run $large >"$work/calls"
	while IFS=$tab read -r count what; do
		number "$what" "$count"
	done <"$work/calls"
	number 'page faults' "$(faults "$xkvm" --dry-run $large)" \
		"$(faults true)"
}

# ---- 5: many -----------------------------------------------------------------

# instructions COMMAND...: how many it executes in user space.
instructions()
{
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 \
		>/dev/null | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

# grows NAME N OPTION...: what the N devices of these options cost more than
# none, each.
grows()
{
	name=$1
	count=$2
	shift 2
	number "$name, each" $((($(instructions "$xkvm" --dry-run "$@") - \
		none) / count))
}

# shellcheck disable=SC2046,SC2086
if command -v valgrind >/dev/null; then
	head_line 'instructions of a dry run' xkvm '' '' ''
	none=$(instructions "$xkvm" --dry-run -n user)
	number 'no device but a user NIC' "$none"
	for count in 8 32; do
		grows "$count NICs" "$count" $(nics $count)
	done
	for count in 8 64; do
		grows "$count disks" "$count" -n user $(disks $count)
	done
fi

# A QEMU that is true: all that is left is xkvm.
# shellcheck disable=SC2046,SC2086
{
	head_line 'runs of a QEMU that is true (median, ms)' xkvm base ratio \
		quartiles
	row 'user NIC, one disk / true' "$runs" \
		-- "$xkvm" -q --kvm true $plain -- true
	row 'the same with --exec / true' "$runs" \
		-- "$xkvm" -q --exec --kvm true $plain -- true
	row 'one tap on a bridge / none' "$(share 4)" \
		-- "$xkvm" -q --kvm true $bridge \
		-- "$xkvm" -q --kvm true $plain
	row '32 taps on 32 bridges / one tap' "$(share 20)" \
		-- "$xkvm" -q --kvm true $(seq 0 31 | sed 's/.*/-n br&/') \
		-- "$xkvm" -q --kvm true -n br0
}

# links: what would be left of a tap.
links()
{
	ip -o link | wc -l
}

# memory: what the kernel itself holds, kB.
memory()
{
	awk '/^(Slab|KernelStack|PageTables):/ { sum += $2 } END { print sum }' \
		/proc/meminfo
}

# in_a_row COUNT WIDTH: starts with one tap each; each, first and last are set.
in_a_row()
{
	"$series" "$1" "$2" -- "$xkvm" -q --kvm true -n br0,mac=random \
		>"$work/series"
	# shellcheck disable=SC2034 # page faults are of no interest
	IFS=$tab read -r each first last ignored <"$work/series"
}

head_line 'many runs of it, one tap each (ms)' each 'last 10%' '' ''
before=$(links)
memory_before=$(memory)
in_a_row "$((runs * 5))" 1
number "$((runs * 5)) in a row; the first tenth, the last" "$first" "$last"
number 'kB that the kernel holds, before and after' "$memory_before" \
	"$(memory)"
in_a_row 50 50
number '50 at once: each' "$each"
number 'links, before and after' "$before" "$(links)"
