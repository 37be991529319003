"""Let the server decide outcomes, each whole or not at all; judge anew what came too late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from crawler.items import NewsArticle, Unchanged
from pipelines.fingerprint.detector import Detector, Document
from pipelines.reposts import as_judged
from pipelines.store.frontier import MAX_TRIES, RETRY_AFTER_SECONDS
from pipelines.store.outcome import Outcome
from pipelines.store.shared import keys, records
from pipelines.store.shared.fingerprints import SharedFingerprints, Staged
from pipelines.store.shared.frontier import Hold, SharedFrontier, seconds
from pipelines.store.shared.server import Script, Server

_CODES = {"article": 1, "repost": 2, "rejected": 3, "failed": 4, "unchanged": 5}


@dataclass(slots=True)
class Booked:
    """An outcome that waits for its decision, and the fingerprint that goes with it."""

    outcome: Outcome
    staged: Staged | None


@dataclass(slots=True)
class Decided:
    """What the server took, as (place in the fleet's order, outcome), and what it did not.

    *documents*: the numbers of new fingerprints; *lost*: outcomes of candidates that others took
    over meanwhile; *again*: whether an answer was lost, so that the outbox has to be read.
    """

    taken: list[tuple[int, Outcome]]
    documents: list[int]
    lost: int = 0
    again: bool = False


class Decisions:
    """Commits outcomes of one process; *remake* makes the outcome of an item judged anew."""

    def __init__(
        self,
        server: Server,
        buckets: keys.Buckets,
        frontier: SharedFrontier,
        fingerprints: SharedFingerprints,
        *,
        worker: str,
        run: str,
        clock: Callable[[], float],
        remake: Callable[[Any], Outcome | None],
    ) -> None:
        self._server = server
        self._buckets = buckets
        self._frontier = frontier
        self._fingerprints = fingerprints
        self._ours = {"worker": worker, "process": f"{worker}/{run}"}
        self._clock = clock
        self._remake = remake
        self._detector = Detector(fingerprints)
        self._versions: dict[str, tuple[int, bytes]] = {}

    def next_version(self, article_id: str, text: bytes) -> int | None:
        """The version that an article with this text gets, or None if it is the text we have."""
        known = self._versions.get(article_id)
        if known is None:
            known = self._version_there(article_id)
        if known is None:
            return 1
        return None if known[1] == text else known[0] + 1

    def _version_there(self, article_id: str) -> tuple[int, bytes] | None:
        bucket, name = self._buckets.versions(article_id), keys.id_bytes(article_id)
        data = self._server.call(lambda server: server.hget(bucket, name))
        return None if data is None else (int.from_bytes(data[:4], "big"), data[8:])

    def book(self, outcome: Outcome) -> Booked:
        """Take note of an outcome, so that the next of the same article sees it."""
        if outcome.version is None:
            return Booked(outcome, None)
        article_id, version, text = outcome.version
        self._versions[article_id] = (version, text)
        return Booked(outcome, self._fingerprints.take_staged(article_id))

    def decide(self, booked: Sequence[Booked]) -> Decided:
        """Let the server decide all of *booked*, in their order.

        What was judged too early is judged again, with the newcomers that it did not know. Each
        time that this happens another worker's article was taken, so it comes to an end.
        """
        decided = Decided([], [])
        waiting = list(booked)
        while waiting:
            answers = self._server.run([self._script(one) for one in waiting])
            stale = []
            for one, (word, *facts) in zip(waiting, answers, strict=True):
                if word == b"STALE":
                    stale.append(one)
                    continue
                self._frontier.release(one.outcome.candidate)
                if word == b"OK":
                    decided.taken.append((facts[0], one.outcome))
                    decided.documents.extend(number for number in facts[1:] if number)
                decided.lost += word == b"LOST"
                decided.again |= word == b"AGAIN"
            self._versions.clear()
            self._fingerprints.forget_staged()
            waiting = [self._judged_again(one) for one in stale]
        return decided

    def _script(self, booked: Booked) -> Script:
        outcome, hold = booked.outcome, self._hold(booked.outcome)
        name = keys.digest(outcome.candidate)
        now = self._clock()
        plain = {
            **self._ours,
            "digest": name,
            "bucket": self._buckets.candidates(name),
            "token": hold.token,
            "site": outcome.site,
            "host": hold.host or None,
            "most": MAX_TRIES,
            "outcome": _CODES[outcome.name],
            "settled": seconds(now),
            "first": 0,
            "retry": now + RETRY_AFTER_SECONDS if outcome.retry else None,
            "dated": outcome.dated or None,
        }
        data = [b"", b"", b"", b"", b""]
        if outcome.version is not None:
            article_id, plain["version"], data[1] = outcome.version
            plain["versions"] = self._buckets.versions(article_id)
            data[0] = keys.id_bytes(article_id)
        if booked.staged is not None:
            values, data[2:] = booked.staged.commit_arguments(self._buckets)
            plain.update(values)
        # A field without a value is left out: to the script nil is absence.
        present = {key: value for key, value in plain.items() if value is not None}
        return Script("commit", present, [*data, records.pack(outcome)])

    def _hold(self, outcome: Outcome) -> Hold:
        return self._frontier.holds.get(outcome.candidate, Hold(0))

    def _judged_again(self, booked: Booked) -> Booked:
        article = booked.outcome.item
        if article is None:
            msg = f"{booked.outcome.candidate} cannot be judged again"
            raise ValueError(msg)
        article = plain_article(article)
        version = self.next_version(article.id, article.text_digest)
        result: Any = article
        if version is None:
            result = Unchanged(candidate=article.candidate, site=article.site)
        else:
            article.version = version
            if booked.staged is not None:
                document = Document(article.id, article.fingerprint, article.canonical_url)
                verdict = self._detector.judge(document)
                self._detector.add(document, verdict, booked.staged.day)
                result = as_judged(article, verdict.first_print)
        outcome = self._remake(result)
        if outcome is None:
            msg = f"{result!r} is no outcome"
            raise TypeError(msg)
        return self.book(outcome)


def plain_article(article: NewsArticle) -> NewsArticle:
    """The article without what an earlier judgement made of it."""
    values = {field.name: getattr(article, field.name) for field in fields(NewsArticle)}
    return NewsArticle(**values)
