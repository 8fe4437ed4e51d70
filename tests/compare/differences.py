# SPDX-License-Identifier: Apache-2.0
"""The decided differences between the shell tool and xkvm, all of them.

Each is a function that is given a command line and what the two tools make of
it. Where the difference applies, it changes the shell tool's result into what
xkvm is to say instead, and returns True. Its documentation says what differs
and why. What the results differ in after all of this is a defect.

They are applied in the order in which they stand here."""

import re

import refusals
from meaning import Option

DECIDED = []


def decided(function):
    DECIDED.append(function)
    return function


def devices(result):
    return [o for o in result.options if o.name == "-device"]


def backends(result, name):
    return [o for o in result.options if o.name == name]


def devices_of_nics(result):
    return [o for o in devices(result) if o.get("netdev")]


def both_succeed(shell, xkvm):
    return shell.options is not None and xkvm.options is not None


def with_id_of(other, options):
    """The option with the same id as that of another command line; None if
    there is none."""
    for option in options:
        if option.get("id") == other.get("id"):
            return option
    return None


def device_of(result, drive):
    """The device of a drive."""
    for device in devices(result):
        if device.get("drive") == drive.get("id"):
            return device
    return Option("-device", [])


# ---- xkvm says no where the shell tool went on -----------------------------


def make_refusal(name, status, message, argument, reason):
    def refusal(command, shell, xkvm):
        if shell.options is None or xkvm.status != status:
            return False
        if not re.search(message, xkvm.message):
            return False
        if not any(re.search(argument, a) for a in command.args):
            return False
        shell.options, shell.status = None, xkvm.status
        return True

    refusal.__name__ = name
    refusal.__doc__ = f"Refused, status {status}. {reason}"
    return decided(refusal)


for row in refusals.REFUSALS:
    make_refusal(*row)


# ---- xkvm goes on where the shell tool said no -----------------------------


def accept(shell, xkvm):
    """There is nothing to compare xkvm's plan with."""
    shell.status, shell.program = xkvm.status, xkvm.program
    shell.options, shell.passed_on = xkvm.options, xkvm.passed_on


@decided
def new_options(command, shell, xkvm):
    """--accel, --append, --arch, --fast, --grace, --initrd, --kernel,
    --no-reboot, --quiet, --version.

    The shell tool does not know them."""
    if shell.status == 0 or xkvm.status != 0:
        return False
    if not re.search(r"(unrecognized|invalid) option", shell.message):
        return False
    accept(shell, xkvm)
    return True


@decided
def default_bridge_missing(command, shell, xkvm):
    """Without virbr0 the default NIC is on the user network.

    The shell tool fails; a first command should not."""
    if shell.options is not None or xkvm.options is None:
        return False
    if "cannot create connection on: virbr0" not in shell.message:
        return False
    accept(shell, xkvm)
    return "is on QEMU's user network" in xkvm.message


@decided
def files_are_files(command, shell, xkvm):
    """A path with a ':' or ',' in it can be said.

    qemu-img took 'a:' for a protocol, and a comma had no other meaning than
    to part words; xkvm reads the header itself, and ',,' is a comma."""
    if shell.options is not None or xkvm.options is None:
        return False
    if not re.search(r"failed to determine format|did not read a file",
                     shell.message):
        return False
    accept(shell, xkvm)
    return True


@decided
def environment_is_not_code(command, shell, xkvm):
    """Variables of the environment are no part of commands.

    missing=, missing_pkgs= and nvram_ro= ended up there: in a prompt to
    install packages, in the options of a drive."""
    names = {"missing", "missing_pkgs", "nvram_ro", "failed"}
    if not names & set(command.environment) or xkvm.options is None:
        return False
    if shell.options is None:
        accept(shell, xkvm)
        return "missing prereqs" in shell.message
    changed = False
    word = command.environment.get("nvram_ro")
    for theirs, ours in zip(backends(shell, "-drive"),
                            backends(xkvm, "-drive")):
        if ours.get(word) is None:
            changed |= theirs.drop(word)
    return changed


# ---- the same in other words ------------------------------------------------


@decided
def acceleration(command, shell, xkvm):
    """-accel kvm or tcg, as the host has it, for -enable-kvm.

    Where KVM is not usable the shell tool's guests do not start. Where the
    user names an accelerator after --, xkvm names none."""
    if not both_succeed(shell, xkvm) or not shell.options:
        return False
    if shell.options[0].name != "-enable-kvm":
        return False
    shell.options.pop(0)
    if command.names_accelerator:
        return True
    first = xkvm.options[0]
    if first.name != "-accel" or first.value not in ("kvm", "tcg"):
        return False
    shell.options.insert(0, Option("-accel", first.value))
    return True


