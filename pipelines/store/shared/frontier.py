"""The frontier of a fleet: hosts are leased to one worker at a time, tasks are taken with them."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from math import inf
from typing import Any

from crawler.items import Listing, Task
from pipelines.store.frontier import MAX_TRIES, FileState
from pipelines.store.shared import keys
from pipelines.store.shared.server import Script, Server

_LOOK_SECONDS = 1.0  # between two looks for hosts that somebody else has given up
_LANES = 1000  # lanes read in one look
_LATEST = (1 << 32) - 1
# A candidate as `common.lua` packs it: outcome, tries, token, modified, settled.
_STATE = struct.Struct(">BBIII")
_ARTICLES = frozenset((1, 2, 5))  # outcomes: article, repost, unchanged
_WAITING = _STATE.pack(0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Hold:
    """What this process has in hand: a candidate's token, and its lane or its file."""

    token: int
    site: str = ""
    host: str = ""
    file: str = ""


class SharedFrontier:
    """Tasks on a server, for a process (`worker/run`) that leases hosts for *lease* seconds.

    A host changes hands only when its lease ends, or its holder starts again. What the answer of a
    list leads to is staged and sent in one step with the list's own end. *clock* gives seconds
    since the epoch; leases go by the server's clock.
    """

    def __init__(
        self,
        server: Server,
        buckets: keys.Buckets,
        worker: str,
        run: str,
        lease: float,
        clock: Callable[[], float],
    ) -> None:
        self._server = server
        self._buckets = buckets
        self._worker = worker
        self.process = f"{worker}/{run}"
        self._lease = lease
        self._clock = clock
        self._sites: set[str] | None = None
        self._began = 0.0
        self.taken_up = 0
        self.holds: dict[str, Hold] = {}
        self._lists_in_hand: dict[str, str] = {}
        self.asked_sites: set[str] = set()
        self._staged: list[dict[str, Any]] = []
        self._known: dict[str, bytes | None] = {}
        # The lists of each site that was asked for them; others may have added some since.
        self._known_lists: dict[str, set[str]] = {}
        # Sites that have something at a host, as far as this process knows.
        self._lanes: dict[str, set[str]] = {}
        self._not_before: dict[str, float] = {}
        self._leased: set[str] = set()
        # Files of an archive that are leased, with their documents that have no outcome yet.
        self._files: dict[str, set[str]] = {}
        self._read: set[str] = set()
        self._reading = ""
        self._looked = self._renewed = -inf
        self._open = False
        self._about = ""

    def begin(self, sites: Iterable[str] | None, bounds: tuple[float, float] = (-inf, inf)) -> None:
        """Start a run over *sites*: what this worker's dead process had in hand waits again.

        So does what failed and may be tried again, and what lies within *bounds*.
        """
        self._sites = None if sites is None else set(sites)
        self._began = float(self._server.call(lambda server: server.time())[0])
        (self.taken_up,) = self._run(
            "begin",
            sites=None if sites is None else sorted(self._sites or ()),
            now=self._clock(),
            since="-inf" if bounds[0] == -inf else bounds[0],
            until="+inf" if bounds[1] == inf else bounds[1],
        )

    # --- what lists lead to ---------------------------------------------------------------------

    def expect(self, tasks: Sequence[Task]) -> None:
        """Hear which articles will be added next, to ask for all of them in one go."""
        names = [keys.digest(task.key) for task in tasks]

        def fill(pipe: Any) -> None:
            for name in names:
                pipe.hget(self._buckets.candidates(name), name)

        self.flush()
        if names:
            self._known = dict(zip(names, self._server.pipeline(fill), strict=True))

    def add(self, tasks: Iterable[Task]) -> int:
        """Queue what is not known yet; return how many that were."""
        return sum(self._add(task) for task in tasks)

    def _add(self, task: Task) -> bool:
        if task.kind != "article":
            return self._add_list(task)
        step = self._candidate_step("add", task)
        name = step["name"]
        if self._known.get(name) is not None:
            return False
        if name in self._known:
            self._known[name] = _WAITING
            self._staged.append(step)
            new = True
        else:
            new = bool(self._now(step))
        if new:
            self.taken_up += 1
            self._note(task)
        return new

    def _add_list(self, task: Task) -> bool:
        known = self._known_lists.get(task.site)
        name = _list_name(task)
        if known is None:
            new = bool(self._now(self._list_step("list", task)))
        else:
            new = name not in known
            known.add(name)
            if new:
                self._staged.append(self._list_step("list", task))
        if new:
            self._note(task)
        return new

    def update(self, task: Task) -> bool:
        """Queue a known article again if its *modified* is later than what was known of it."""
        step = self._candidate_step("update", task)
        known = self._known.get(step["name"])
        if known is not None:
            outcome, _, _, modified, _ = _STATE.unpack(known)
            if not outcome or step["modified"] <= modified:
                return False
        return bool(self._now(step)) and self._note(task)

    def has_article(self, key: str) -> bool:
        """Whether the candidate *key* is done and gave an article, as far as that is committed."""
        name = keys.digest(key)
        bucket = self._buckets.candidates(name)
        state = self._server.call(lambda server: server.hget(bucket, name))
        return state is not None and _STATE.unpack(state)[0] in _ARTICLES

    def ask(self, task: Task) -> None:
        """Queue a control task, known or not, unless another worker asked it a moment ago."""
        self._staged.append(self._list_step("ask", task))
        self._note(task)

    def finish(self, task: Task) -> None:
        """Book a control task as done, with its *memo*; what it led to was added before."""
        self._staged.append(self._list_step("finish", task))
        self._lists_in_hand.pop(_list_name(task), None)
        self.flush()

    def control_tasks(self, site: str) -> list[Task]:
        """The lists, feeds and sitemaps known for *site*."""
        self.flush()
        found = self._server.call(lambda server: server.hvals(keys.lists(site)))
        tasks = [_list_task(json.loads(data)) for data in found]
        self._known_lists[site] = {_list_name(task) for task in tasks}
        return tasks

    def flush(self) -> None:
        """Send what is staged, in one step."""
        if self._staged:
            self._now()

    def _now(self, *steps: dict[str, Any]) -> int:
        """Send everything that is staged and these steps; the answer to the last."""
        sent, self._staged = [*self._staged, *steps], []
        since = int((self._began - self._lease) * 1000)
        return int(self._run("queue", steps=sent, since=since, most=MAX_TRIES)[-1])

    def _candidate_step(self, step: str, task: Task) -> dict[str, Any]:
        name = keys.digest(task.key)
        bucket = self._buckets.candidates(name)
        data = {"bucket": bucket, **_place(task), "listing": asdict(task.listing)}
        return {
            "step": step,
            "name": name,
            "bucket": bucket,
            "site": task.site,
            "host": task.host,
            "modified": seconds(task.modified),
            "score": -task.priority,
            "data": _json(data),
        }

    def _list_step(self, step: str, task: Task) -> dict[str, Any]:
        data = {**_place(task), "kind": task.kind, "memo": task.memo}
        place = {"step": step, "name": _list_name(task), "site": task.site, "host": task.host}
        return {**place, "score": -task.priority, "data": _json(data)}

    # --- taking ---------------------------------------------------------------------------------

    def hosts(self) -> Iterable[str]:
        """Hosts of which there may be something to take, as far as is known."""
        self.flush()
        if time.monotonic() >= self._looked + _LOOK_SECONDS:
            self._look()
        now = time.monotonic()
        return [host for host in self._lanes if self._not_before.get(host, -inf) <= now]

    def unfinished(self) -> bool:
        """Whether any worker has something waiting or in hand that this run may take."""
        if any(self.hosts()):
            return True
        return self._open

    def _look(self) -> None:
        """Find what can be taken, and whether anything is left at all."""
        self._looked = time.monotonic()
        sites = None if self._sites is None else sorted(self._sites)
        start, lanes = 0, _LANES
        while lanes == _LANES:
            left, *found = self._run("look", sites=sites, start=start, most=_LANES)
            for lane in found:
                site, _, host = lane.decode().partition("\n")
                if self._is_ours(site):
                    self._lanes.setdefault(host, set()).add(site)
            self._open = bool(left)
            lanes = len(found)
            start += lanes

    def take(self, host: str, limit: int) -> list[Task]:
        """Hand out up to *limit* waiting tasks of *host*; none while it is another worker's."""
        self.flush()
        if host not in self._lanes:
            self._look()
        sites = sorted(self._lanes.get(host, ()))
        if not sites:
            return []
        others = len(self._hosts_in_hand() - {host})
        asked = self._script("take", host=host, sites=sites, limit=limit, others=others)
        answer = self._server.run([asked])[0]
        if answer[0] == b"HELD":
            self._leased.discard(host)
            self._not_before[host] = time.monotonic() + int(answer[1]) / 1000
            return []
        _, token, left, *found = answer
        self._leased.add(host)
        tasks = [self._in_hand(json.loads(data), int(token)) for data in found]
        if not left or not tasks:
            self._lanes.pop(host, None)
            self._leased.discard(host)
        return tasks

    def _in_hand(self, data: dict[str, Any], token: int) -> Task:
        self.asked_sites.add(data["site"])
        if "kind" in data:
            task = _list_task(data)
            self._lists_in_hand[_list_name(task)] = task.host
            return task
        self.holds[data["key"]] = Hold(token, data["site"], data["host"])
        return Task("article", **_task_values(data), listing=Listing(**data["listing"]))

    def start_file(self, name: str) -> FileState:
        """Lease a file of an archive, unless another worker reads it, or has just done so."""
        since = int((self._began - self._lease) * 1000)
        (state,) = self._run("file", file=f"file:{name}", since=since)
        if state == b"ours":
            self._files[f"file:{name}"] = set()
            self._reading = f"file:{name}"
        found: FileState = state.decode()
        return found

    def end_file(self, name: str) -> None:
        """Take note that all of a file is read; it is done when its last document is."""
        self._read.add(f"file:{name}")
        self._reading = ""

    def close_files(self) -> None:
        """Tell the others which files are done."""
        for name in [name for name in self._read if not self._files.get(name)]:
            self._run("file", file=name, since=0, done=True)
            self._read.discard(name)
            self._files.pop(name, None)

    def claim(self, key: str) -> bool:
        """Take up a document that is at hand already; False if it has its outcome."""
        name = keys.digest(key)
        (token,) = self._run("claim", digest=name, bucket=self._buckets.candidates(name))
        if token:
            self.taken_up += key not in self.holds
            self.holds[key] = Hold(int(token), file=self._reading)
            self._files.setdefault(self._reading, set()).add(key)
        return bool(token)

    def release(self, key: str) -> Hold:
        """Let go of a candidate whose outcome is decided, here or elsewhere."""
        hold = self.holds.pop(key, Hold(0))
        self._files.get(hold.file, set()).discard(key)
        return hold

    def register(self, about: str) -> None:
        """Tell the fleet of this worker: *about* says where it runs."""
        self._about = about
        self._run("renew", hosts=[], about=about)

    def renew(self) -> None:
        """Keep the leases of the hosts of which something is in hand, when it is time."""
        if time.monotonic() < self._renewed + self._lease / 3:
            return
        self._renewed = time.monotonic()
        self._run("renew", hosts=sorted(self._hosts_in_hand(waiting=False)), about=self._about)

    def _hosts_in_hand(self, *, waiting: bool = True) -> set[str]:
        """The hosts of which something is in hand; those with more *waiting* there as well."""
        taken = {hold.host for hold in self.holds.values() if hold.host}
        taken |= set(self._lists_in_hand.values())
        return taken | (self._leased if waiting else self._files.keys() - {""})

    def rest(self, host: str, seconds: float) -> None:
        """Let nobody who takes *host* over ask it anything for *seconds*."""
        self._run("rest", host=host, rests=int(seconds * 1000))

    def pending(self) -> int:
        """How many candidates this process has in hand, or could have taken."""
        self.flush()
        return len(self.holds) + self._waiting()

    def _waiting(self) -> int:
        lanes = self._server.call(lambda server: server.zrange(keys.READY, 0, -1))
        ours = [lane for lane in lanes if self._is_ours(lane.decode().partition("\n")[0])]
        if not ours:
            return 0
        names = [keys.TAG.encode() + b"qc" + lane for lane in ours]
        counts = self._server.pipeline(lambda pipe: [pipe.zcard(name) for name in names])
        return sum(map(int, counts))

    def _note(self, task: Task) -> bool:
        if self._is_ours(task.site):
            self._lanes.setdefault(task.host, set()).add(task.site)
            self._open = True
        return True

    def _is_ours(self, site: str) -> bool:
        return self._sites is None or site in self._sites

    def _run(self, name: str, **arguments: Any) -> list[Any]:
        return self._server.run([self._script(name, **arguments)])[0][1:]

    def _script(self, name: str, **arguments: Any) -> Script:
        ours = {"worker": self._worker, "process": self.process}
        return Script(name, {**ours, "lease": int(self._lease * 1000), **arguments})


def seconds(time_: float) -> int:
    """A moment as whole seconds since the epoch, in 32 bits."""
    return int(min(max(time_, 0.0), _LATEST))


def _list_name(task: Task) -> str:
    # One address can be a homepage and a list at once; each is asked for its own.
    return f"{task.kind} {task.key}"


def _place(task: Task) -> dict[str, Any]:
    place = {"key": task.key, "url": task.url, "site": task.site, "host": task.host}
    return {**place, "priority": task.priority, "depth": task.depth}


def _task_values(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("url", "key", "site", "host", "priority", "depth")}


def _list_task(data: dict[str, Any]) -> Task:
    return Task(data["kind"], **_task_values(data), memo=data["memo"])


def _json(data: dict[str, Any]) -> str:
    # ASCII: a listing may hold half a surrogate pair, which is no text to the server.
    return json.dumps(data, separators=(",", ":"))
