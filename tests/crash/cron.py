"""A simulated day of cron: a press that changes and breaks, and a run every five minutes."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from demo import Fault, Press
from tests.crash.crawls import start, written
from tests.crash.forks import Ended, Forks, Run

BEGIN = datetime(2026, 4, 1, 21, 0, tzinfo=UTC)  # so that midnight is passed soon
TICK = timedelta(minutes=5)
# The cron line, but for what would only make the simulation wait.
CRON = ("-a", "due=1", "-s", "BACKOFF_BASE=0.01", "-s", "BACKOFF_MAX=0.05", "-s", "RETRY_TIMES=1")
BY_HAND = CRON[2:]
# Sites whose listings say when a story was changed.
MARKED = ("english", "sitemap")
# What happens before a run, and how often in a hundred.
EVENTS = {"publish": 50, "edit": 10, "reprint": 15, "break": 8}
# What happens to a run, likewise.
DISTURBANCES = {"kill": 10, "kill at a step": 6, "SIGTERM": 4, "overlap": 5}


class Day:
    """Runs over *press* into *output*, one after the other, on a seeded schedule."""

    def __init__(self, forks: Forks, press: Press, output: Path, seed: int) -> None:
        self.forks = forks
        self.press = press
        self.output = output
        self.now = BEGIN
        self.ended: list[Ended] = []
        self.did: Counter[str] = Counter()
        self.edited: set[str] = set()
        self._chance = Random(seed)
        self._broken_until = BEGIN

    def tick(self, disturbance: str = "") -> None:
        """Let something happen to the press, then run, and perhaps be disturbed, or as told."""
        for event, percent in EVENTS.items():
            if self._chance.randrange(100) < percent:
                self._happen(event)
        if self.now >= self._broken_until:
            self.press.heal()
        disturbance = disturbance or self._draw()
        if disturbance:
            self._disturbed(disturbance)
        else:
            ended = self.run(CRON).wait()
            self.ended.append(ended)
            # A run may find that too much of a broken press failed, and then says so.
            allowed = {0, 1} if self.now < self._broken_until + 4 * TICK else {0}
            assert ended.status in allowed, f"{self.now}: {ended.log}"
        self.now += TICK

    def _draw(self) -> str:
        drawn = self._chance.randrange(100)
        for disturbance, percent in DISTURBANCES.items():
            drawn -= percent
            if drawn < 0:
                return disturbance
        return ""

    def run(self, arguments: Sequence[str], **how: object) -> Run:
        """Start one run at this moment of the day."""
        offset = self.now.timestamp() - time.time()
        return start(
            self.forks, self.press, self.output, *arguments, "-s", f"CLOCK_OFFSET={offset}", **how
        )

    def _happen(self, event: str) -> None:
        chance, press = self._chance, self.press
        stories = press.expected()
        self.did[event] += 1
        match event:
            case "publish":
                press.publish(when=self.now, sites=chance.sample(list(press.homes), 2))
            case "edit":
                story = chance.choice([one for one in stories if one.site_key in MARKED])
                press.edit(story.url, when=self.now)
                self.edited.add(story.canonical_url)
            case "reprint":
                story = chance.choice([one for one in stories if one.language == "zh-CN"])
                press.reprint(story.url, when=self.now)
            case "break":
                fault = chance.choice(
                    (Fault(status=503), Fault(status=500), Fault(reset=True), Fault(cut=300))
                )
                press.fail(chance.choice(list(press.homes)), "*", fault)
                self._broken_until = self.now + chance.randint(1, 3) * TICK

    def _disturbed(self, disturbance: str) -> None:
        self.did[disturbance] += 1
        chance = self._chance
        match disturbance:
            case "kill at a step":
                death = {"folder": str(self.output), "at": chance.randint(1, 40), "tear": 50}
                self.ended.append(self.run(CRON, death=death).wait())
            case "overlap":
                self._overlap()
            case _:
                number = signal.SIGKILL if disturbance == "kill" else signal.SIGTERM
                goal = len(self.press.requests) + chance.randint(1, 20)
                run = self.run(CRON)
                run.when(lambda: len(self.press.requests) >= goal, number)
                self.ended.append(run.wait())

    def _overlap(self) -> None:
        """Hold a run in the middle, and let the next one come."""
        goal = len(self.press.requests) + 1
        first = self.run(CRON)
        if not first.when(lambda: len(self.press.requests) >= goal, signal.SIGSTOP):
            self.ended.append(first.wait())
            return
        asked = self._settled()
        length = written(self.output)
        second = self.run(CRON).wait()
        untouched = (len(self.press.requests), written(self.output)) == (asked, length)
        first.signal(signal.SIGCONT)
        assert second.status == 75, second.log
        assert str(first.pid) in second.log
        assert untouched
        self.did["turned away"] += 1
        self.ended.append(first.wait())

    def _settled(self) -> int:
        """The requests so far, once those that were on their way have come."""
        before, now = -1, len(self.press.requests)
        while now != before:
            time.sleep(0.05)
            before, now = now, len(self.press.requests)
        return now