@decided
def monitor_of_the_supervisor(command, shell, xkvm):
    """-readconfig /dev/fd/N puts a QMP monitor on a socket of xkvm's.

    By it guests are ended in order, and it is told why they ended. With
    -daemonize there is no supervisor."""
    if not both_succeed(shell, xkvm) or "-daemonize" in command.passed_on:
        return False
    for number, option in enumerate(xkvm.options):
        if option.name != "-readconfig":
            continue
        if re.fullmatch(r"/dev/fd/\d+", option.value):
            shell.options.insert(number, option)
            return True
    return False


def add_ours(shell, xkvm, is_new):
    """Adds to the shell tool's options what xkvm has at one place beyond
    them."""
    extra = [o for o in xkvm.options if o not in shell.options and is_new(o)]
    place = next((n for n, o in enumerate(xkvm.options) if o in extra), 0)
    shell.options[place:place] = extra
    return bool(extra)


@decided
def machine_and_cpu(command, shell, xkvm):
    """aarch64 and riscv64 have -machine virt, aarch64 a CPU, and an emulated
    CPU has all that TCG can emulate.

    QEMU's aarch64 has no default machine, so the shell tool's line fails, and
    riscv64's has no PCI bus. The shell tool emulates nothing."""
    if not both_succeed(shell, xkvm):
        return False
    names = {"aarch64": ("-machine", "-cpu"),
             "riscv64": ("-machine",)}.get(command.machine, ())
    if Option("-accel", "tcg") in xkvm.options:
        names += ("-cpu",)
    return add_ours(shell, xkvm, lambda o: o.name in names)


@decided
def taps_by_descriptor(command, shell, xkvm):
    """-netdev tap has fd= or fds= for ifname=, script=no and downscript=no.

    The kernel removes a tap when the last descriptor of it is closed, however
    its holders ended."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    for theirs in backends(shell, "-netdev"):
        ours = with_id_of(theirs, backends(xkvm, "-netdev"))
        if theirs.get("type") != "tap" or not ours or not descriptors(ours):
            continue
        changed |= theirs.drop("ifname", "script", "downscript")
        theirs.value += descriptors(ours)
    return changed


def descriptors(netdev, name="fd"):
    """The fd= or fds= of a -netdev, as a list of pairs; or those of vhost."""
    return [pair for pair in netdev.value if pair[0] in (name, name + "s")]


@decided
def queues_are_made(command, shell, xkvm):
    """queues=N is a tap with N descriptors, mq=on and vectors=2N+2.

    It was handed to QEMU beside the name of a tap that has one queue, and
    QEMU ended. queues=auto is new."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    for theirs, device in zip(backends(shell, "-netdev"),
                              devices_of_nics(shell)):
        ours = with_id_of(theirs, backends(xkvm, "-netdev"))
        said = theirs.get("queues")
        if said is None or not ours:
            continue
        queues = sum(len(fds.split(":")) for _, fds in descriptors(ours))
        if said not in (str(queues), "auto"):
            continue
        changed |= theirs.drop("queues")
        if queues > 1:
            words = [("mq", "on"), ("vectors", str(2 * queues + 2))]
            place = device.value.index(("netdev", ours.get("id"))) + 1
            device.value[place:place] = [
                word for word in words if device.get(word[0]) is None]
    return changed


@decided
def vhost_is_decided(command, shell, xkvm):
    """vhost= stands last, with a descriptor of /dev/vhost-net for each queue.

    QEMU 7.2 aborts where it is to open that itself for a tap that it has by
    descriptor. vhost=auto, which is new, is on or off."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    for theirs in backends(shell, "-netdev"):
        ours = with_id_of(theirs, backends(xkvm, "-netdev"))
        said = theirs.get("vhost")
        if said is None or not ours or ours.get("vhost") not in ("on", "off"):
            continue
        if said not in (ours.get("vhost"), "auto"):
            continue
        changed |= theirs.drop("vhost")
        theirs.value.append(("vhost", ours.get("vhost")))
        theirs.value += descriptors(ours, "vhostfd")
    return changed


@decided
def addresses_differ(command, shell, xkvm):
    """A NIC on a bridge that is given no mac= has one of its own.

    All guests on a bridge had 52:54:00:12:34:56."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    taps = [o.get("id") for o in backends(xkvm, "-netdev")
            if o.get("type") == "tap"]
    for theirs, ours in zip(devices(shell), devices(xkvm)):
        address = ours.get("mac")
        if ours.get("netdev") not in taps or theirs.get("mac") or not address:
            continue
        if not re.fullmatch(r"52:54:00(:[0-9a-f]{2}){3}", address):
            continue
        if address.startswith("52:54:00:12:34"):
            continue
        theirs.value.append(("mac", address))
        changed = True
    return changed


