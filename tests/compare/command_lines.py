# SPDX-License-Identifier: Apache-2.0
"""The command lines that are compared: those that somebody thought of, and
those that a generator makes, always the same ones."""

import dataclasses
import random
import re

GENERATED = 220
SEED = 20240229


@dataclasses.dataclass
class Command:
    """args: all arguments; passed_on: those that go to QEMU; machine: what
    uname -m is to be, None for this host's."""

    args: list
    passed_on: list = dataclasses.field(default_factory=list)
    environment: dict = dataclasses.field(default_factory=dict)
    machine: str = None
    has_default_bridge: bool = True

    @property
    def asks_for_help(self):
        return any(re.fullmatch(r"-h|--he?l?p?|--version", a)
                   for a in self.args)

    @property
    def names_accelerator(self):
        return any(re.fullmatch(r"-accel|-enable-kvm|-no-kvm|.*accel=.*", a)
                   for a in self.passed_on)

    def __str__(self):
        words = [f"{k}={v!r}" for k, v in self.environment.items()]
        if self.machine:
            words.append(f"[{self.machine}]")
        return " ".join(words + ["xkvm"] + [repr(a) if re.search(
            r"[^\w,=:./+@%-]", a) or not a else a for a in self.args])


def line(text, *tail, **others):
    """Arguments with single blanks between them; `tail` after --."""
    args = text.split(" ") if text else []
    if tail:
        args += ["--", *tail]
    return Command(args, list(tail), **others)


def options():
    """Every option, in every form."""
    yield line("")
    for form in ("-n user", "-nuser", "--netdev user", "--netdev=user",
                 "--net user", "--n=user", "--ne user"):
        yield line(form)
    for form in ("-d disk.img", "-ddisk.img", "--disk disk.img",
                 "--disk=disk.img", "--di disk.img", "--dis=disk.img"):
        yield line(f"-n user {form}")
    for flag in ("-v", "-vv", "-vvv", "--verbose", "--verb", "--dowait",
                 "--no-dowait", "--dow", "--no", "--no-d", "--dry-run",
                 "--dry", "--dr", "--uefi", "--v"):
        yield line(f"-n user {flag}")
    yield line("-n user --dowait --no-dowait --dowait -v -v")
    for flag in ("-h", "--help", "--he", "--version", "-h -n user"):
        yield line(flag)
    for wrong in ("--d", "--u", "--uef", "-x", "--nettdev user", "--disk",
                  "-d", "-n", "--netdev", "--uefi=1", "--verbose=1", "--bios",
                  "--kvm", "--uefi-nvram", "-vn", "--dowait=yes"):
        yield line(wrong)
    for new in ("-q", "--quiet", "--no-reboot", "--accel tcg", "--grace 1",
                "--arch x86_64"):
        yield line(f"-n user {new}")
    for program in ("qemu-system-i386", "/usr/bin/qemu-system-x86_64",
                    "qemu-system-x86_64"):
        yield line(f"-n user --kvm {program}")
        yield line(f"-n user --kvm={program} -d disk.img,share-rw=on")
    yield line("--kvm qemu-system-none -n user -d disk.img,share-rw=on")


def passed_on():
    """What stands after --, and what ends up there."""
    yield line("-n user", "-m", "2G", "-smp", "2", "-nographic")
    yield line("-n user", "-append", "root=/dev/vda console=ttyS0")
    yield line("-n user", "-append", "it's")
    yield line("-n user", "-append", 'say "a b"')
    yield line("-n user", "--disk", "disk.img", "-n", "user", "--")
    yield line("-n user", "-name", "", "-S")
    yield line("-n user", "-accel", "tcg")
    yield line("-n user", "-machine", "q35,accel=tcg")
    yield line("-n user", "-enable-kvm")
    yield line("-n user", "-M", "q35")
    yield line("-n user", "-daemonize", "-display", "none")
    yield line("-n user", "-name", "guest=web")
    yield line("-n br0", "-name", "web")
    yield line("-n user --")
    yield Command(["one", "-n", "user", "two", "--", "-S", "-n"],
                  ["one", "two", "-S", "-n"])
    yield Command(["-n", "user", "one", "-d", "disk.img", "two"],
                  ["one", "two"])
    yield Command(["-n", "user", "-"], ["-"])


