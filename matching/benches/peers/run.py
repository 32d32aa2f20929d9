"""Runs everything on the same instances: the product's side by its program, the peers by theirs. Then writes table and plot."""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import plot
import report
from goals import INSTANCES, LISTS, QUICK_INSTANCES, QUICK_LISTS, SQL_ROWS

HERE = Path(__file__).parent
PEERS = ["flow", "flow_best", "sparse", "dense", "mentor_match", "mentor_match_rounds"]
# Seconds: a peer that takes longer is measured once, since long runs vary little and take most of the time there is.
PATIENCE = 5


class Bench:
    def __init__(self, given):
        self.given = given
        self.folder = given.folder
        self.out_of_time = set()
        self.sets = tag_sets(self.folder / "tags")

    def ours(self, *arguments):
        """The values that our program prints."""
        done = subprocess.run([self.given.program, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=True)
        return {name: int(value) for name, value in (line.split("\t") for line in done.stdout.splitlines())}

    def script(self, name, *arguments):
        """What one of the scripts answers, or nothing where its time or memory was up."""
        command = [sys.executable, HERE / name, *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode < 0:
            return None
        if done.returncode > 0:
            sys.exit(f"{name} {arguments}: {done.stderr}")
        return json.loads(done.stdout)

    def cohort(self, instance):
        name = instance.name
        options = ["--sets", self.sets] if instance.tags else []
        if instance.tags and not self.sets:
            return None
        say(f"cohort {instance.title}")
        scarce = ["--scarce"] if instance.scarce else []
        self.ours(*options, "make", self.folder, name, instance.mentees, instance.mentors, *scarce)
        result = self.ours("describe", self.folder, name) | self.ours("memory", self.folder, name)
        rounds = [self.round(instance, PEERS)]
        quick = [peer for peer, answer in rounds[0]["peers"].items() if is_quick(answer)]
        rounds += [self.round(instance, quick) for _ in range(1, self.rounds(instance))]
        ours = {key: middle(one["ours"][key] for one in rounds) for key in rounds[0]["ours"]}
        peers = {peer: middle_answer(one["peers"].get(peer) for one in rounds) for peer in PEERS}
        for kind in ("scores", "seats"):
            (self.folder / f"{name}.{kind}").unlink()
        return result | ours | {"peers": peers}

    def rounds(self, instance):
        """Large ones are repeated less: they vary less, and take minutes."""
        return min(self.given.repeat, 3) if instance.mentors >= 5_000 else self.given.repeat

    def round(self, instance, peers):
        """Everybody once, one after the other, so that what else the machine does falls on all of them."""
        ours = self.ours("solve", self.folder, instance.name)
        say(f"  ours: {ours['proven_ns'] / 1e9:.3f} s")
        return {"ours": ours, "peers": {peer: self.peer(instance, peer, ours["points"]) for peer in peers}}

    def peer(self, instance, peer, optimum):
        """Its seconds and points; "cap" where its time (or memory) was up, and nothing where it was up before on a smaller instance."""
        if peer in self.out_of_time:
            return None
        answer = self.script("peer.py", self.folder, instance.name, peer, "--cap", self.given.cap)
        if answer is None:
            self.out_of_time.add(peer)
            return "cap"
        say(f"  {peer}: {answer['seconds']:.3f} s")
        if peer in ("flow", "sparse", "dense") and answer["points"] != optimum:
            sys.exit(f"{peer} finds {answer['points']} points in {instance.title}, and we {optimum}")
        return answer

    def lists(self, sizes):
        found = {}
        for rows in sizes:
            for side in ("mentee", "mentor"):
                say(f"lists for a {side} among {rows:,}")
                found[f"{rows} {side}"] = self.ours("retrieve", rows, side)
        return found

    def million(self):
        say("a million pairs")
        ours = self.ours("score", self.folder, "--repeat", self.given.repeat)
        return ours | self.script("product.py", self.folder, ours["skills"], "--repeat", self.given.repeat)

    def sql(self):
        if not shutil.which("psql"):
            say("no SQL: psql is not there")
            return None
        say(f"lists by SQL among {SQL_ROWS:,}")
        ours = self.ours("rows", self.folder, SQL_ROWS)
        server = HERE.parents[2] / "scripts" / "postgres.sh"
        started = subprocess.run([server, "start"], stdout=subprocess.PIPE, text=True)
        if started.returncode != 0:
            say("no SQL: PostgreSQL does not start")
            return None
        url = started.stdout.strip()
        try:
            return ours | {"seconds": self.script("lists_sql.py", self.folder, url)}
        finally:
            subprocess.run([server, "stop", url], check=True)

    def everything(self):
        quick = self.given.quick
        cohorts = {one.name: self.cohort(one) for one in (QUICK_INSTANCES if quick else INSTANCES)}
        return {
            "machine": machine(),
            "versions": {name: version(name) for name in ("ortools", "scipy", "numpy", "mentor-match")},
            "repeat": self.given.repeat,
            "patience": PATIENCE,
            "cap": self.given.cap,
            "tags": bool(self.sets),
            "cohorts": {name: result for name, result in cohorts.items() if result},
            "lists": self.lists(QUICK_LISTS if quick else LISTS),
            "million": self.million(),
            "sql": self.sql(),
        }


def tag_sets(file):
    """Debian's package index as sets of tags, each a number: what goes together there does so for a reason, as skills do."""
    if not shutil.which("apt-cache"):
        return None
    index = subprocess.run(["apt-cache", "dumpavail"], stdout=subprocess.PIPE, text=True).stdout
    numbers, sets = {}, []
    # A field goes on in lines that begin with a space.
    for field in re.findall(r"^Tag:((?:.*\n)(?: .*\n)*)", index, re.MULTILINE):
        names = {name.strip() for name in field.split(",")}
        sets.append(sorted(numbers.setdefault(name, len(numbers)) for name in sorted(names)))
    if not sets:
        return None
    file.write_text("".join(" ".join(map(str, tags)) + "\n" for tags in sets))
    return file


def is_quick(answer):
    return isinstance(answer, dict) and answer["seconds"] <= PATIENCE


def middle(values):
    values = sorted(values)
    return values[len(values) // 2]


def middle_answer(answers):
    """That of the middle time; what is no time only where there is none."""
    answers = list(answers)
    timed = sorted((answer for answer in answers if isinstance(answer, dict)), key=lambda answer: answer["seconds"])
    return timed[len(timed) // 2] if timed else next(iter(answers), None)


def machine():
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores, {model}"


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program", type=Path, help="our side")
    arguments.add_argument("folder", type=Path, help="where instances are written")
    arguments.add_argument("--quick", action="store_true", help="small instances only; nothing is written into docs")
    arguments.add_argument("--repeat", type=int, default=5, help="how often each is measured; the median counts")
    arguments.add_argument("--cap", type=int, default=60, help="seconds of processor time that a peer may take")
    given = arguments.parse_args()
    if given.quick:
        given.cap, given.repeat = min(given.cap, 20), min(given.repeat, 3)
    results = Bench(given).everything()
    (given.folder / "results.json").write_text(json.dumps(results, indent=1))
    target = given.folder if given.quick else HERE.parents[2] / "docs" / "benchmarks"
    target.mkdir(parents=True, exist_ok=True)
    table = report.page(results)
    (target / "matching.md").write_text(table)
    (target / "matching.svg").write_text(plot.picture(results))
    print(report.ratios(results))
    say(f"written to {target}")


if __name__ == "__main__":
    main()
