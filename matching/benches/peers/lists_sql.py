"""The best ten mentors of some mentees by SQL on PostgreSQL, in two ways; prints the median of each in seconds.

Both must find as many points as our engine did.

Linux says how long a process had a processor, so the server must be on this machine.
"""

import argparse
import json
import statistics
import subprocess
from pathlib import Path

TABLES = """
SET client_min_messages = warning;
DROP TABLE IF EXISTS mentor_skill, mentor;
CREATE TABLE mentor (id int PRIMARY KEY, active boolean NOT NULL, paused boolean NOT NULL, free int NOT NULL, open int NOT NULL,
    skills int[] NOT NULL);
CREATE TABLE mentor_skill (mentor int NOT NULL, skill int NOT NULL, PRIMARY KEY (mentor, skill));
\\copy mentor FROM '{folder}/sql-mentors.tsv'
\\copy mentor_skill FROM '{folder}/sql-skills.tsv'
CREATE INDEX ON mentor_skill (skill, mentor);
CREATE INDEX ON mentor USING gin (skills);
VACUUM ANALYZE mentor;
VACUUM ANALYZE mentor_skill;
"""

# What a product must ask besides: who is there and has a place that is not spoken for.
FREE = "m.active AND NOT m.paused AND m.free > 0 AND m.open < 15 * m.free"

JOIN = f"""
SELECT m.id, sum(q.weight) AS shared FROM (VALUES {{values}}) AS q(skill, weight)
JOIN mentor_skill s ON s.skill = q.skill JOIN mentor m ON m.id = s.mentor
WHERE {FREE} GROUP BY m.id ORDER BY shared DESC, m.id LIMIT 10"""

ARRAY = f"""
SELECT m.id, (SELECT sum(q.weight) FROM (VALUES {{values}}) AS q(skill, weight) WHERE q.skill = ANY (m.skills)) AS shared
FROM mentor m WHERE m.skills && ARRAY[{{skills}}] AND {FREE} ORDER BY shared DESC, m.id LIMIT 10"""

TURNS = 5


class Database:
    def __init__(self, url):
        self.url = url

    def run(self, text):
        command = ["psql", self.url, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]
        done = subprocess.run(command, input=text, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        return done.stdout

    def seconds(self, query):
        """Processor time of the server's process for one query: the middle one of some turns, without parallel workers."""
        clock = "\\! cat /proc/$PID/schedstat\n"
        asked = clock + f"\\o /dev/null\n{query};\n\\o\n" + clock
        alone = "SET max_parallel_workers_per_gather = 0; SET jit = off;\n"
        alone += "SELECT pg_backend_pid() AS pid \\gset\n\\setenv PID :pid\n"
        read = [int(line.split()[0]) for line in self.run(alone + asked * TURNS).splitlines()]
        return statistics.median(after - before for before, after in zip(read[::2], read[1::2])) / 1e9


def wishes(file):
    for line in file.read_text().splitlines():
        sought, points = line.split("\t")
        pairs = [pair.split(":") for pair in sought.split(",")]
        yield {
            "points": [int(number) for number in points.split(",") if number],
            "total": sum(int(weight) for _, weight in pairs),
            "values": ", ".join(f"({skill}, {weight})" for skill, weight in pairs),
            "skills": ", ".join(skill for skill, _ in pairs),
        }


def check(database, wish):
    for query in (JOIN, ARRAY):
        rows = database.run(query.format(**wish) + ";").splitlines()
        points = [1000 * int(row.split("|")[1]) // wish["total"] for row in rows]
        assert points == wish["points"], f"{query.format(**wish)} finds {points}, and we {wish['points']}"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("url")
    given = arguments.parse_args()
    database = Database(given.url)
    database.run(TABLES.format(folder=given.folder))
    asked = list(wishes(given.folder / "sql-wishes.tsv"))
    for wish in asked:
        check(database, wish)
    ways = {"join": JOIN, "array": ARRAY}
    found = {
        way: statistics.median(database.seconds(query.format(**wish)) for wish in asked) for way, query in ways.items()
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