def nics():
    for kind in ("user", "virbr0", "br0", "br1"):
        yield line(f"-n {kind}")
        for mac in ("auto", "random", ":05", "05", "aa:bb", "1:2:3",
                    "52:54:00:12:34:99", "AA:bb:CC:dd:EE:f0", ""):
            yield line(f"-n {kind},mac={mac}")
        yield line(f"-n {kind},macaddr=:06,model=e1000")
    for mac in ("zz", "300", "1:2:3:4:5:6:7", "53:54:00:12:34:56",
                "00:00:00:00:00:00", "5:", "1::2", "g"):
        yield line(f"-n br0,mac={mac}")
    for model in ("virtio", "virtio-net-pci", "e1000", "e1000e", "rtl8139",
                  "ne2k_pci", "pcnet", "e1000f", "i82551"):
        yield line(f"-n user,model={model}")
        yield line(f"-n br0,mac=auto,romfile=,model={model}")
    for word in ("hostfwd=tcp::2222-:22", "net=10.9.0.0/24",
                 "dhcpstart=10.0.2.20", "dnssearch=example.com",
                 "restrict=on", "hostname=guest", "ipv4=on", "ipv6=off",
                 "smb=/srv", "tftp=/srv", "bootfile=x", "dns=10.0.2.3",
                 "guestfwd=tcp:10.0.2.100:80-cmd:cat", "mq=on",
                 "bootindex=1", "romfile=", "csum=off", "host_mtu=9000",
                 "rombar=0", "failover=on", "multifunction=on", "vectors=4",
                 "addr=6", "bus=pci.0", "restrict", "mq", "hostfdw=x",
                 "nosuch=1",
                 "id=x", "type=tap", "netdev=x", ""):
        yield line(f"-n user,{word}")
    for word in ("queues=2", "vhost=auto"):
        yield line(f"-n user,{word}")
    for word in ("queues=1", "queues=4", "queues=2,vectors=3",
                 "mq=on,queues=2", "queues=2,vhost=auto,sndbuf=0",
                 "queues=1,model=e1000", "queues=2,model=e1000", "queues=0",
                 "queues=x", "vhost=auto", "vhost=maybe"):
        yield line(f"-n br0,mac=:01,{word}")
    yield line("-n br0,mac=:01,queues=auto -n br1,mac=:02 -- -smp 3")
    yield line("-n br0,mac=:01,queues=auto")
    for word in ("sndbuf=1048576", "vhost=off", "vhost=on", "script=no",
                 "ifname=tap7", "poll-us=10", "mq=off", "addr=7", "nosuch=1"):
        yield line(f"-n br0,mac=:01,{word}")
    yield line("-n user,hostfwd=tcp::1-:1,hostfwd=tcp::2-:2,bootindex=1,"
               "net=10.1.0.0/24,mq=on")
    yield line("-n br0,mac=:01 -n user -n br1,mac=:02 -n virbr0,mac=:03 "
               "-n user")
    yield line("-n br0,mac= -n br1,mac= -n user,mac=")
    yield line("-n br0,mac=:05 -n br0,mac=:05")
    yield line("-n br0,mac=:05 -n br1,mac=:05")
    for name in ("br7", "lo", "../net/br0", "a/b", "sixteen-letters-", "*",
                 "-v", "."):
        yield Command(["-n", name])
    yield Command(["-n", ""])
    yield Command(["-n", "br 0"])
    yield line("", has_default_bridge=False)
    yield line("-d disk.img", has_default_bridge=False)
    yield line("-n virbr0", has_default_bridge=False)


