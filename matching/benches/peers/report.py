"""The page of results."""

from goals import INSTANCES, SQL_ROWS, ratios as all_ratios

COMMAND = "scripts/benchmark-matching.sh"

ABOUT = """# Matching beside its peers

    {command}

makes everything on this page, in one run: an environment of its own with the peers from PyPI, the
instances, the measurements, this page and its plot. `--quick` tries it on small instances and writes nothing here. It needs a
Rust toolchain, Python 3.11 or newer with `venv`, 3 GB of memory (8 for mentor-match), and PostgreSQL for the row of SQL.

Measured on {machine}. Medians of {repeat} rounds (three for the large cohorts; a peer that takes more than {patience} s is
measured once), in seconds of processor time of all threads. Other programs shared the machine: trust ratios, not digits.

![Ratios against their goals, and seconds of processor time by instance](matching.svg)

## Ratios
"""

HOW = """## How it was measured
- **Instances.** People are made by SplitMix64 from one seed: 600 skills in 40 trades, both by Zipf's law, so that skills come
  together; hours in six time zones; a fifth of the mentees with a preference of gender. The product's own score makes the matrix,
  hard rules and floors included; everybody gets that same matrix in memory, and the clock runs from there. In *scarce*
  instances a mentor has one to three seats, 1.65 on average, and there are fewer seats than mentees; in the others one seat.
  {tags}
- **Ours.** `cohort::solve` over all pairs with the default effort, then the certificate, then the independent check over all
  pairs again: all three are in "solved, proven and checked". A decline forbids a pair of the plan; the median of 200, one after
  the other, beside solving alone.
- **OR-tools {ortools}.** `SimpleMinCostFlow` over all allowed pairs, and again over the best 64 of each mentee, where nobody
  proves anything about the others.
- **SciPy {scipy}.** `min_weight_full_bipartite_matching` with a column for each seat and one for each mentee to stay without;
  `linear_sum_assignment` with a column for each seat.
- OR-tools over all pairs and both of SciPy must find as many points as we do, or the run fails.
- **mentor-match {mentor_match}.** One round gives each mentor one mentee. With a round for each seat, those who are matched or
  full are disqualified. A run that takes more than {cap} s, or 8 GB, is ended ("> {cap}") and not tried on larger instances ("–").
- **Lists.** The best ten among so many rows, twenty excluded, 200 members in turn, the middle one of three turns each; both
  engines must answer the same.
- **SQL.** The same mentors on PostgreSQL are asked for the best ten by skills alone, by a join or by an array with an index, with
  the filters for who is there and has a place; processor time of the server's process without parallel workers, the middle one
  of five turns, and the median of 30 mentees. Sliced answers the same question by a policy of skills alone, and both must find
  the same points. The whole score, which SQL does not give, stands beside that among the ratios without a goal.
- **A million pairs.** A roster of a thousand mentors and a thousand mentees is made of their profiles and scores each with each,
  all components, rules and floors; NumPy {numpy} makes the product for skills alone, of matrices that are there already. With
  levels it is exact, and compared with the points of the skills.
"""


def page(results):
    versions = results["versions"]
    tags = "One instance takes its skills from the tags of Debian's packages."
    if not results["tags"]:
        tags = "The instance with the tags of Debian's packages is missing: there was no package index."
    about = ABOUT.format(command=COMMAND, machine=results["machine"], repeat=results["repeat"],
        patience=results["patience"])
    how = HOW.format(
        tags=tags, ortools=versions["ortools"], scipy=versions["scipy"], numpy=versions["numpy"],
        mentor_match=versions["mentor-match"], cap=results["cap"],
    )
    return "\n\n".join([about + ratios(results), cohorts(results), shares(results), lists(results), others(results), how])


