# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# What xkvm needs on the host, under the names that the distributions give it,
# and how it gets there. Sourced by quickstart and run-tests.
#
# A table has a line for each need: how to see that it is there, then the
# package on Debian, Fedora, Arch Linux and openSUSE; "-" where none is needed.
#
#	cmd:NAME    a program in the PATH
#	pc:NAME     a library that pkg-config knows
#	file:PATH   a file
#	clang:FLAG  what clang links with FLAG
#
# Of the names only Debian's are installed by install_needs. The others are
# printed for the reader to install, since only Debian is tested.

# Where Debian keeps mkfs and its like, out of the PATH of ordinary users.
PATH=$PATH:/usr/sbin:/sbin

needs_to_build()
{
	cat <<'END'
cmd:meson                meson        meson               meson       meson
cmd:ninja                ninja-build  ninja-build         ninja       ninja
cmd:pkg-config           pkg-config   pkgconf-pkg-config  pkgconf     pkgconf-pkg-config
cmd:gcc                  gcc          gcc                 gcc         gcc
file:/usr/include/stdio.h libc6-dev   glibc-devel         glibc       glibc-devel
pc:jansson               libjansson-dev jansson-devel     jansson     libjansson-devel
pc:libmnl                libmnl-dev   libmnl-devel        libmnl      libmnl-devel
pc:libcap-ng             libcap-ng-dev libcap-ng-devel    libcap-ng   libcap-ng-devel
pc:libseccomp            libseccomp-dev libseccomp-devel   libseccomp  libseccomp-devel
pc:libarchive            libarchive-dev libarchive-devel  libarchive  libarchive-devel
pc:yaml-0.1              libyaml-dev  libyaml-devel       libyaml     libyaml-devel
cmd:scdoc                scdoc        scdoc               scdoc       scdoc
END
}

needs_to_boot()
{
	cat <<'END'
cmd:qemu-system-x86_64   qemu-system-x86 qemu-system-x86  qemu-system-x86 qemu-x86
cmd:ip                   iproute2     iproute             iproute2    iproute2
cmd:unshare              util-linux   util-linux          util-linux  util-linux
cmd:cpio                 cpio         cpio                cpio        cpio
cmd:xz                   xz-utils     xz                  xz          xz
cmd:busybox              -            busybox             busybox     busybox-static
END
}

needs_to_test()
{
	cat <<'END'
pc:cmocka                libcmocka-dev libcmocka-devel    cmocka      libcmocka-devel
cmd:bats                 bats         bats                bats        bats
cmd:jq                   jq           jq                  jq          jq
cmd:python3              python3      python3             python      python3
cmd:strace               strace       strace              strace      strace
cmd:valgrind             valgrind     valgrind            valgrind    valgrind
cmd:clang                clang        clang               clang       clang
clang:-fsanitize=address libclang-rt-dev compiler-rt      compiler-rt clang
cmd:clang-tidy           clang-tidy   clang-tools-extra   clang       clang-tools
cmd:clang-format         clang-format clang-tools-extra   clang       clang-tools
cmd:shellcheck           shellcheck   ShellCheck          shellcheck  ShellCheck
cmd:qemu-system-aarch64  qemu-system-arm qemu-system-aarch64 qemu-system-aarch64 qemu-arm
cmd:qemu-system-s390x    qemu-system-misc qemu-system-s390x qemu-system-s390x qemu-s390x
cmd:qemu-system-ppc64    qemu-system-ppc qemu-system-ppc  qemu-system-ppc qemu-ppc
cmd:qemu-system-riscv64  qemu-system-misc qemu-system-riscv qemu-system-riscv qemu-extra
cmd:qemu-ga              qemu-guest-agent qemu-guest-agent qemu-guest-agent qemu-guest-agent
cmd:sshd                 openssh-server openssh-server    openssh     openssh-server
cmd:ssh-keygen           openssh-client openssh-clients   openssh     openssh-clients
cmd:swtpm                swtpm        swtpm               swtpm       swtpm
cmd:qemu-img             qemu-utils   qemu-img            qemu-img    qemu-tools
file:/usr/share/OVMF     ovmf         edk2-ovmf           edk2-ovmf   qemu-ovmf-x86_64
file:/usr/share/AAVMF    qemu-efi-aarch64 edk2-aarch64    edk2-aarch64 qemu-uefi-aarch64
cmd:zstd                 zstd         zstd                zstd        zstd
cmd:lz4                  lz4          lz4                 lz4         lz4
cmd:bzip2                bzip2        bzip2               bzip2       bzip2
cmd:xorriso              xorriso      xorriso             libisoburn  xorriso
cmd:mkfs.ext4            e2fsprogs    e2fsprogs           e2fsprogs   e2fsprogs
cmd:mkfs.vfat            dosfstools   dosfstools          dosfstools  dosfstools
cmd:mcopy                mtools       mtools              mtools      mtools
cmd:mmdebstrap           mmdebstrap   -                   -           -
cmd:sfdisk               fdisk        util-linux          util-linux  util-linux
cmd:ssh                  openssh-client openssh-clients   openssh     openssh-clients
cmd:ping                 iputils-ping iputils             iputils     iputils
cmd:socat                socat        socat               socat       socat
cmd:ss                   iproute2     iproute             iproute2    iproute2
cmd:setpriv              util-linux   util-linux          util-linux  util-linux
cmd:nft                  nftables     nftables            nftables    nftables
cmd:iptables-nft         iptables     iptables-nft        iptables-nft iptables
cmd:setcap               libcap2-bin  libcap              libcap      libcap-progs
cmd:sudo                 sudo         sudo                sudo        sudo
cmd:systemd-socket-activate systemd   systemd             systemd     systemd
cmd:groupadd             passwd       shadow-utils        shadow      shadow
cmd:ssh-agent            openssh-client openssh-clients   openssh     openssh-clients
cmd:pgrep                procps       procps-ng           procps-ng   procps
END
}

