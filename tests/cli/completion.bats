# SPDX-License-Identifier: Apache-2.0
#
# The completions: that shells can read them, that they know every option, and
# that bash really completes.

load lib

@test "each completion knows every option" {
	local name

	for name in $(long_options); do
		"$XKVM" completion bash | grep -qwF -e "--$name" ||
			fail "bash does not know --$name"
		"$XKVM" completion zsh | grep -qE -e "\*--$name(=-?)?\[" ||
			fail "zsh does not know --$name"
		"$XKVM" completion fish | grep -qE -e " -l $name( |$)" ||
			fail "fish does not know --$name"
	done
}

@test "the shells can read their completions" {
	local shell

	"$XKVM" completion bash | bash -n
	for shell in zsh fish; do
		! command -v "$shell" >/dev/null ||
			"$XKVM" completion "$shell" | "$shell" -n
	done
}

# in_bash: what the steps type is typed into a bash that completes for xkvm.
in_bash()
{
	mkdir -p bin
	ln -sf "$XKVM" bin/xkvm
	"$XKVM" completion bash >rules
	cat >rc <<-'END'
		PS1='ready> '
		PATH=$PWD/bin:$PATH
		bind 'set enable-bracketed-paste off'
		bind 'set show-all-if-ambiguous on'
		. ./rules
	END
	{ cat && printf '%s\n' 'type \x15exit\r' end; } |
		TERM=dumb "$top/tests/system/on-terminal" \
			bash --noprofile --rcfile rc -i 3>&-
}

@test "bash completes an option, and its value" {
	in_bash <<-'END'
		expect ready> 
		type xkvm --acc\t
		expect xkvm --accel 
		type k\t
		expect kvm 
		type --accel=t\t
		expect --accel=tcg 
	END
}

@test "bash lists what fits" {
	in_bash <<-'END'
		expect ready> 
		type xkvm --accel \t
		expect auto +kvm +tcg
	END
}

@test "bash completes files, commands and the modes of tap-control" {
	touch 'some disk.img'
	in_bash <<-'END'
		expect ready> 
		type xkvm --disk some\t
		expect some..disk.img 
		type \x15xkvm tap\t
		expect xkvm tap-control 
		type make\t
		expect make-nics 
		type \x15xkvm comp\t
		expect completion 
	END
}

@test "after -- bash completes files as usual" {
	touch kernel-image
	in_bash <<-'END'
		expect ready> 
		type xkvm -- -kernel kern\t
		expect kernel-image 
	END
}
