# SPDX-License-Identifier: Apache-2.0
#
# A real cloud image, as tests/guest/cloud builds it: from one command to a guest
# that one can use. Each boot takes a minute under emulation, so a test looks at
# much at once. XKVM_CLOUD is the folder of the image (build/cloud without it).

bats_require_minimum_version 1.5.0
load lib

XKVM_CLOUD=${XKVM_CLOUD:-$top/build/cloud}
# On a busy machine.
export BATS_TEST_TIMEOUT=900
guest_deadline=600

setup()
{
	prepare_test
	[[ -e $XKVM_CLOUD/debian.img ]] ||
		skip "needs a cloud image, which tests/guest/cloud builds"
	ssh-keygen -q -t ed25519 -N '' -C test -f key
	oracle_before
}

# What cloud-init says when it has done all of it; to ask it costs more.
finished='text:Cloud-init v\. .* finished at'

# start_cloud [OPTION]...: boots with these, with the image's boot loader.
start_cloud()
{
	"$XKVM" -m 512 --timeout "$guest_deadline" "$@" -- -nographic \
		</dev/null >"$guest_console" 2>"$guest_errors" 3>&- &
	guest_pid=$!
}

# start_cloud_kernel [OPTION]...: the same without a boot loader, which is quicker.
start_cloud_kernel()
{
	local append

	read -r append <"$XKVM_CLOUD/append"
	start_cloud --fast --kernel "$XKVM_CLOUD/kernel" \
		--initrd "$XKVM_CLOUD/initrd" --append "$append" "$@"
}

# await_ready: until xkvm says that the guest is.
await_ready()
{
	until_true "$guest_deadline" is_ready_or_ended
	is_ready || fail "xkvm ended and did not say that the guest is ready"
}

is_ready()
{
	grep -q '^xkvm: ready: ' "$guest_errors"
}

is_ready_or_ended()
{
	is_ready || ! kill -0 "$guest_pid" 2>/dev/null
}

# look_inside ADDRESS PORT: logs in by the key, and keeps what the script on the
# standard input says in the file `inside`.
look_inside()
{
	ssh -F none -i key -p "$2" -o UserKnownHostsFile=known \
		-o StrictHostKeyChecking=accept-new -o BatchMode=yes \
		"debian@$1" sudo bash -eu >inside
	cat inside
}

inside_is()
{
	grep -Fxq -e "$1" inside || fail "the guest did not say '$1'"
}

# stop_cloud: what the guest wrote stays, like after a power cut.
stop_cloud()
{
	kill "$guest_pid"
	wait_guest
	[ "$guest_status" -eq 143 ]
}

# What each boot is asked.
questions()
{
	cat <<-'END'
		echo "host $(hostname)"
		echo "instance $(cat /var/lib/cloud/data/instance-id)"
		grep '"errors": ' /run/cloud-init/result.json
		echo "written $(cat /etc/written)"
		echo "runs $(wc -l </var/log/runs)"
		ip -br -4 address show scope global |
			sed -E 's/^[^ ]+ +UP +([^ ]+).*/address \1/'
		ip -4 route show default | sed -E 's/ dev .*//'
		echo "root $(lsblk -nbo SIZE "$(findmnt -no SOURCE /)")"
		sync
	END
}

# user_data TEXT: what it does shows once for each instance, and names it.
user_data()
{
	cat <<-END
		#cloud-config
		write_files:
		  - path: /etc/written
		    content: $1
		runcmd:
		  - echo run >>/var/log/runs
	END
}

# Without a network nothing can be downloaded here.
@test "a build of the image that fails leaves the old one" {
	require_root
	require_command apt-get
	mkdir built
	echo old >built/debian.img
	"$top/tests/guest/cloud" "$PWD/built"
	[ "$(cat built/debian.img)" = old ]

	touch -d @0 built
	run ! "$top/tests/guest/cloud" "$PWD/built"
	[[ $output == *"cannot bootstrap Debian from "* ]]
	[ "$(cat built/debian.img)" = old ]
	[ "$(echo built*)" = 'built built.lock' ]
}

@test "a cloud image does what its seed says, for each instance once" {
	local port sum

	sum=$(sha256sum <"$XKVM_CLOUD/debian.img")
	make_qcow2 disk.qcow2 3G "$XKVM_CLOUD/debian.img" qcow2
	port=$(free_port)
	user_data first >first.yaml
	start_cloud --wait ssh --wait cloud-init --disk disk.qcow2 \
		-n "user,fwd=$port:22" \
		--cloud-init user-data=first.yaml,hostname=noble \
		--cloud-init instance-id=one --ssh-key=key.pub
	await_ready
	questions | look_inside 127.0.0.1 "$port"
	inside_is 'host noble'
	inside_is 'instance one'
	inside_is '  "errors": []'
	inside_is 'written first'
	inside_is 'runs 1'
	inside_is 'address 10.0.2.15/24'
	inside_is 'default via 10.0.2.2'
	# growpart and resizefs: 3 GiB without what stands before it.
	[ "$(sed -n 's/^root //p' inside)" -gt 3000000000 ]
	stop_cloud

	# The same instance: what is done once is not done again.
	user_data second >second.yaml
	start_cloud_kernel --wait "$finished" --disk disk.qcow2 \
		-n "user,fwd=$port:22" \
		--cloud-init user-data=second.yaml,hostname=noble \
		--cloud-init instance-id=one --ssh-key=key.pub
	await_ready
	questions | look_inside 127.0.0.1 "$port"
	inside_is 'instance one'
	inside_is 'written first'
	inside_is 'runs 1'
	stop_cloud

	# Another one, with another network and new host keys.
	make_bridge br0 192.0.2.1/24
	cat >network.yaml <<-'END'
		version: 2
		ethernets:
		  lan:
		    match: { macaddress: "52:54:00:00:00:aa" }
		    addresses: [ 192.0.2.9/24 ]
		    routes: [ { to: default, via: 192.0.2.1 } ]
	END
	start_cloud_kernel --wait "$finished" --disk disk.qcow2 \
		-n br0,mac=52:54:00:00:00:aa \
		--cloud-init user-data=second.yaml,network-config=network.yaml \
		--cloud-init instance-id=two,hostname=other --ssh-key=key.pub
	await_ready
	questions | look_inside 192.0.2.9 22
	inside_is 'host other'
	inside_is 'instance two'
	inside_is 'written second'
	inside_is 'runs 2'
	inside_is 'address 192.0.2.9/24'
	inside_is 'default via 192.0.2.1'
	stop_cloud
	[ "$(cut -d ' ' -f 3 known | sort -u | wc -l)" -eq 2 ]

	ip link delete dev br0
	oracle_after
	[ "$(sha256sum <"$XKVM_CLOUD/debian.img")" = "$sum" ]
}

@test "a command runs in an ephemeral guest, of which nothing is left" {
	local sum

	sum=$(sha256sum <"$XKVM_CLOUD/debian.img")
	user_data mine >my.yaml
	guest_status=0
	"$XKVM" -m 512 --ephemeral --disk "$XKVM_CLOUD/debian.img,size=3G" \
		-n user --cloud-init user-data=my.yaml --ssh-key=key.pub \
		--wait cloud-init --timeout "$guest_deadline" \
		--run "$(questions); exit 7" \
		</dev/null >inside 2>"$guest_errors" 3>&- || guest_status=$?
	cat inside
	[ "$guest_status" -eq 7 ]
	inside_is 'host guest'
	inside_is 'written mine'
	inside_is 'runs 1'
	oracle_after
	[ "$(sha256sum <"$XKVM_CLOUD/debian.img")" = "$sum" ]
}