def disks():
    for name in ("disk.img", "root.qcow2", "data.img", "seed.iso", "old.vmdk",
                 "old.vdi", "old.vhdx", "old.vpc", "old.qed", "old.qcow",
                 "a b.img", "größe.img", "d[1].img", "a:b.img", "./a:b.img",
                 "a,b.img", "a,,b.img", "./a=b.img", "a=b.img", "missing.img",
                 ".", "/dev/null"):
        yield Command(["-n", "user", "-d", name])
        if name != "a,,b.img":
            yield Command(["-n", "user", "-d", f"file={name}"])
        yield Command(["-n", "user", "-d", f"cache=unsafe,{name},share-rw=on"])
    for driver in ("virtio-blk", "virtio-blk-pci", "scsi-hd", "scsi-cd",
                   "ide-hd", "ide-cd", "nvme", "usb-storage", "scsi-block",
                   "virtio-blkk", ""):
        yield line(f"-n user -d disk.img,driver={driver}")
        yield line(f"-n user -d driver={driver},cache=none,data.img,"
                   "bootindex=1,serial=s")
    for word in ("if=virtio", "if=scsi", "if=none", "if=ide", "if=pflash",
                 "if=sd", "if=mtd", "floppy", "if=floppy", "if=xen",
                 "if=none,driver=scsi-hd", "if=scsi,driver=nvme",
                 "format=raw", "fmt=raw", "format=qcow2", "format=",
                 "serial=s", "serial=", "wwn=0x5000c500a1b2c3d4",
                 "driver=scsi-hd,wwn=0x5000c500a1b2c3d4",
                 "driver=scsi-hd,wwn=0x5000c500a1b2c3d4,serial=s",
                 "id=drv1", "id=", "index=7", "index=", "bus=1", "unit=3",
                 "bus=1,unit=3", "bus=1,index=3", "unit=1,index=3",
                 "file.locking=off", "file.locking=on", "share-rw=on",
                 "cache=none", "cache=writeback", "aio=threads", "readonly=on",
                 "readonly", "snapshot=on", "snapshot", "media=cdrom",
                 "media=disk", "discard=on", "detect-zeroes=on", "rerror=stop",
                 "werror=report", "logical_block_size=512", "min_io_size=512",
                 "physical_block_size=512", "bootindex=2", "addr=8",
                 "write-cache=off", "iops=100", "bps=1000000",
                 "throttling.iops-total=9", "copy-on-read=on", "cach=none",
                 "nosuch=1", "nosuch",
                 "driver=scsi-hd,product=xkvm,vendor=me", "num-queues=2",
                 "driver=scsi-hd,rotation_rate=1", "lazy-refcounts=on",
                 "driver=ide-hd,bus=ide.0,unit=0", "", "x=y=z"):
        yield line(f"-n user -d disk.img,{word}")
        yield line(f"-n user -d data.img -d {word},disk.img")
    yield line("-n user -d data.img,id=a -d disk.img,id=a")
    yield line("-n user -d data.img,if=pflash,serial=s")
    yield line("-n user -d driver=scsi-hd")
    yield line("-n user -d file=")
    yield Command(["-n", "user", "-d", ""])
    for word in ("serial=mp0", "wwn=0x5000c500a1b2c3d4"):
        disk = f"-d disk.img,driver=scsi-hd,{word},file.locking=off"
        yield line(f"-n user {disk} {disk} {disk}")


def firmware():
    for option in ("--bios bios.bin", "--bios=bios.bin", "--bi bios.bin",
                   "--bios missing.bin", "--uefi", "--uefi-nvram new.fd",
                   "--uefi-nvram=new.fd", "--uefi-n new.fd",
                   "--uefi-nvram nvram.fd",
                   "--uefi-nvram odd.fd", "--uefi --uefi-nvram nvram.fd",
                   "--uefi-nvram nvram.fd --uefi", "--bios bios.bin --uefi",
                   "--bios bios.bin --uefi-nvram nvram.fd", "--bios=",
                   "--uefi-nvram=", "--uefi-nvram=.", "--uefi --uefi"):
        yield line(f"-n user {option} -d disk.img")


