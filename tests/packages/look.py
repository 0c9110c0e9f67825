"""What must hold for every package: modes, capabilities, maintainer scripts, and how its programs were linked.

usage: look.py hardening|privileges DEB…
"""
import os
import re
import subprocess
import sys
import tempfile


def said(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def programs(folder):
    for parent, _, names in os.walk(folder):
        for path in (os.path.join(parent, name) for name in names):
            if not os.path.islink(path):
                with open(path, "rb") as file:
                    if file.read(4) == b"\x7fELF":
                        yield path


def hardening(deb, folder):
    faults, seen = [], 0
    for path in programs(folder):
        seen += 1
        name = path[len(folder):]
        header, segments = said("readelf", "-hW", path), said("readelf", "-lW", path)
        dynamic = said("readelf", "-dW", path)
        rows = {
            "no position independent executable": re.search(r"Type:\s+DYN", header),
            "no GNU_RELRO": "GNU_RELRO" in segments,
            "not bound at the start": re.search(r"BIND_NOW|Flags:.*\bNOW\b", dynamic),
            "an executable stack": re.search(r"GNU_STACK\s.*\bRW\s", segments),
            "a segment that is writable and executable": not re.search(r"LOAD\s.*\bRWE\b", segments),
            "a RUNPATH": not re.search(r"RUNPATH|RPATH", dynamic),
            "no stack protector": "__stack_chk_fail" in said("readelf", "-sW", path) or is_stripped_static(path),
        }
        faults += [f"{deb}: {name}: {fault}" for fault, holds in rows.items() if not holds]
    return faults, seen


def is_stripped_static(path):
    """A static program without symbols: its protector shows in the code, which loads the canary from %fs:0x28."""
    return "Shared library" not in said("readelf", "-dW", path) and "%fs:0x28" in said("objdump", "-d", "--no-show-raw-insn", path)


def privileges(deb, folder):
    faults, seen = [], 0
    for line in said("dpkg-deb", "--contents", deb).splitlines():
        seen += 1
        mode, owner, *rest = line.split()
        if re.search("[sS]", mode[1:]) or "T" in mode or owner != "root/root" or re.match(r"-........w|d........w|-....w", mode):
            faults.append(f"{deb}: {mode} {owner} {rest[-1]}")
    control = os.path.join(folder, "DEBIAN")
    os.mkdir(control)
    subprocess.run(["dpkg-deb", "--control", deb, control], check=True)
    for name in set(os.listdir(control)) - {"control", "md5sums", "conffiles"}:
        with open(os.path.join(control, name)) as file:
            text = file.read()
        if re.search(r"chmod|chown|setcap|dpkg-statoverride|setuid", text):
            faults.append(f"{deb}: its {name} changes rights")
    for path in programs(folder):
        if "security.capability" in os.listxattr(path):
            faults.append(f"{deb}: {path} has file capabilities")
    return faults, seen


def main():
    look = {"hardening": hardening, "privileges": privileges}[sys.argv[1]]
    faults, seen = [], 0
    for deb in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["dpkg-deb", "--extract", deb, folder], check=True)
            found, count = look(os.path.basename(deb) if look is hardening else deb, folder)
            faults += found
            seen += count
    print("\n".join(faults))
    sys.exit(1 if faults or not seen else 0)


if __name__ == "__main__":
    main()
