#!/usr/bin/env python3
"""Plants the faults of tests/faults.toml one by one in a copy of this checkout and runs the tests that must catch each.

    scripts/faults.py [WORDS IN THE NAME…]

Says of each what caught it; fails where a fault goes unseen, does not compile or is not to be planted any more.
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
FAILED = re.compile(r"^test (\S+) \.\.\. FAILED$", re.MULTILINE)


def run(copy, package, filters):
    """How the tests of the package went whose names contain one of the filters."""
    where = ["--test", "api"] if package == "tests" else ["--lib"]
    command = ["cargo", "test", "--quiet", "--package", package, *where, "--target-dir", ROOT / "target" / "faults"]
    built = subprocess.run([*command, "--no-run"], cwd=copy, capture_output=True, text=True)
    if built.returncode:
        return f"does not compile:\n{built.stderr[-2000:]}"
    # The pretty format names each test that failed.
    went = subprocess.run([*command, "--", "--format", "pretty", *filters], cwd=copy, capture_output=True, text=True)
    caught = FAILED.findall(went.stdout)
    return caught if went.returncode else []


def plant(copy, fault):
    """Runs the tests on a copy that has the fault, and takes it out again."""
    file = copy / fault["file"]
    sound = file.read_text()
    if sound.count(fault["old"]) != 1:
        return f"cannot be planted: {fault['file']} has its line {sound.count(fault['old'])} times"
    file.write_text(sound.replace(fault["old"], fault["new"]))
    try:
        return run(copy, fault.get("package", "tests"), fault["test"].split())
    finally:
        file.write_text(sound)


def main():
    faults = tomllib.loads((ROOT / "tests/faults.toml").read_text())["fault"]
    chosen = [fault for fault in faults if all(word in fault["name"] for word in sys.argv[1:])]
    unseen = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "copy"
        subprocess.run(["git", "clone", "--quiet", ROOT, copy], check=True)
        if any("package" not in fault for fault in chosen):
            subprocess.run(["npm", "ci", "--silent", "--no-fund", "--no-audit", "--prefix", copy / "tests/oidc"], check=True)
        for fault in chosen:
            caught = plant(copy, fault)
            seen = isinstance(caught, list) and caught
            unseen += not seen
            print(f"{'caught' if seen else 'UNSEEN'}  {fault['name']}", flush=True)
            for line in caught if isinstance(caught, list) else [caught]:
                print(f"        {line}", flush=True)
    print(f"{len(chosen) - unseen} of {len(chosen)} faults caught")
    return 1 if unseen or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