@decided
def random_addresses(command, shell, xkvm):
    """mac=random is another one each time."""
    if not both_succeed(shell, xkvm):
        return False
    if not any("=random" in argument for argument in command.args):
        return False
    changed = False
    for theirs, ours in zip(devices(shell), devices(xkvm)):
        pair = ("mac", theirs.get("mac"))
        if pair not in theirs.value or not ours.get("mac"):
            continue
        if not ours.get("mac").startswith("52:54:00:"):
            continue
        index = theirs.value.index(pair)
        theirs.value[index] = ("mac", ours.get("mac"))
        changed = True
    return changed


@decided
def idle_boot_roms(command, shell, xkvm):
    """A NIC from which the guest does not boot has an empty romfile=.

    Its ROM costs a second of emulation before the guest's first
    instruction, and its place on the bus stays the same without."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    for theirs, ours in zip(devices_of_nics(shell), devices_of_nics(xkvm)):
        if ours.value[-1] != ("romfile", "") or \
                theirs.get("romfile") is not None:
            continue
        if theirs.get("netdev") == ours.get("netdev"):
            theirs.value.append(("romfile", ""))
            changed = True
    return changed


@decided
def bios_is_readonly(command, shell, xkvm):
    """--bios is attached with readonly=on.

    Several guests can use it at a time, and none can change it."""
    if not both_succeed(shell, xkvm):
        return False
    if not any(a.startswith("--bi") for a in command.args):
        return False
    for drive in backends(shell, "-drive"):
        if drive.get("if") == "pflash":
            drive.value.append(("readonly", "on"))
            return True
    return False


@decided
def private_variables(command, shell, xkvm):
    """Without --uefi-nvram the variables are a private copy, /dev/fd/N.

    The shell tool attaches the system's own file; as root, writable."""
    if not both_succeed(shell, xkvm):
        return False
    for theirs, ours in zip(backends(shell, "-drive"),
                            backends(xkvm, "-drive")):
        copy = ours.get("file") or ""
        if not re.fullmatch(r"/dev/fd/\d+", copy):
            continue
        if not (theirs.get("file") or "").startswith("/usr/share/"):
            continue
        theirs.drop("readonly")
        theirs.value = [("file", copy) if k == "file" else (k, v)
                        for k, v in theirs.value]
        return True
    return False


@decided
def firmware_pairs(command, shell, xkvm):
    """The code is the newest that is installed, or the one that fits the
    variables.

    The shell tool knows one path; distributions ship 4 MiB flash since."""
    if not both_succeed(shell, xkvm):
        return False
    pattern = r"/usr/share/\S+CODE\S*"
    for theirs, ours in zip(backends(shell, "-drive"),
                            backends(xkvm, "-drive")):
        code = ours.get("file") or ""
        if theirs.get("if") != "pflash" or code == theirs.get("file"):
            continue
        if re.fullmatch(pattern, code) and \
                re.fullmatch(pattern, theirs.get("file") or ""):
            theirs.value = [("file", code) if k == "file" else (k, v)
                            for k, v in theirs.value]
            return True
    return False


@decided
def sides_by_qmp(command, shell, xkvm):
    """addr= and bus= of a NIC, and addr= of a disk, are the device's.

    The shell tool reads the help text, and stumbles over dots in it; bus= is
    in none."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    for name in ("-netdev", "-drive"):
        for number, theirs in enumerate(shell.options):
            if theirs.name != name:
                continue
            place = -1 if name == "-netdev" else 1
            device = shell.options[number + place]
            if device.name != "-device":
                continue
            keys = ("addr", "bus") if name == "-netdev" else ("addr",)
            moved = [p for p in theirs.value if p[0] in keys]
            if not moved:
                continue
            theirs.drop(*keys)
            ours = xkvm.options[number + place]
            pairs = [p for p in ours.value
                     if p in device.value or p in moved]
            if len(pairs) == len(device.value) + len(moved):
                device.value = pairs
                changed = True
    return changed


@decided
def interface_ide(command, shell, xkvm):
    """if=ide is an IDE disk.

    The shell tool made a virtio disk of it."""
    drivers = ("ide-hd", "ide-cd")
    if not both_succeed(shell, xkvm):
        return False
    if not any("if=ide" in argument for argument in command.args):
        return False
    changed = False
    for theirs, ours in zip(devices(shell), devices(xkvm)):
        if ours.get("") not in drivers or theirs.get("") in drivers:
            continue
        if theirs.get("drive") == ours.get("drive"):
            theirs.value[0] = ("", ours.get(""))
            changed = True
    return changed


@decided
def interface_pflash(command, shell, xkvm):
    """if=pflash is a flash drive.

    The shell tool made a virtio disk of it."""
    if not both_succeed(shell, xkvm):
        return False
    for ours in backends(xkvm, "-drive"):
        if not ours.get("id") or ours.get("if") != "pflash":
            continue
        theirs = with_id_of(ours, backends(shell, "-drive"))
        theirs.drop("index")
        theirs.value = [("if", "pflash") if k == "if" else (k, v)
                        for k, v in theirs.value]
        shell.options = [o for o in shell.options if o.name != "-device"
                         or o.get("drive") != ours.get("id")]
        return True
    return False


@decided
def serial_where_there_is_one(command, shell, xkvm):
    """A device that has no serial= is given none by default.

    scsi-block and scsi-generic show the disk's own, and QEMU refuses."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    for theirs, ours in zip(devices(shell), devices(xkvm)):
        if theirs.get("") in ("scsi-block", "scsi-generic") and \
                ours.get("serial") is None:
            changed |= theirs.drop("serial")
    return changed


