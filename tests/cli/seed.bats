# SPDX-License-Identifier: Apache-2.0
#
# The seed of cloud-init without a guest: what xkvm seed writes, as others read
# it, what is refused, and that a run that was asked for none pays nothing.

load lib

key='ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKeyKeyKeyKeyKeyKeyKeyKeyKeyKeyKeyKeyKeyKey me'

setup()
{
	cd "$BATS_TEST_TMPDIR" || return
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache XKVM_ACCEL=tcg
	export HOME=$BATS_TEST_TMPDIR
	unset SSH_AUTH_SOCK DEF_DISK_DRIVER DEF_NETMODEL
	printf '#cloud-config\npackages: [hello]\n' >user
}

# seed_file NAME WORD...: the file of that name in the plan's seed.
seed_file()
{
	local name=$1

	shift
	"$XKVM" --dry-run=json -n user "$@" |
		jq -je --arg name "$name" '.seed[$name].content'
}

@test "the image is what others take for one" {
	: >empty
	"$XKVM" seed out.iso -n user --cloud-init user-data=user,vendor-data=empty
	[ "$(blkid -p -o value -s LABEL out.iso)" = cidata ]
	[ "$(blkid -p -o value -s TYPE out.iso)" = iso9660 ]
	[ "$(stat -c %a out.iso)" = 600 ]
	mkdir files
	xorriso -report_about SORRY -osirrox on -indev out.iso \
		-extract / files
	cmp user files/user-data
	# Nothing beside it, by whatever name.
	[ "$(echo ./out.iso*)" = ./out.iso ]
	[ "$(seed_file meta-data --cloud-init user-data=user)" = \
		"$(cat files/meta-data)" ]
}

@test "no file is replaced without --force, and none is left half" {
	echo mine >out.iso
	refuses 125 "'out.iso' exists already; --force replaces it" seed out.iso
	[ "$(cat out.iso)" = mine ]
	refuses 125 "'/dev/null' is not a regular file" seed --force /dev/null
	refuses 125 "cannot create 'missing/out.iso': No such file" \
		seed missing/out.iso
	refuses 2 'seed needs the name of the file to write' seed
	"$XKVM" seed --force out.iso
	[ "$(stat -c %s out.iso)" -gt 50000 ]
	# Nothing beside it, by whatever name.
	[ "$(echo ./out.iso*)" = ./out.iso ]
}

@test "large files and odd ones are in the image byte for byte" {
	local size
	for size in 65536 1048576; do
		{
			echo '#cloud-config'
			head -c "$size" /dev/zero | tr '\0' '#'
			printf '\r\ngrüße: 世界\r\n'
		} >large
		"$XKVM" seed --force out.iso --cloud-init user-data=large
		xorriso -report_about SORRY -osirrox on -indev out.iso \
			-extract /user-data copy
		cmp large copy
		rm -f copy
	done
}

@test "the instance id changes with the seed, and only then" {
	seed_file meta-data --cloud-init user-data=user >one
	seed_file meta-data --cloud-init user-data=user >two
	cmp one two
	grep -q '^instance-id: "iid-[0-9a-f]\{16\}"$' one
	for words in hostname=h user-data=user,vendor-data=user disable-network; do
		seed_file meta-data --cloud-init "user-data=user,$words" >two
		run ! cmp -s <(grep instance-id one) <(grep instance-id two)
	done
	seed_file meta-data --cloud-init user-data=user,instance-id=one >two
	grep -qx 'instance-id: "one"' two
}

@test "standard input is a file, once" {
	seed_file user-data --cloud-init user-data=- <user >copy
	cmp user copy
	refuses 2 "'-', standard input, can be read only once" \
		--cloud-init user-data=-,vendor-data=- -n user
}