def environment():
    for driver in ("scsi-hd", "nvme", "virtio-blk-pci", ""):
        yield line("-n user -d disk.img -d data.img,driver=ide-hd "
                   "-d root.qcow2,if=virtio",
                   environment={"DEF_DISK_DRIVER": driver})
    for model in ("e1000", "rtl8139", "virtio-net-pci", ""):
        yield line("-n user -n user,model=virtio -n user,mac=:07",
                   environment={"DEF_NETMODEL": model})
    for locking in ("true", "false", ""):
        yield line("-n user -d disk.img,file.locking=off,cache=none",
                   environment={"_QEMU_SUPPORTS_FILE_LOCKING": locking})
    for name, value in (("missing", "true"), ("missing_pkgs", "x"),
                        ("nvram_ro", "readonly"), ("failed", "x"),
                        ("IFS", "x"), ("nvram_ro", "snapshot")):
        yield line("-n user --uefi-nvram nvram.fd",
                   environment={name: value})


def architectures():
    for machine in ("i686", "i386", "s390x", "ppc64", "ppc64le", "riscv64",
                    "aarch64"):
        for text in ("-n user", "-n br0,mac=:01 -d disk.img",
                     "-n user -d disk.img,driver=scsi-hd -d data.img",
                     "-n user,model=virtio-net-pci -d disk.img,share-rw=on"):
            yield line(text, machine=machine)
        yield line("-n user", machine=machine,
                   environment={"DEF_NETMODEL": "virtio-net-pci"})
    yield line("-n user -d disk.img,driver=virtio-blk-ccw", machine="s390x")
    yield line("-n user -d disk.img,driver=virtio-blk-ccw,scsi=off,"
               "share-rw=on", machine="s390x")
    yield line("-n user,model=virtio", machine="s390x")
    yield line("-n user", machine="ppc64",
               environment={"DEF_NETMODEL": "e1000"})
    yield line("-n user --kvm qemu-system-x86_64", machine="riscv64")
    yield line("-n user --kvm qemu-system-x86_64", machine="s390x")
    yield line("-n user --uefi", machine="aarch64")


def users():
    """How the programs that use it call it."""
    yield line("--disk disk.img,cache=unsafe --disk seed.iso "
               "--netdev user,hostfwd=tcp::2222-:22,dnssearch=example.com",
               "-pidfile", "guest.pid", "-vnc", "none", "-m", "2G", "-smp",
               "2", "-nographic", "-name", "guest", "-serial", "file:log")
    sizes = "logical_block_size=512,physical_block_size=512,min_io_size=512"
    yield line("-v --dowait --uefi-nvram=nvram.fd "
               "--netdev=virbr0,mac=52:54:00:12:34:01 "
               "--netdev=virbr0,mac=52:54:00:12:34:02 "
               "--disk=disk.img,driver=virtio-blk,format=qcow2,"
               f"{sizes},serial=s1 "
               "--disk=root.qcow2,driver=nvme,format=qcow2,"
               f"{sizes},serial=nvme-1 "
               "--disk=file=seed.iso,if=virtio,media=cdrom",
               "-smp", "2", "-m", "1024", "-nographic", "-serial", "file:log")
    yield line("--disk=disk.img,if=virtio,serial=boot-disk "
               "--disk=file=data.img,if=none,cache=unsafe,format=raw,"
               "id=drv1,index=1,driver=scsi-hd,wwn=0x5000c500a1b2c3d4",
               "-kernel", "vmlinuz", "-initrd", "initrd", "-append",
               "root=LABEL=rootfs console=ttyS0")


