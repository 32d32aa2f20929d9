"""What is measured, and the ratios that it is held to."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Instance:
    mentees: int
    mentors: int
    scarce: bool = False
    tags: bool = False
    # Whether the goals speak of it
    held: bool = False

    @property
    def name(self):
        return f"{self.mentees}x{self.mentors}" + ("-tags" if self.tags else "")

    @property
    def title(self):
        size = f"{self.mentees:,} × {self.mentors:,}"
        return size + (", Debian's tags" if self.tags else "") + (", scarce" if self.scarce else "")


# From the smallest on.
INSTANCES = [
    Instance(500, 250, scarce=True),
    Instance(2_000, 1_000, scarce=True),
    Instance(2_000, 1_000, scarce=True, tags=True),
    Instance(2_000, 2_000, held=True),
    Instance(5_000, 5_000, held=True),
    Instance(10_000, 5_000, scarce=True, held=True),
    Instance(10_000, 10_000, held=True),
]
QUICK_INSTANCES = INSTANCES[:4]
LISTS = [10_000, 100_000, 1_000_000]
QUICK_LISTS = LISTS[:2]
SQL_ROWS = 100_000

FLOW, FLOW_SCARCE, SPARSE, DENSE = 0.20, 0.35, 0.20, 0.30
DECLINE, SLICED, SQL, MILLION = 0.005, 0.20, 0.01, 0.20


@dataclass(frozen=True)
class Ratio:
    what: str
    baseline: str
    where: str
    value: float
    goal: float | None

    @property
    def is_met(self):
        return self.goal is None or self.value <= self.goal


def ratios(results):
    """All of them, in the order of the table."""
    found = []
    for instance in INSTANCES:
        if result := results["cohorts"].get(instance.name):
            found += of_cohort(instance, result)
    for key, lists in results["lists"].items():
        rows, side = key.split()
        where = f"{int(rows):,} rows, for a {side}"
        goal = SLICED if int(rows) >= 100_000 else None
        found.append(Ratio("Sliced", "Scan", where, lists["sliced_ns"] / lists["scan_ns"], goal))
    found += of_sql(results)
    million = results["million"]
    for way, baseline, goal in (
        ("exact", "NumPy's product, skills with levels", MILLION),
        ("flat", "NumPy's product, skills without levels", None),
    ):
        ratio = million["million_ns"] / 1e9 / million[way]
        found.append(Ratio("whole score of a million pairs", baseline, "1,000 × 1,000", ratio, goal))
    return found


def of_cohort(instance, result):
    proven = result["proven_ns"] / 1e9
    for peer, baseline, goal in (
        ("flow", "OR-tools min-cost flow", FLOW_SCARCE if instance.scarce else FLOW),
        ("sparse", "SciPy sparse", SPARSE),
        ("dense", "SciPy dense", DENSE),
        ("flow_best", "OR-tools, best 64 of each, no proof", None),
    ):
        answer = result["peers"][peer]
        if isinstance(answer, dict):
            goal = goal if instance.held else None
            yield Ratio("solved, proven and checked", baseline, instance.title, proven / answer["seconds"], goal)
    decline = result["decline_ns"] / result["solve_ns"]
    yield Ratio("a decline", "solved anew", instance.title, decline, DECLINE if instance.held else None)


def of_sql(results):
    """SQL is asked for skills alone: beside that our answer to the same question, and our whole score, which says much more."""
    if not results["sql"]:
        return
    best = min(results["sql"]["seconds"].values())
    where = f"{SQL_ROWS:,} rows, for a mentee"
    yield Ratio("Sliced, skills alone", "best SQL on PostgreSQL", where, results["sql"]["sliced_ns"] / 1e9 / best, SQL)
    if lists := results["lists"].get(f"{SQL_ROWS} mentee"):
        yield Ratio("Sliced, the whole score", "best SQL for skills alone", where, lists["sliced_ns"] / 1e9 / best, None)