@decided
def unit_without_bus(command, shell, xkvm):
    """unit= counts without bus=.

    The shell tool drops it, and the empty word that is left makes one value of
    the format and the word behind."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    for theirs, ours in zip(shell.options, xkvm.options):
        if ours.name != "-drive" or ours.get("bus") or not ours.get("unit"):
            continue
        if theirs.get("unit"):
            continue
        place = ours.value.index(("unit", ours.get("unit")))
        image_format, _, word = theirs.get("format").partition(",")
        theirs.value[place - 1] = ("format", image_format)
        theirs.drop("")
        if word:
            key, equals, value = word.partition("=")
            theirs.value.insert(place, (key, value if equals else "on"))
        theirs.value.insert(place, ("unit", ours.get("unit")))
        changed = True
    return changed


@decided
def patterns_are_text(command, shell, xkvm):
    """A path with '[', '*' or '?' is not a word of the drive as well.

    The shell tool compares words with the path as with a pattern."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    for drive in backends(shell, "-drive"):
        file = drive.get("file") or ""
        if re.search(r"[][*?]", file):
            changed |= drive.drop(file)
    return changed


@decided
def commas_in_paths(command, shell, xkvm):
    """',,' is a comma in a path.

    The shell tool takes what is before and behind it for two words, one of
    which may be a file."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    for theirs, ours in zip(shell.options, xkvm.options):
        path = ours.get("file") if ours.name == "-drive" else None
        if not path or "," not in path or path == theirs.get("file"):
            continue
        words = path.split(",")
        if theirs.get("file") not in words or not theirs.drop(*words, ""):
            continue
        theirs.value = [("file", path) if k == "file" else (k, v)
                        for k, v in theirs.value]
        device = device_of(shell, theirs)
        device.value = [("serial", path) if k == "serial" else (k, v)
                        for k, v in device.value]
        changed = True
    return changed


@decided
def scsi_off_of_s390x(command, shell, xkvm):
    """scsi=off is for every name of the s390x virtio-blk device, and once.

    The shell tool knows virtio-blk-ccw, but not its alias virtio-blk, and
    repeats what the user says."""
    if not both_succeed(shell, xkvm):
        return False
    changed = False
    for theirs, ours in zip(devices(shell), devices(xkvm)):
        count = theirs.value.count(("scsi", "off"))
        if ours.get("scsi") != "off" or count == 1:
            continue
        if count == 0:
            theirs.value.append(("scsi", "off"))
        else:
            theirs.value.pop()
        changed = True
    return changed


@decided
def kvm_on_every_architecture(command, shell, xkvm):
    """--kvm counts on every architecture.

    The shell tool knows it on four."""
    if not both_succeed(shell, xkvm) or shell.program == xkvm.program:
        return False
    if not any(a.startswith("--kvm") for a in command.args):
        return False
    shell.program = xkvm.program
    return True


@decided
def model_on_ppc64(command, shell, xkvm):
    """DEF_NETMODEL counts on ppc64.

    The shell tool overwrites it there."""
    wanted = command.environment.get("DEF_NETMODEL")
    if not both_succeed(shell, xkvm) or not wanted:
        return False
    if not (command.machine or "").startswith("ppc64"):
        return False
    changed = False
    for theirs, ours in zip(devices(shell), devices(xkvm)):
        if ours.get("") == wanted and theirs.get("") == "virtio-net-pci":
            theirs.value[0] = ("", wanted)
            changed = True
    return changed


@decided
def firmware_of_aarch64(command, shell, xkvm):
    """aarch64 has UEFI without being asked; it boots no other way."""
    if not both_succeed(shell, xkvm) or command.machine != "aarch64":
        return False
    return add_ours(shell, xkvm, lambda o: o.get("if") == "pflash")


@decided
def exit_status(command, shell, xkvm):
    """What is wrong with a command line is 2, what is wrong with the host 125.

    The shell tool knows 1."""
    if shell.status == 0 or xkvm.status not in (2, 125):
        return False
    shell.status = xkvm.status
    return True
