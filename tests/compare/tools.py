# SPDX-License-Identifier: Apache-2.0
"""Runs one command line with the shell tool and with xkvm, dry, each in a
folder of its own with the same files in it."""

import dataclasses
import os
import pathlib
import re
import shlex
import shutil
import subprocess

import meaning

DEADLINE = 60

# Disks by name; what "qemu-img create -f" calls their format.
IMAGES = {
    "disk.img": "qcow2",
    "root.qcow2": "qcow2",
    "data.img": "raw",
    "seed.iso": "raw",
    "old.vmdk": "vmdk",
    "old.vdi": "vdi",
    "old.vhdx": "vhdx",
    "old.vpc": "vpc",
    "old.qed": "qed",
    "old.qcow": "qcow",
    "a b.img": "raw",
    "d[1].img": "raw",
    "a,b.img": "raw",
    "b.img": "raw",
    "a:b.img": "raw",
    "größe.img": "raw",
    "a=b.img": "raw",
}
IMAGE_SIZE = 1 << 20

# Other files and their sizes. A store of variables for the 2 MiB flash of
# OVMF has 128 KiB.
FILES = {"bios.bin": 65536, "nvram.fd": 131072, "odd.fd": 4096}

UNAME = """#!/bin/sh
if [ "$*" = -m ] && [ -n "$COMPARE_MACHINE" ]; then
	echo "$COMPARE_MACHINE"
else
	exec /usr/bin/uname "$@"
fi
"""


@dataclasses.dataclass
class Result:
    """status: of the process; program and options: None if it failed."""

    status: int
    message: str
    program: str = None
    options: list = None
    passed_on: list = None  # what stood after --
    fds: list = None  # the descriptors that the options name


def read_shell_words(line):
    """The arguments in a line that the shell tool shows: those with a blank
    in them are in quotes, with no regard to what else is in them."""
    words = []
    rest = line[1:]
    while rest is not None:
        end = rest.find(rest[0] + " ", 1) if rest[:1] in ("'", '"') else -1
        if rest[:1] in ("'", '"') and end < 0 and rest.endswith(rest[0]):
            words.append(rest[1:-1])
            rest = None
        elif end >= 0:
            words.append(rest[1:end])
            rest = rest[end + 2 :]
        else:
            word, blank, tail = rest.partition(" ")
            words.append(word)
            rest = tail if blank else None
    return words


class Workspace:
    """A folder with a copy of all files for each of the two tools."""

    def __init__(self, top, shell_tool, xkvm):
        self.shell_tool = shell_tool
        self.xkvm = xkvm
        self.folders = {}
        self.bin = pathlib.Path(top, "bin")
        self.bin.mkdir()
        uname = self.bin / "uname"
        uname.write_text(UNAME)
        uname.chmod(0o755)
        for name in ("shell", "xkvm"):
            self.folders[name] = pathlib.Path(top, name)
            self.folders[name].mkdir()
        self._make_files(self.folders["shell"])
        for path in self.folders["shell"].iterdir():
            shutil.copy(path, self.folders["xkvm"])
        self.names = set(os.listdir(self.folders["xkvm"]))

    @staticmethod
    def _make_files(folder):
        for name, image_format in IMAGES.items():
            # "./": qemu-img takes "a:" for a protocol.
            subprocess.run(
                ["qemu-img", "create", "-q", "-f", image_format,
                 f"./{name}", str(IMAGE_SIZE)],
                cwd=folder, check=True)
        for name, size in FILES.items():
            (folder / name).write_bytes(bytes(size))

    def _run(self, folder, argv, command):
        environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}:/usr/sbin:/sbin",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "COMPARE_MACHINE": command.machine or "",
            **command.environment,
        }
        return subprocess.run(
            argv, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=DEADLINE)

    def new_files(self, name):
        """The files that the tool has made; they are removed."""
        folder = self.folders[name]
        new = sorted(set(os.listdir(folder)) - self.names)
        for file in new:
            (folder / file).unlink()
        return new

    def run_shell_tool(self, command):
        done = self._run(self.folders["shell"],
                         ["bash", self.shell_tool, "--dry-run", *command.args],
                         command)
        lines = [line for line in done.stderr.splitlines()
                 if line.startswith(" ") and not line.startswith("  ")]
        if done.returncode != 0 or not lines:
            return Result(done.returncode, done.stderr)
        return self._result(done, read_shell_words(lines[-1]), command)

    def run_xkvm(self, command):
        arch = ["--arch", command.machine] if command.machine else []
        done = self._run(self.folders["xkvm"],
                         [self.xkvm, "--dry-run", *arch, *command.args],
                         command)
        if done.returncode != 0 or command.asks_for_help:
            return Result(done.returncode, done.stderr)
        return self._result(done, shlex.split(done.stdout), command)

    @staticmethod
    def _result(done, argv, command):
        end = len(argv) - len(command.passed_on)
        if end < 1:
            return Result(done.returncode, done.stderr)
        fds = re.findall(r"(?:\bfd=|/dev/fd/)(\d+)", " ".join(argv[:end]))
        return Result(done.returncode, done.stderr, argv[0],
                      meaning.parse(argv[1:end]), argv[end:], fds)
