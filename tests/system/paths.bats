# SPDX-License-Identifier: Apache-2.0
#
# Names of files that mean something to a shell, to QEMU or to an option
# parser: a name is a name. What QEMU really opened is in its /proc.

load lib

# inode FILE
inode()
{
	stat -L -c '%d:%i' -- "$1"
}

# inodes_of PID: the inodes that the process has descriptors of.
inodes_of()
{
	stat -L -c '%d:%i' /proc/"$1"/fd/* 2>/dev/null | sort -u
}

# opens_just FILE WORDS: whether `--disk WORDS` makes QEMU open FILE, and no
# other file of this folder.
opens_just()
{
	local file

	start_machine --netdev user --disk "$2" || return
	inodes_of "$qemu_pid" >opened
	stop_machine
	rm opened.here 2>/dev/null || true
	for file in ./*.img; do
		if grep -Fxq "$(inode "$file")" opened; then
			printf '%s\n' "$file"
		fi
	done >opened.here
	[[ $(cat opened.here) == "./$1" ]] ||
		fail "for '$2' QEMU opened: $(cat opened.here)"
}

# is_opened FILE WORDS: the same for names that need not end in .img.
is_opened()
{
	make_raw "$1" 1M
	start_machine --netdev user --disk "$2" || return
	inodes_of "$qemu_pid" >opened
	stop_machine
	grep -Fxq "$(inode "$1")" opened || fail "for '$2' QEMU did not open it"
}

@test "fault 45: a comma, a colon, brackets, blanks, a dash, an equals sign" {
	local name

	for name in 'a,b.img' 'a:b.img' 'd[1].img' 'd*.img' 'a b.img' '-x.img' \
		'a=b.img' 'ü€.img' "it's.img" '$HOME.img' 'nbd:localhost:1.img'
	do
		make_raw "$name" 1M
	done
	opens_just 'a,b.img' 'a,,b.img'
	opens_just 'a,b.img' 'file=a,,b.img,cache=unsafe'
	opens_just 'a:b.img' 'a:b.img'
	opens_just 'd[1].img' 'd[1].img'
	opens_just 'd*.img' 'd*.img'
	opens_just 'a b.img' 'a b.img'
	opens_just '-x.img' '-x.img'
	opens_just 'a=b.img' 'file=a=b.img'
	opens_just 'ü€.img' 'ü€.img'
	opens_just "it's.img" "it's.img"
	opens_just '$HOME.img' '$HOME.img'
	opens_just 'nbd:localhost:1.img' 'nbd:localhost:1.img,format=raw'
}

@test "fault 45: names that are a protocol or JSON to QEMU" {
	is_opened 'json:{}' 'json:{}'
	is_opened 'fat:rw:dir' 'fat:rw:dir'
	is_opened 'http:' 'file=http:,cache=none'
}

@test "fault 45: a newline in a name" {
	is_opened $'a\nb' $'a\nb'
}

@test "fault 45: a path as long as the kernel takes" {
	local folder path

	folder=$(printf 'd%.0s' {1..250})
	path=$folder
	while ((${#path} + 251 < 3900)); do
		path=$path/$folder
	done
	mkdir -p "$path"
	is_opened "$path/disk" "$path/disk"
}

@test "fault 46: a file with the rest of a name is not opened" {
	make_raw 'a,b.img' 1M
	make_raw 'b.img' 1M
	opens_just 'a,b.img' 'a,,b.img'
	# The comma forgotten: neither of the two is guessed.
	run_machine --netdev user --disk a,b.img
	[ "$guest_status" -eq 2 ]
	grep -q "written ',,'" "$guest_errors"
}