@test "what cloud-init would ignore is refused before anything is made" {
	printf '# cloud-config\n' >space
	printf '\xef\xbb\xbf#cloud-config\n' >bom
	printf '#cloud-config\na: [\n' >bad
	printf '#cloud-config\n---\na: b\n---\nc: d\n' >two
	printf '\xff\xfe#' >latin
	printf '#!/bin/sh\r\n' >dos
	: >empty
	printf 'version: 3\n' >v3
	printf -- '- a\n' >list
	{ echo '#cloud-config'; head -c 16M /dev/zero | tr '\0' '#'; } >large
	refuses 2 "--cloud-init user-data=space: its first line, '# cloud-config'" \
		--cloud-init user-data=space
	refuses 2 'begins with a byte order mark' --cloud-init user-data=bom
	refuses 2 'it is no YAML, and cloud-init would ignore it: line 3: ' \
		--cloud-init user-data=bad
	refuses 2 'line 5: a second document begins there' --cloud-init user-data=two
	refuses 2 'its lines end in carriage returns' --cloud-init vendor-data=dos
	refuses 2 'it is larger than 16 MiB' --cloud-init user-data=large
	refuses 2 'it is not UTF-8' --cloud-init user-data=latin
	refuses 2 'No such file or directory' --cloud-init user-data=missing
	refuses 2 'cannot be read: Is a directory' --cloud-init user-data=.
	refuses 2 'meta-data=empty: it is empty' --cloud-init meta-data=empty
	refuses 2 "cloud-init fails on a list or a text" --cloud-init meta-data=list
	refuses 2 "its version is '3'; cloud-init knows 1 and 2" \
		--cloud-init network-config=v3
	refuses 2 'it says nothing of a network' --cloud-init network-config=empty
	refuses 2 'it has no version' --cloud-init network-config=user
}

@test "--ssh-key finds files, the folder's keys and the agent's" {
	refuses 125 'there is no public key, neither of an ssh agent nor' \
		--ssh-key -n user
	echo "$key" >id.pub
	seed_file meta-data --ssh-key=id.pub | grep -Fqx "public-keys: [\"$key\"]"
	printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\n' >id
	refuses 2 '--ssh-key=id: it is a private key, which no guest may see' \
		--ssh-key=id
	refuses 2 '--ssh-key=user: it is no public key' --ssh-key=user
	mkdir .ssh
	ssh-keygen -q -t ed25519 -N '' -C folder -f .ssh/id_ed25519
	ssh-keygen -q -t ecdsa -N '' -C agent -f agent-key
	seed_file meta-data --ssh-key | grep -Fq "$(cat .ssh/id_ed25519.pub)"
	eval "$(ssh-agent -a "$BATS_TEST_TMPDIR/agent")" >/dev/null
	ssh-add -q agent-key
	# Another test's folder is no longer than this one.
	seed_file meta-data --ssh-key >meta || { ssh-agent -k; false; }
	ssh-agent -k >/dev/null
	grep -Fq "\"$(cat agent-key.pub)\", \"$(cat .ssh/id_ed25519.pub)\"" meta
}

@test "--password is in the plan, and what is made up is said once" {
	seed_file vendor-data --password='it"s' |
		grep -Fqx 'password: "it\"s"'
	xkvm seed out.iso --password
	[ "$status" -eq 0 ]
	[[ $stderr =~ ^"xkvm: the password of the guest's default user is "([a-z0-9]{16})$ ]]
	xorriso -report_about SORRY -osirrox on -indev out.iso \
		-extract /vendor-data vendor
	grep -qx "password: \"${BASH_REMATCH[1]}\"" vendor
	refuses 2 'an empty password opens no console' --password=
}

@test "a run without a seed reads and loads nothing for it" {
	mkdir .ssh
	export SSH_AUTH_SOCK=$BATS_TEST_TMPDIR/agent
	# strace and the leak check of a sanitizer exclude each other.
	export ASAN_OPTIONS=detect_leaks=0
	strace -f -o calls "$XKVM" --dry-run -n user >/dev/null 2>&1
	run ! grep -e yaml -e '\.ssh' -e agent calls
	strace -f -o calls "$XKVM" --dry-run -n user --cloud-init user-data=user \
		>/dev/null 2>&1
	grep -q libyaml calls
}
