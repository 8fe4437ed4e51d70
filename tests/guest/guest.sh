# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=dash
#
# What a test script can call inside the guest. Only the guest's busybox is
# there to run it. A function that looks something up prints it, or fails and
# prints nothing where there is none.

# say WORDS...: a line for the test outside.
say()
{
	printf 'guest: %s\n' "$*" >/dev/console
}

# kernel_arg NAME: the value of NAME=VALUE on the kernel's command line.
kernel_arg()
{
	local word words

	read -r words </proc/cmdline
	for word in $words; do
		case $word in
		"$1="*)
			printf '%s\n' "${word#*=}"
			return
			;;
		esac
	done
	return 1
}

# retry SECONDS COMMAND...: runs COMMAND again and again until it succeeds.
retry()
{
	local end=$(($(date +%s) + $1))

	shift
	until "$@"; do
		[ "$(date +%s)" -lt "$end" ] || return 1
		usleep 100000
	done
}

# load_drivers: loads the modules that the machine's devices ask for. A driver
# may bring up a bus with devices of its own, hence the rounds. SCSI disks are
# looked for in the foreground, so that they are there when this returns; only
# those on USB may come later, see retry.
load_drivers()
{
	local aliases known=

	modprobe -q scsi_mod scan=sync
	while
		aliases=$(cat /sys/bus/*/devices/*/modalias | sort -u)
		[ "$aliases" != "$known" ]
	do
		known=$aliases
		printf '%s\n' "$aliases" | xargs -r modprobe -a -q 2>/dev/null
	done
}

# ---- NICs --------------------------------------------------------------------

# nics: the names of all NICs, a line each.
nics()
{
	local dir

	for dir in /sys/class/net/*; do
		[ ! -e "$dir/device" ] || printf '%s\n' "${dir##*/}"
	done
}

# nic_mac NIC, nic_driver NIC
nic_mac()
{
	cat "/sys/class/net/$1/address"
}

nic_driver()
{
	basename "$(readlink "/sys/class/net/$1/device/driver")"
}

# nic_by_mac MAC: the name of the NIC with that address, in lower case.
nic_by_mac()
{
	local nic

	for nic in $(nics); do
		if [ "$(nic_mac "$nic")" = "$1" ]; then
			printf '%s\n' "$nic"
			return
		fi
	done
	return 1
}

# nic_up NIC ADDRESS/LENGTH: IPv4 or IPv6.
nic_up()
{
	ip link set dev "$1" up && ip address add "$2" dev "$1"
}

# can_ping ADDRESS: whether an answer comes within ten seconds; says so too.
can_ping()
{
	local tries=10

	while [ "$tries" -gt 0 ]; do
		if ping -c 1 -W 1 "$1" >/dev/null 2>&1; then
			say "ping $1 ok"
			return
		fi
		tries=$((tries - 1))
	done
	say "ping $1 failed"
	return 1
}

# await_call: says "listening" and returns when somebody connected to TCP port
# 7 and hung up, which is how a test tells the guest to go on.
await_call()
{
	say 'listening'
	nc -l -p 7 >/dev/null
}

# ---- disks -------------------------------------------------------------------

# disks: the names of all disks and CD-ROM drives, a line each.
disks()
{
	local dir

	for dir in /sys/block/*; do
		[ ! -e "$dir/device" ] || printf '%s\n' "${dir##*/}"
	done
}

# disk_serial DISK: its serial number; fails where it has none. It stands in
# the folder of the disk, of its controller (NVMe), of the SCSI device, there as
# a page with a header of four bytes, or of the USB device some levels up.
disk_serial()
{
	local dir serial=

	dir=$(readlink -f "/sys/block/$1")
	while [ -z "$serial" ]; do
		case $dir in
		/sys/devices | */usb[0-9]) return 1 ;;
		esac
		# Without the spaces that fill a field up, which read removes.
		if [ -e "$dir/serial" ]; then
			read -r serial <"$dir/serial"
		elif [ -e "$dir/vpd_pg80" ]; then
			serial=$(tail -c +5 "$dir/vpd_pg80" | tr -d '\0')
			read -r serial <<-END
				$serial
			END
		fi
		dir=${dir%/*}
	done
	printf '%s\n' "$serial"
}

# disk_wwn DISK: its world wide name as the kernel writes it, such as
# naa.5000c50015ea71ac or eui.0123456789abcdef; not the names that the kernel
# makes up from model and serial number.
disk_wwn()
{
	cat "/sys/block/$1/wwid" "/sys/block/$1/device/wwid" 2>/dev/null |
		grep -E '^(naa|eui|uuid)\.'
}

# disk_by_serial SERIAL, disk_by_wwn WWN: the name of the first such disk.
disk_by_serial()
{
	disk_by serial "$1"
}

disk_by_wwn()
{
	disk_by wwn "$1"
}

disk_by()
{
	local disk

	for disk in $(disks); do
		if [ "$(disk_"$1" "$disk")" = "$2" ]; then
			printf '%s\n' "$disk"
			return
		fi
	done
	return 1
}

# disk_attribute DISK NAME: a file of the disk's folder in sysfs, such as size
# (in units of 512 bytes), ro or queue/logical_block_size.
disk_attribute()
{
	cat "/sys/block/$1/$2"
}

# ---- the whole machine -------------------------------------------------------

# report: a line for each NIC and each disk.
report()
{
	local nic disk

	for nic in $(nics); do
		say "nic $nic mac=$(nic_mac "$nic")" \
			"driver=$(nic_driver "$nic")" \
			"mtu=$(cat "/sys/class/net/$nic/mtu")"
	done
	for disk in $(disks); do
		say "disk $disk serial=$(disk_serial "$disk")" \
			"wwn=$(disk_wwn "$disk")" \
			"sectors=$(disk_attribute "$disk" size)" \
			"ro=$(disk_attribute "$disk" ro)" \
			"logical=$(disk_attribute "$disk" \
				queue/logical_block_size)" \
			"physical=$(disk_attribute "$disk" \
				queue/physical_block_size)" \
			"min_io=$(disk_attribute "$disk" queue/minimum_io_size)"
	done
}

# firmware: "uefi" or "bios", as the kernel was started by it.
firmware()
{
	if [ -d /sys/firmware/efi ]; then
		printf 'uefi\n'
	else
		printf 'bios\n'
	fi
}

# ---- ways to end -------------------------------------------------------------

# await_power_button: says "listening" and returns when it was pressed. A guest
# that does not call this ignores the button.
await_power_button()
{
	local event

	event=$(power_button) || return
	say 'listening'
	head -c 1 "$event" >/dev/null
}

power_button()
{
	local dir

	modprobe evdev || return
	for dir in /sys/class/input/event*; do
		case $(cat "$dir/device/name" 2>/dev/null) in
		'Power Button' | *gpio*keys*)
			printf '/dev/input/%s\n' "${dir##*/}"
			return
			;;
		esac
	done
	return 1
}

# panic: crashes the kernel. It stays there, unless panic= on its command line
# says otherwise.
panic()
{
	say 'panic'
	echo c >/proc/sysrq-trigger
}

# hang: never returns, whatever the host asks.
hang()
{
	say 'hanging'
	while :; do
		sleep 3600
	done
}
