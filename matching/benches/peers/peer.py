"""Solves one instance with one peer, and prints the points in all and the processor time of model and solve."""

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

FORBIDDEN = 65535
# What it earns in a sparse assignment to stay without a mentor.
UNMATCHED = 1
MOST_MEMORY = 8 << 30


def read(folder, name):
    seats = np.fromfile(folder / f"{name}.seats", dtype="<u4").astype(np.int64)
    scores = np.fromfile(folder / f"{name}.scores", dtype="<u2").reshape(-1, len(seats))
    return scores, seats


def flow(scores, seats):
    """OR-tools min-cost flow over all allowed pairs."""
    mentees, mentors = np.nonzero(scores != FORBIDDEN)
    return flow_over(scores, seats, mentees, mentors)


def flow_best(scores, seats, kept=64):
    """OR-tools over the best pairs of each mentee: less work, and no proof for the others."""
    points = np.where(scores == FORBIDDEN, -1, scores.astype(np.int16))
    best = np.argpartition(-points, min(kept, points.shape[1]) - 1, axis=1)[:, :kept]
    rows = np.repeat(np.arange(len(scores)), best.shape[1])
    columns = best.ravel()
    allowed = points[rows, columns] >= 0
    return flow_over(scores, seats, rows[allowed], columns[allowed])


def flow_over(scores, seats, mentees, mentors):
    from ortools.graph.python import min_cost_flow

    people, places = scores.shape
    sink = people + places
    network = min_cost_flow.SimpleMinCostFlow()
    points = scores[mentees, mentors].astype(np.int64)
    one = np.ones(len(mentees), dtype=np.int64)
    network.add_arcs_with_capacity_and_unit_cost(
        mentees.astype(np.int32), (mentors + people).astype(np.int32), one, -points
    )
    everybody, mentor = np.arange(people, dtype=np.int32), np.arange(people, sink, dtype=np.int32)
    to_sink = np.full(people, sink, dtype=np.int32)
    once, nothing = np.ones(people, np.int64), np.zeros(people, np.int64)
    network.add_arcs_with_capacity_and_unit_cost(everybody, to_sink, once, nothing)
    network.add_arcs_with_capacity_and_unit_cost(
        mentor, np.full(places, sink, dtype=np.int32), seats, np.zeros(places, np.int64)
    )
    network.set_nodes_supplies(everybody, once)
    network.set_node_supply(sink, -people)
    status = network.solve()
    if status != network.OPTIMAL:
        sys.exit(f"OR-tools answers {status}")
    return -int(network.optimal_cost())


def sparse(scores, seats):
    """SciPy's sparse assignment: a column for each seat, and for each mentee one to stay without."""
    from scipy.sparse import csr_array, hstack
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    # Zeros are no entries of a sparse matrix, so every weight is one higher: that adds up to the number of mentees.
    allowed = scores != FORBIDDEN
    ends = np.concatenate(([0], np.cumsum(allowed.sum(axis=1))))
    points = scores[allowed].astype(np.float64) + UNMATCHED
    weights = csr_array((points, np.nonzero(allowed)[1], ends), shape=scores.shape)
    seat_of = np.repeat(np.arange(len(seats)), seats)
    alone = csr_array((np.full(len(scores), UNMATCHED, np.float64), (np.arange(len(scores)),) * 2))
    each_once = len(seat_of) == len(seats)
    graph = hstack([weights if each_once else weights[:, seat_of], alone], format="csr")
    rows, columns = min_weight_full_bipartite_matching(graph, maximize=True)
    return int(graph[rows, columns].sum()) - UNMATCHED * len(scores)


def dense(scores, seats):
    """SciPy's dense assignment: a column for each seat; a forbidden pair earns nothing, as nobody does."""
    from scipy.optimize import linear_sum_assignment

    weights = np.where(scores == FORBIDDEN, 0, scores)[:, np.repeat(np.arange(len(seats)), seats)]
    rows, columns = linear_sum_assignment(weights, maximize=True)
    return int(weights[rows, columns].sum(dtype=np.int64))


def mentor_match(scores, seats, rounds=1):
    """mentor-match: a round gives each mentor one mentee; who has one, or is full, is disqualified from the next."""
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data
    from matching.rules.rule import Disqualify, Rule

    people = {kind: [kind(email=f"{kind.__name__}{row}", grade=0, role=row) for row in range(count)]
              for kind, count in ((Mentor, scores.shape[1]), (Mentee, scores.shape[0]))}

    class Points(Rule):
        def apply(self, match):
            return int(scores[match.mentee.role, match.mentor.role])

    rules = [
        Points(),
        Disqualify(lambda match: bool(scores[match.mentee.role, match.mentor.role] == FORBIDDEN)),
        Disqualify(lambda match: len(match.mentee.mentors) > 0),
        Disqualify(lambda match: len(match.mentor.mentees) >= int(seats[match.mentor.role])),
    ]
    process_data(people[Mentor], people[Mentee], [rules] * rounds)
    return sum(int(scores[mentee.role, mentor.role]) for mentor in people[Mentor] for mentee in mentor.mentees)


def mentor_match_rounds(scores, seats):
    return mentor_match(scores, seats, rounds=int(seats.max()))


PEERS = {solve.__name__: solve for solve in (flow, flow_best, sparse, dense, mentor_match, mentor_match_rounds)}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("name")
    arguments.add_argument("peer", choices=PEERS)
    arguments.add_argument("--cap", type=int, default=120, help="seconds of processor time ")
    given = arguments.parse_args()
    scores, seats = read(given.folder, given.name)
    # What is imported is loaded before the clock starts.
    import ortools.graph.python.min_cost_flow, scipy.optimize, scipy.sparse.csgraph  # noqa: E401, F401

    start = time.process_time()
    # The system ends it where it takes longer; where it takes more memory it ends itself, before others must.
    resource.setrlimit(resource.RLIMIT_CPU, (int(start) + given.cap + 1, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        points = PEERS[given.peer](scores, seats)
    except MemoryError:
        print(json.dumps(None))
    else:
        print(json.dumps({"points": points, "seconds": time.process_time() - start}))


if __name__ == "__main__":
    main()