# package_manager: prints apt, dnf, pacman or zypper; fails without one.
package_manager()
{
	for manager in apt-get dnf pacman zypper; do
		if command -v "$manager" >/dev/null; then
			echo "${manager%-get}"
			return
		fi
	done
	return 1
}

# is_there NEED: in the notation of the tables.
is_there()
{
	case $1 in
	cmd:*) command -v "${1#cmd:}" >/dev/null ;;
	pc:*) pkg-config --exists "${1#pc:}" 2>/dev/null ;;
	file:*) [ -e "${1#file:}" ] ;;
	clang:*)
		echo 'int main(void) { return 0; }' |
			clang "${1#clang:}" -x c -o /dev/null - 2>/dev/null
		;;
	esac
}

# missing_packages MANAGER: reads tables and prints the packages that would
# bring what is missing, on one line.
missing_packages()
{
	manager=$1
	while read -r need debian fedora arch suse; do
		! is_there "$need" || continue
		case $manager in
		apt) echo "$debian" ;;
		dnf) echo "$fedora" ;;
		pacman) echo "$arch" ;;
		zypper) echo "$suse" ;;
		esac
	done | grep -vx -e - | sort -u | paste -sd ' ' -
}

# The only use of root that quickstart and run-tests make.
apt_as_root()
{
	if [ "$(id -u)" -eq 0 ]; then
		set -- env DEBIAN_FRONTEND=noninteractive apt-get "$@"
	elif command -v sudo >/dev/null; then
		set -- sudo env DEBIAN_FRONTEND=noninteractive apt-get "$@"
	else
		echo "sudo is not installed; as root, run: apt-get $*" >&2
		return 1
	fi
	"$@" >&2
}

# refresh_for PACKAGE...: updates apt's lists, if a package is not in them.
refresh_for()
{
	apt-cache show "$@" >/dev/null 2>&1 || apt_as_root -qq update
}

apt_install()
{
	apt_as_root -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 \
		-o DPkg::Lock::Timeout=300 install "$@"
}

# install_needs: reads tables and installs what is missing, or says what to
# install and fails. The packages in lists that are too old may be gone, hence
# the second try.
install_needs()
{
	if ! manager=$(package_manager); then
		manager=apt
		command="the packages that Debian calls"
	fi
	packages=$(missing_packages "$manager")
	[ -n "$packages" ] || return 0

	# The words are package names, which have no blanks.
	# shellcheck disable=SC2086
	case ${command:-$manager} in
	apt)
		echo "installing $packages" >&2
		refresh_for $packages &&
			{ apt_install $packages ||
				{ apt_as_root -qq update &&
					apt_install $packages; }; }
		return
		;;
	dnf) command='sudo dnf install' ;;
	pacman) command='sudo pacman -S --needed' ;;
	zypper) command='sudo zypper install' ;;
	esac
	echo "missing on this host, please install: $command $packages" >&2
	return 1
}