class Generator:
    """Combines what the tools have in common, in any number and order."""

    DISKS = ["disk.img", "root.qcow2", "data.img", "seed.iso", "old.vmdk",
             "a b.img"]
    DISK_WORDS = ["cache=unsafe", "cache=none", "readonly=on", "snapshot=on",
                  "share-rw=on", "file.locking=off", "bootindex=3",
                  "logical_block_size=512", "physical_block_size=4096",
                  "write-cache=on", "discard=on", "media=cdrom", "aio=threads",
                  "detect-zeroes=on"]
    DRIVERS = ["", "", "driver=virtio-blk", "driver=scsi-hd", "driver=nvme",
               "driver=ide-hd", "if=virtio", "if=scsi", "if=none",
               "driver=virtio-blk-pci", "driver=scsi-cd"]
    POSITIONS = ["", "", "", "index=5", "bus=1", "bus=1,unit=2", "unit=9"]
    NAMES = ["", "", "serial=abc", "serial=a longer serial number"]
    # Virtio and NVMe disks have no wwn.
    WWNS = ["wwn=0x5000c500a1b2c3d4", "serial=x,wwn=1"]
    FORMATS = ["", "", "", "format=raw", "fmt=qcow2"]
    BRIDGES = ["user", "user", "virbr0", "br0", "br1"]
    MODELS = ["", "", "model=virtio", "model=e1000", "model=rtl8139",
              "model=virtio-net-pci"]
    USER_WORDS = ["hostfwd=tcp::2222-:22", "net=10.3.0.0/24", "restrict=on",
                  "hostname=guest", "dnssearch=example.com", "ipv6=off",
                  "bootindex=4", "romfile=", "rombar=0"]
    TAP_WORDS = ["sndbuf=65536", "vhost=off", "bootindex=5", "rombar=0"]
    FLAGS = ["-v", "--dowait", "--no-dowait", "--verbose", "--uefi",
             "--uefi-nvram=new.fd", "--uefi-nvram nvram.fd", "--bios=bios.bin"]
    TAILS = [[], [], ["-nographic"], ["-m", "1G", "-smp", "2"],
             ["-accel", "tcg"], ["-append", "a b c"], ["-name", "guest"],
             ["-serial", "file:log", "-S"]]

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.octet = 0

    def some(self, words, most):
        return self.random.sample(words, self.random.randint(0, most))

    def words(self, *words):
        words = [w for w in words if w]
        self.random.shuffle(words)
        return words

    def disk(self):
        pick = self.random.choice
        path = pick(self.DISKS)
        path = pick([path, f"file={path}"])
        driver = pick(self.DRIVERS)
        has_wwn = "scsi" in driver or "ide" in driver
        name = pick(self.NAMES + self.WWNS if has_wwn else self.NAMES)
        return ",".join(self.words(path, driver, name, pick(self.POSITIONS),
                                   pick(self.FORMATS),
                                   *self.some(self.DISK_WORDS, 4)))

    def mac(self):
        self.octet += 1
        last = f"{self.octet % 256:02x}"
        return self.random.choice(
            ["", f"mac=:{last}", f"macaddr=ab:{last}", "mac=auto",
             f"mac=52:54:00:77:00:{last}", "mac=random"])

    def nic(self):
        pick = self.random.choice
        bridge = pick(self.BRIDGES)
        own = self.USER_WORDS if bridge == "user" else self.TAP_WORDS
        return ",".join([bridge, *self.words(pick(self.MODELS), self.mac(),
                                             *self.some(own, 3))])

    def option(self, letter, name, value):
        return self.random.choice([
            [f"-{letter}", value], [f"-{letter}{value}"],
            [f"--{name}", value], [f"--{name}={value}"]])

    def command(self):
        pieces = [self.option("d", "disk", self.disk())
                  for _ in range(self.random.randint(0, 4))]
        pieces += [self.option("n", "netdev", self.nic())
                   for _ in range(self.random.choice([0, 1, 1, 1, 2, 3]))]
        pieces += [[f] if " " not in f else f.split(" ")
                   for f in self.some(self.FLAGS, 2)]
        self.random.shuffle(pieces)
        args = [word for piece in pieces for word in piece]
        tail = self.random.choice(self.TAILS)
        if tail:
            args += ["--", *tail]
        return Command(args, list(tail))


def generated():
    generator = Generator(SEED)
    for _ in range(GENERATED):
        yield generator.command()


def all_commands():
    for group in (options, passed_on, nics, disks, firmware, environment,
                  architectures, users, generated):
        yield from group()
