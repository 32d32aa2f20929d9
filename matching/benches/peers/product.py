"""Scores the skills of a million pairs as NumPy does it, by a dense product, and prints its processor time."""

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np

LEVELS = 6
# What the skills earn at most, and tenths of a weight.
MOST = 350
TENTHS = 10


def matrices(folder, skills):
    """Mentees by (skill, level) with what each earns, mentors by the same with ones, and the mentees' sums of weights."""
    offers = np.loadtxt(folder / "mentors.csv", delimiter=",", dtype=np.int64)
    wishes = np.loadtxt(folder / "mentees.csv", delimiter=",", dtype=np.int64)
    mentors = np.zeros((offers[:, 0].max() + 1, skills * LEVELS), np.float32)
    mentors[offers[:, 0], offers[:, 1] * LEVELS + offers[:, 2]] = 1
    mentees = np.zeros((wishes[:, 0].max() + 1, skills * LEVELS), np.float32)
    mentees[wishes[:, 0], wishes[:, 1] * LEVELS + wishes[:, 2]] = wishes[:, 3]
    sums = np.zeros(len(mentees), np.int64)
    sums[wishes[:, 0]] = wishes[:, 4]
    return mentees, mentors, sums


def check(folder, product, sums):
    """What a float of 24 bits holds is exact here, so the points must be those of the other side to the last one."""
    expected = np.loadtxt(folder / "skills.csv", delimiter=",", dtype=np.int64)
    rows, columns, points = expected.T
    got = MOST * product[rows, columns].astype(np.int64) // (TENTHS * sums[rows])
    assert (got == points).all(), "the products are not the points of the skills"


def timed(work, repeat):
    times = []
    for _ in range(repeat):
        start = time.process_time()
        made = work()
        times.append(time.process_time() - start)
    return made, statistics.median(times)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("skills", type=int)
    arguments.add_argument("--repeat", type=int, default=5)
    given = arguments.parse_args()
    mentees, mentors, sums = matrices(given.folder, given.skills)
    product, exact = timed(lambda: mentees @ mentors.T, given.repeat)
    check(given.folder, product, sums)
    # The same without levels: a sixth of the columns, and not what the score is.
    by_skill = [side.reshape(len(side), given.skills, LEVELS).max(axis=2) for side in (mentees, mentors)]
    _, flat = timed(lambda: by_skill[0] @ by_skill[1].T, given.repeat)
    print(json.dumps({"exact": exact, "flat": flat}))


if __name__ == "__main__":
    main()
