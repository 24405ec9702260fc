"""The one table of a comparison, and which goals hold: table.py RESULTS"""

import json
import pathlib
import statistics
import sys

RESULTS = pathlib.Path(sys.argv[1])

GROUPS = {
    "start": "mavi --version",
    "http": "get, 25 kB over http",
    "https": "get, 25 kB over https",
    "upload": "upload of 1 GiB over http",
    "convert-1000": "convert 1,000 segments to srt",
    "jq-1000": "convert 1,000 segments to srt",
    "convert-100000": "convert 100,000 segments to srt",
    "jq-100000": "convert 100,000 segments to srt",
    "convert-1000000": "convert 1,000,000 segments to srt",
    "jq-1000000": "convert 1,000,000 segments to srt",
}
# What must hold: mavi's share of what the other takes, at most.
GOALS = {
    ("start", "true"): {"wall": 2},
    ("http", "curl"): {"wall": 1},
    ("https", "curl"): {"wall": 0.75, "cpu": 0.35},
    ("upload", "curl"): {"wall": 1.1, "cpu": 1.5},
    ("jq-1000000", "jq"): {"wall": 1 / 60},
    ("convert-1000000", "python"): {"wall": 1 / 10},
}
MAX_MEMORY = 1.4  # of the input
MAX_UPLOAD_MEMORY = 32 << 10  # kB
MAX_REFLOW = 8  # times the plain path
MAX_REFLOW_PARAGRAPHS = 40  # times the plain path
MAX_BINARY = 7_000_000  # bytes
MAX_BUILD = 180  # seconds


def rounds(group):
    """For each round, the figures of each command, which may stand there several times."""
    for path in sorted(RESULTS.glob(f"{group}.*.json")):
        results = json.loads(path.read_text(encoding="utf-8"))["results"]
        by_name = {}
        for result in results:
            by_name.setdefault(result["command"], []).append(result)
        yield {
            name: {
                "wall": statistics.median(time for run in runs for time in run["times"]),
                "cpu": statistics.mean(run["user"] + run["system"] for run in runs),
            }
            for name, runs in by_name.items()
        }


def memory(group):
    """The peak memory of each command in kB: of the largest process where there are several."""
    path = RESULTS / f"{group}.memory"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {name: int(peak) for name, peak in (line.split("\t") for line in lines)}


def shown(ratio):
    """Small ratios as fractions: what 1/73 means is plain, what 0.0137 means is not."""
    return f"{ratio:.2f}" if ratio >= 0.1 else f"1/{1 / ratio:.0f}"


def row(*cells):
    print("| " + " | ".join(cells) + " |")


def verdict(goals, ratios):
    said = []
    for what, most in goals.items():
        holds = "holds" if ratios[what] <= most else "MISSED"
        said.append(f"{what} ≤ {shown(most)}: {holds}")
    return "; ".join(said)


def main():
    print("mavi's share of what the other takes; below 1, mavi takes less. In brackets the wall")
    print("ratio's lowest and highest round. Memory is that of the largest process.")
    print()
    row("what", "against", "wall", "cpu", "memory", "goal")
    row("---", "---", "--:", "--:", "--:", "---")
    for group, title in GROUPS.items():
        measured, peaks = list(rounds(group)), memory(group)
        for name in measured[0] if measured else ():
            if name == "mavi":
                continue
            of_rounds = {
                what: [one["mavi"][what] / max(one[name][what], 1e-6) for one in measured]
                for what in ("wall", "cpu")
            }
            ratios = {what: statistics.median(all_of) for what, all_of in of_rounds.items()}
            of_memory = shown(peaks["mavi"] / peaks[name]) if name in peaks else "?"
            spread = f"({shown(min(of_rounds['wall']))} to {shown(max(of_rounds['wall']))})"
            row(
                title,
                name,
                f"{shown(ratios['wall'])} {spread}",
                shown(ratios["cpu"]),
                of_memory,
                verdict(GOALS.get((group, name), {}), ratios),
            )
    print()

    def number(name):
        path = RESULTS / name
        return float(path.read_text(encoding="utf-8").split()[-1]) if path.exists() else None

    goals = []
    reflowed = {"convert-1000000": ("1,000,000 segments", MAX_REFLOW)}
    reflowed |= {f"paragraphs-{it}": (f"paragraphs, {it}", MAX_REFLOW_PARAGRAPHS) for it in ("en", "zh", "ja", "th")}
    for group, (what, limit) in reflowed.items():
        if measured := list(rounds(group)):
            cost = statistics.median(one["mavi --reflow"]["wall"] / one["mavi"]["wall"] for one in measured)
            goals.append((f"--reflow, {what}: {cost:.1f} × the plain path", cost, limit))
    if (peak := memory("convert-1000000").get("mavi")) is not None:
        of_input = peak * 1024 / number("input")
        text = f"peak memory of convert, 1,000,000 segments: {of_input:.2f} × the input"
        goals.append((text, of_input, MAX_MEMORY))
    if (peak := memory("upload").get("mavi")) is not None:
        goals.append((f"peak memory of an upload of 1 GiB: {peak / 1024:.1f} MiB", peak, MAX_UPLOAD_MEMORY))
    if (size := number("binary")) is not None:
        goals.append((f"stripped binary: {size / 1e6:.2f} MB", size, MAX_BINARY))
    if (build := number("build")) is not None:
        goals.append((f"clean release build: {build:.0f} s", build, MAX_BUILD))
    for text, value, most in goals:
        print(f"{text}: {'holds' if value <= most else 'MISSED'}")
    if build is None:
        print("clean release build: not measured (--clean-build)")


main()
