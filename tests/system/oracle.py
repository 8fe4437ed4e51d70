#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""oracle.py [KIND...]

The leak oracle: prints all that a run can leave behind, a line for each thing,
or only the kinds that are named:

    links      the interfaces, with their address, MTU, master and flags
    ports      those that Open vSwitch has, where a database listens in $OVS_LAB
               or at its usual place
    taps       who holds a descriptor of one
    files      those in $XDG_RUNTIME_DIR, $TMPDIR and /run/xkvm
    processes  all but this one and those above it

What is printed before a run and after it is the same, or something was left
behind, or taken away. lib.bash and matrix/run compare.
"""

import json
import os
import socket
import subprocess
import sys

OVS_PLACES = ("OVS_LAB", "/run/openvswitch")
OVS_TIMEOUT = 10  # seconds


def read(path):
    """The text of a file; empty where it is gone."""
    try:
        with open(path, "rb") as file:
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def listing(path):
    try:
        return os.listdir(path)
    except OSError:
        return []


def links():
    """Not the carrier: it follows later."""
    text = subprocess.run(["ip", "-j", "link"], check=True,
                          stdout=subprocess.PIPE).stdout
    for link in json.loads(text):
        flags = ",".join(f for f in link["flags"] if f in ("UP", "PROMISC"))
        yield (f"link {link['ifname']} {link.get('address')} "
               f"mtu {link['mtu']} master {link.get('master', 'none')} {flags}")


def ask_ovs(path, table):
    """The names in a table. One answer is one JSON text without an end of its
    own."""
    select = {"op": "select", "table": table, "where": [], "columns": ["name"]}
    request = {"method": "transact", "id": 0, "params": ["Open_vSwitch", select]}
    with socket.socket(socket.AF_UNIX) as database:
        database.settimeout(OVS_TIMEOUT)
        database.connect(path)
        database.sendall(json.dumps(request).encode())
        text = b""
        while True:
            part = database.recv(65536)
            if not part:
                raise OSError("the database hung up")
            text += part
            try:
                answer = json.loads(text)
            except ValueError:
                continue
            return [row["name"] for row in answer["result"][0]["rows"]]


def ports():
    for place in OVS_PLACES:
        path = os.path.join(os.environ.get(place, place), "db.sock")
        if not os.path.exists(path):
            continue
        for table in ("Port", "Interface"):
            try:
                for name in ask_ovs(path, table):
                    yield f"{table.lower()} {name}"
            except OSError:  # a database that has ended
                break


def parent_and_name(pid):
    """The name may have any character, so its end is the last parenthesis."""
    head, _, tail = read(f"/proc/{pid}/stat").rpartition(")")
    fields = tail.split()
    if not fields:
        return None, None
    return int(fields[1]), head.partition("(")[2]


def processes():
    own = set()
    pid = os.getpid()
    while pid:
        own.add(pid)
        pid, _ = parent_and_name(pid)
    for entry in listing("/proc"):
        if not entry.isdigit() or int(entry) in own:
            continue
        _, name = parent_and_name(entry)
        if name is not None:
            yield f"process {entry} {name}"


def taps():
    """One that nobody holds is a link and no more."""
    for pid in listing("/proc"):
        if not pid.isdigit():
            continue
        for fd in listing(f"/proc/{pid}/fdinfo"):
            for line in read(f"/proc/{pid}/fdinfo/{fd}").splitlines():
                if line.startswith("iff:"):
                    yield f"tun {line.split()[1]} held by {pid}"


def files():
    places = [os.environ.get(name) for name in ("XDG_RUNTIME_DIR", "TMPDIR")]
    for place in filter(None, [*places, "/run/xkvm"]):
        for folder, folders, names in os.walk(place):
            for name in folders + names:
                yield f"file {os.path.join(folder, name)}"


# This one's own children are gone when the processes are listed.
KINDS = {
    "links": links,
    "ports": ports,
    "taps": taps,
    "files": files,
    "processes": processes,
}


def snapshot(kinds=tuple(KINDS)):
    return [line for kind in kinds for line in sorted(set(KINDS[kind]()))]


def main():
    for line in snapshot(sys.argv[1:] or tuple(KINDS)):
        print(line)


if __name__ == "__main__":
    main()
