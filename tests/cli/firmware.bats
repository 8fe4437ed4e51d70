# SPDX-License-Identifier: Apache-2.0
#
# xkvm firmware: what this user has, in a folder of the user's own. The numbers
# put it before and behind all that the host may have.

load lib

setup()
{
	export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/config
	own=$XDG_CONFIG_HOME/qemu/firmware
	mkdir -p "$own"
	cd "$BATS_TEST_TMPDIR" || return
	truncate -s 4096 code
	truncate -s 8192 vars
}

# describe NAME ARCH FEATURES: a descriptor of code and vars.
describe()
{
	cat >"$own/$1" <<-END
		{ "description": "my own",
		  "interface-types": [ "uefi" ],
		  "mapping": { "device": "flash",
		    "executable": { "filename": "$PWD/code", "format": "raw" },
		    "nvram-template": { "filename": "$PWD/vars",
		                        "format": "raw" } },
		  "targets": [ { "architecture": "$2", "machines": [ "*" ] } ],
		  "features": [ $3 ] }
	END
}

@test "firmware list marks what a run takes, and says what speaks against others" {
	describe 00-own.json x86_64 '"verbose-dynamic"'
	describe 01-keys.json x86_64 '"secure-boot", "enrolled-keys"'
	describe 02-foreign.json s390x ''
	echo '{' >"$own/03-broken.json"
	"$XKVM" firmware list --arch x86_64 >listed
	head -n 4 listed >first
	diff - first <<-END
		* $own/00-own.json
		  $own/01-keys.json: turns Secure Boot on, which takes --secure-boot yes
		  $own/02-foreign.json: is for s390x
		  $own/03-broken.json: line 2 is not JSON: string or '}' expected near end of file
	END
	"$XKVM" firmware list --arch x86_64 --secure-boot yes >listed
	grep -qx "\* $own/01-keys.json" listed
}

@test "firmware describe shows what the one that is taken is made of" {
	describe 00-own.json x86_64 '"acpi-s3", "acpi-s4"'
	"$XKVM" firmware describe --arch x86_64 --uefi-nvram store >description
	diff - description <<-END
		firmware: $own/00-own.json
		description: my own
		interfaces: uefi
		mapping: flash
		code: $PWD/code (raw)
		variables: copied from $PWD/vars (raw)
		kept in: store, which is yet to be made
		features: acpi-s3, acpi-s4
		machines of x86_64: *
		machine: pc
	END
}

@test "an empty descriptor of the user's hides the host's" {
	local name

	name=$(basename "$(echo /usr/share/qemu/firmware/*x86_64.json)")
	[[ -e /usr/share/qemu/firmware/$name ]] || skip 'no such descriptor'
	: >"$own/$name"
	"$XKVM" firmware list --arch x86_64 >listed || true
	grep -q "/usr/share/qemu/firmware/$name: is hidden by $own/$name" listed
}

@test "where none fits, the status is 125 and the message says why" {
	describe 00-own.json x86_64 ''
	run "$XKVM" firmware describe --arch x86_64 --firmware-features amd-sev-snp
	[ "$status" -eq 125 ]
	[[ $output == *"'xkvm firmware list' shows all"* ]]
	run "$XKVM" firmware list --arch s390x
	[ "$status" -eq 125 ]
	[[ $output == *"no UEFI firmware is known for s390x"* ]]
	run "$XKVM" firmware list --secure-boot maybe
	[ "$status" -eq 2 ]
	run "$XKVM" firmware
	[ "$status" -eq 2 ]
}

@test "firmware writes nothing" {
	describe 00-own.json x86_64 ''
	"$XKVM" firmware list --arch x86_64 --uefi-nvram store >/dev/null
	"$XKVM" --dry-run --arch x86_64 --netdev user --uefi-nvram store \
		>/dev/null 2>&1
	[ ! -e store ]
}
