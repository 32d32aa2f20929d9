"""The plot: every ratio against its goal, and below it what each solver takes for each cohort. It is read on any background."""

import math
from html import escape

from goals import INSTANCES, ratios

WIDTH, LEFT, RIGHT, ROW, TOP = 960, 470, 40, 22, 60
# Grey enough for white and for black.
TEXT, LINE, MET, MISSED = "#7d8590", "#7d859066", "#2da44e", "#d1242f"
SOLVERS = [
    ("ours, proven and checked", "#2f81f7", None),
    ("OR-tools", "#db6d28", "flow"),
    ("SciPy sparse", "#a371f7", "sparse"),
    ("SciPy dense", "#bf8700", "dense"),
    ("mentor-match", "#bf3989", "mentor_match"),
]


class Axis:
    """Powers of ten from left to right."""

    def __init__(self, low, high):
        self.low, self.high = math.floor(math.log10(low)), math.ceil(math.log10(high))

    def at(self, value):
        part = (math.log10(value) - self.low) / max(self.high - self.low, 1)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def grid(self, top, bottom):
        for power in range(self.low, self.high + 1):
            x = self.at(10**power)
            yield f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}" stroke="{LINE}"/>'
            yield text(x, bottom + 16, f"{10.0 ** power:g}", "middle")


def picture(results):
    held = [ratio for ratio in ratios(results) if ratio.goal is not None]
    cohorts = [(one, results["cohorts"][one.name]) for one in INSTANCES if one.name in results["cohorts"]]
    split = TOP + ROW * len(held) + 90
    height = split + ROW * (len(cohorts) + 1) + 40
    body = [*goals(held), *times(cohorts, split)]
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            f'font-family="sans-serif" font-size="13" role="img">')
    title = "<title>Matching beside its peers: ratios over their goals, and seconds of processor time by cohort</title>"
    return "\n".join([head, title, *body, "</svg>"]) + "\n"


def goals(held):
    yield text(10, 24, "Ratio to the baseline, in parts of its goal: left of 1 it is met", size=15)
    if not held:
        return
    parts = [ratio.value / ratio.goal for ratio in held]
    axis, bottom = Axis(min(*parts, 0.1), max(*parts, 10)), TOP + ROW * len(held)
    yield from axis.grid(TOP - 14, bottom)
    yield f'<line x1="{axis.at(1):.1f}" y1="{TOP - 14}" x2="{axis.at(1):.1f}" y2="{bottom}" stroke="{TEXT}" stroke-width="2"/>'
    for row, (ratio, part) in enumerate(zip(held, parts)):
        y, colour = TOP + ROW * row + 6, MET if ratio.is_met else MISSED
        yield text(LEFT - 12, y + 4, f"{ratio.what} / {ratio.baseline}: {ratio.where}", "end", 11)
        start, end = sorted((axis.at(part), axis.at(1)))
        yield f'<rect x="{start:.1f}" y="{y - 6}" width="{end - start:.1f}" height="12" fill="{colour}"/>'


def times(cohorts, top):
    yield text(10, top - 36, "Seconds of processor time, model and solution", size=15)
    x = 340
    for name, colour, _ in SOLVERS:
        yield f'<circle cx="{x}" cy="{top - 40}" r="5" fill="{colour}"/>' + text(x + 9, top - 36, name, size=11)
        x += 34 + 6 * len(name)
    taken = [(row, colour, seconds) for row, (_, result) in enumerate(cohorts)
             for _, colour, peer in SOLVERS if (seconds := seconds_of(result, peer))]
    axis = Axis(min(seconds for *_, seconds in taken), max(seconds for *_, seconds in taken))
    yield from axis.grid(top - 14, top + ROW * len(cohorts))
    for row, (instance, _) in enumerate(cohorts):
        yield text(LEFT - 12, top + ROW * row + 10, instance.title, "end")
    for row, colour, seconds in taken:
        yield f'<circle cx="{axis.at(seconds):.1f}" cy="{top + ROW * row + 6}" r="5" fill="{colour}"/>'


def seconds_of(result, peer):
    if peer is None:
        return result["proven_ns"] / 1e9
    answer = result["peers"][peer]
    return answer["seconds"] if isinstance(answer, dict) else None


def text(x, y, words, anchor="start", size=12):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{TEXT}">{escape(words)}</text>'