def ratios(results):
    held = [ratio for ratio in all_ratios(results) if ratio.goal is not None]
    rows = [
        [one.what, one.baseline, one.where, number(one.value), f"≤ {one.goal:g}", "met" if one.is_met else "**missed**"]
        for one in held
    ]
    return table(["ours", "baseline", "instance", "ratio", "goal", ""], rows)


def others(results):
    free = [ratio for ratio in all_ratios(results) if ratio.goal is None]
    rows = [[one.what, one.baseline, one.where, number(one.value)] for one in free]
    return "## Ratios without a goal\n\n" + table(["ours", "baseline", "instance", "ratio"], rows)


def cohorts(results):
    peers = ["flow", "sparse", "dense", "flow_best", "mentor_match"]
    rows = []
    for instance, result in found(results):
        times = [result["solve_ns"] / 1e9, result["proven_ns"] / 1e9]
        theirs = [seconds(result["peers"][peer], results["cap"]) for peer in peers]
        decline = f"{result['decline_ns'] / 1e3:,.0f} µs"
        memory = f"{result['memory_beside_scores_kib'] / 1024:.0f} MiB"
        rows.append([instance.title, f"{result['allowed']:,}", *map(number, times), *theirs, decline, memory])
    head = ["instance", "allowed pairs", "solved", "with proof and check", "OR-tools", "SciPy sparse", "SciPy dense",
            "OR-tools, best 64", "mentor-match", "a decline", "memory beside the scores"]
    return "## Whole cohorts, in seconds\n\n" + table(head, rows)


def shares(results):
    rows = []
    for instance, result in found(results):
        optimum = result["points"]
        simple = [share(result["greedy"], optimum), share(result["first_come"], optimum)]
        names = ["flow_best", "mentor_match", "mentor_match_rounds"]
        peers = [share_of_peer(result["peers"][name], optimum) for name in names]
        rows.append([instance.title, f"{optimum:,}", f"{result['pairs']:,}", *simple, *peers])
    head = ["instance", "points", "pairs", "greedy", "first come", "OR-tools, best 64", "mentor-match, one round",
            "mentor-match, a round a seat"]
    return "## Share of the optimum\n\n" + table(head, rows)


def lists(results):
    rows = []
    for key, result in results["lists"].items():
        count, side = key.split()
        ms = [f"{result[name] / 1e6:.3f}" for name in ("scan_ns", "sliced_ns", "sliced_p99_ns")]
        a_row = f"{result['scan_ns'] / int(count):.1f}"
        rows.append([f"{int(count):,}", side, *ms, a_row, result["bytes_a_row"]])
    head = ["rows", "for a", "Scan, ms", "Sliced, ms", "Sliced p99, ms", "Scan, ns a row", "bytes a row"]
    text = "## Lists of one member\n\n" + table(head, rows)
    million = results["million"]
    times = [million["million_ns"] / 1e6, million["exact"] * 1e3, million["flat"] * 1e3]
    told = "\n\nA million pairs scored: {:.1f} ms; NumPy's product of skills {:.1f} ms with levels, {:.1f} ms without."
    text += told.format(*times)
    if sql := results["sql"]:
        times = [sql["seconds"]["join"] * 1e3, sql["seconds"]["array"] * 1e3, sql["sliced_ns"] / 1e6]
        told = " Skills alone among {:,}: {:.1f} ms by a join in SQL, {:.1f} ms by an array, {:.3f} ms by Sliced."
        text += told.format(SQL_ROWS, *times)
    return text


def found(results):
    return [(one, results["cohorts"][one.name]) for one in INSTANCES if one.name in results["cohorts"]]


def seconds(answer, cap):
    if answer is None:
        return "–"
    return f"> {cap}" if answer == "cap" else number(answer["seconds"])


def share_of_peer(answer, optimum):
    return share(answer["points"], optimum) if isinstance(answer, dict) else "–"


def share(points, optimum):
    """Rounded down, so that only the optimum is 1."""
    return f"{points * 10_000 // optimum / 10_000:.4f}"


def number(value):
    """Three digits that count."""
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
