"""The whole pipeline against a plain Scrapy spider, on a loopback site of real-size pages.

    python benchmarks/crawl.py [--small 600] [--large 3000] [--rounds 3] [--json]

Both crawl the same site to the exit of their process, in turn: ours fetches, extracts, detects
reposts and writes; the plain one (`plain_spider.py`) requests every page and parses links on list
pages only. Start-up is taken out: a figure is (cost of the large crawl - cost of the small one) /
the difference in pages, each cost the median of the rounds: one run of either varies by a half.
CPU is of the process with its workers; memory is the proportional set size of all of them, sampled.
`ratio` and `wall_ratio` are ours to the plain spider's. Two crawls more, of the small site and its
half, say where a page's CPU time goes (`crawl_stages.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
PLAIN = ROOT / "benchmarks" / "plain_spider.py"
STAGES = "benchmarks.crawl_stages"
SITE = "portal"
OURS = ("DOWNLOAD_DELAY=0", "CONCURRENT_REQUESTS=16", "CONCURRENT_REQUESTS_PER_DOMAIN=16")


@dataclass
class Cost:
    """What one process and its children took: seconds, megabytes, pages."""

    cpu: float
    wall: float
    peak_mb: float
    pages: int


def main() -> int:
    """Measure, print a table, and with --json an object as the last line."""
    parser = argparse.ArgumentParser(description="crawl against a plain Scrapy spider")
    parser.add_argument("--small", type=int, default=600)
    parser.add_argument("--large", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--page-kb", type=int, default=130)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    costs: dict[str, list[Cost]] = {"ours": [], "plain": []}
    for stories in (arguments.small, arguments.large):
        with press(stories, arguments.page_kb) as home:
            rounds = [(plain(home), ours(home)) for _ in range(arguments.rounds)]
        costs["plain"].append(median_of([of_plain for of_plain, _ in rounds]))
        costs["ours"].append(median_of([of_ours for _, of_ours in rounds]))
    figures = compare(costs["ours"], costs["plain"])
    for name, value in figures.items():
        print(f"{name:22} {value}")
    for name, value in stages(arguments.small, arguments.page_kb).items():
        print(f"{'  ' + name:22} {value:.2f} ms")
    if arguments.json:
        print(json.dumps(figures))
    return 0


def median_of(costs: list[Cost]) -> Cost:
    """The median of each figure by itself."""
    cpu, wall, peak_mb, pages = (
        median(figures) for figures in zip(*map(astuple, costs), strict=True)
    )
    return Cost(cpu, wall, peak_mb, round(pages))


def compare(ours: list[Cost], plain: list[Cost]) -> dict[str, float]:
    """The promised figures from a small and a large crawl of each."""

    def per_page(costs: list[Cost], name: str) -> float:
        small, large = costs
        difference: float = getattr(large, name) - getattr(small, name)
        return difference / (large.pages - small.pages)

    return {
        "pages_small": ours[0].pages,
        "pages_large": ours[1].pages,
        "cpu_ms_per_page": round(per_page(ours, "cpu") * 1000, 3),
        "plain_cpu_ms_per_page": round(per_page(plain, "cpu") * 1000, 3),
        "ratio": round(per_page(ours, "cpu") / per_page(plain, "cpu"), 3),
        "wall_ratio": round(per_page(ours, "wall") / per_page(plain, "wall"), 3),
        "pages_per_second": round(1 / per_page(ours, "wall"), 1),
        "growth_mb": round(per_page(ours, "peak_mb") * 1000, 2),
        "peak_mb": round(ours[1].peak_mb, 1),
    }


def stages(stories: int, page_kb: int) -> dict[str, float]:
    """Milliseconds of CPU a page by stage, from a site of *stories* pages and one of half."""
    costs = []
    for number in (stories // 2, stories):
        with press(number, page_kb) as home, tempfile.TemporaryDirectory() as folder:
            _, output = run([sys.executable, "-m", STAGES, home, folder, *OURS])
            costs.append(json.loads(output.splitlines()[-1]))
    pages = stories - stories // 2
    spent = {name: (costs[1][name] - costs[0][name]) / pages * 1000 for name in costs[1]}
    extraction = spent.pop("workers") - spent["fingerprints"]
    rest = spent.pop("main") - sum(spent.values()) + spent["fingerprints"]
    return {"extraction": extraction, **spent, "fetching and the rest": rest}


@contextmanager
def press(stories: int, page_kb: int) -> Iterator[str]:
    """A demo press of its own process with *stories* pages; its homepage."""
    with tempfile.TemporaryDirectory() as folder:
        ports = Path(folder) / "ports.json"
        command = [sys.executable, "-m", "demo", "serve", "--port-file", str(ports)]
        command += ["--stories", str(stories), "--page-kb", str(page_kb), "--sites", SITE]
        server = subprocess.Popen(command, cwd=ROOT)
        try:
            deadline = time.monotonic() + 120
            while not ports.exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            yield json.loads(ports.read_text())[SITE]
        finally:
            server.terminate()
            server.wait(30)


def plain(home: str) -> Cost:
    """Crawl with the plain spider."""
    cost, output = run([sys.executable, str(PLAIN), home])
    cost.pages = int(output.split()[-1])
    return cost


def ours(home: str) -> Cost:
    """Crawl with the whole pipeline into a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        settings = [part for one in (*OURS, f"OUTPUT_DIR={folder}") for part in ("-s", one)]
        command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"url={home}"]
        cost, _ = run([*command, *settings])
        (summary,) = Path(folder).glob("runs/*/summary.json")
        cost.pages = json.loads(summary.read_text())["candidates"]
        return cost


def run(command: list[str]) -> tuple[Cost, str]:
    """Run *command* to its end and account for it and its children."""
    started = time.monotonic()
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    peak = 0.0
    while (ended := os.wait4(child.pid, os.WNOHANG))[0] == 0:
        peak = max(peak, memory_mb(child.pid))
        time.sleep(0.2)
    _, status, usage = ended
    wall = time.monotonic() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    output = child.stdout.read() if child.stdout else ""
    if child.stdout:
        child.stdout.close()
    if child.returncode:
        message = f"{' '.join(command)} ended with {child.returncode}"
        raise RuntimeError(message)
    return Cost(usage.ru_utime + usage.ru_stime, wall, peak, 0), output


def memory_mb(pid: int) -> float:
    """The proportional set size of *pid* and all its descendants."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has just ended
        return 0.0
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return own / 1024 + sum(memory_mb(int(child)) for child in children)


if __name__ == "__main__":
    sys.exit(main())
