"""Endless invented stories: a small grammar over the material in `demo/material`.

Every story draws its own names, places, figures and its own choice of phrases, so that two stories
share a phrase here and there and never a paragraph.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from demo.edits import Edit, apply_edit
from demo.load import FOLDER
from demo.model import Site, Story

_SLOT = re.compile(r"\{(?:(\d+\.\d)-(\d+\.\d)|(\d+)-(\d+)|([a-z_0-9]+))\}")
_FIRST_NUMBER = 500_000
_SPAN = timedelta(days=20)  # over which a batch is spread
_STEP = timedelta(minutes=7)
_TRIES = 4
_SPOKEN = ("zh-CN", "en-GB")
_MARKETS = (("301", "SZ"), ("605", "SH"), ("688", "SH"), ("003", "SZ"))

Slots = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Material:
    """One language's phrases by slot, and the words that a reprint may exchange."""

    slots: Slots
    synonyms: Sequence[tuple[str, str]]


class Generator:
    """Makes distinct stories from a seed; the same seed makes the same stories."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._made = 0
        self._updates = 0
        self._material: dict[str, _Material] = {}

    def speaks(self, language: str) -> bool:
        """Say whether there is material in this language."""
        return language in _SPOKEN

    def batch(self, sites: Sequence[Site], count: int, repost_share: float) -> Iterator[Story]:
        """Yield *count* stories spread over *sites*, *repost_share* of them edited reprints."""
        if not count:
            return
        rng = Random(f"{self._seed}/batch")
        step = min(_STEP, _SPAN / count)
        originals: list[tuple[Site, Story]] = []
        for index in range(count):
            site = sites[index % len(sites)]
            moment = datetime(2026, 2, 2, 6, tzinfo=site.offset) + step * index
            moment = moment.replace(microsecond=0)
            candidates = [s for home, s in originals[-200:] if home.language == site.language]
            if candidates and rng.random() < repost_share:
                yield self._reprint(site, rng.choice(candidates), moment, rng)
            else:
                story = self.story(site, moment)
                originals.append((site, story))
                yield story

    def story(self, site: Site, published: datetime) -> Story:
        """Return the next story, for *site*, in its language."""
        number = self._next_number()
        rng = Random(f"{self._seed}/{number}")
        voice = _Voice(self._spoken(site.language).slots, rng, site.language == "zh-CN")
        headline = voice.say("headline")
        paragraphs = tuple(voice.paragraphs())
        return Story(
            key=f"generated-{number}",
            site=site.key,
            section=rng.choice(list(site.sections)),
            headline=headline,
            paragraphs=paragraphs,
            published=published.astimezone(site.offset),
            number=number,
            cluster=f"generated-{number}",
            kind="generated",
            authors=(voice.author(),),
            source=site.name if site.prints_source else None,
            keywords=(voice.fixed["trade_word"],),
            securities=(voice.symbol,) if voice.symbol else (),
            slug=_slug(headline, number),
        )

    def update_note(self, language: str, moment: datetime) -> str:
        """Return a paragraph that an edited story gains; each one is different."""
        texts = tomllib.loads((FOLDER / "material" / "updates.toml").read_text(encoding="utf-8"))
        self._updates += 1
        short = "zh-Hant" if language.startswith("zh-Hant") else language[:2]
        count = self._updates + 1
        ordinal = f"{count}th" if short == "en" else str(count)
        return str(texts[short]).replace("{n}", ordinal).replace("{day}", f"{moment:%d}")

    def _reprint(self, site: Site, origin: Story, moment: datetime, rng: Random) -> Story:
        number = self._next_number()
        material = self._spoken(site.language)
        voice = _Voice(material.slots, rng, site.language == "zh-CN")
        kind, edit = _random_edit(origin, material, voice, rng)
        return replace(
            origin,
            key=f"generated-{number}",
            site=site.key,
            section=rng.choice(list(site.sections)),
            paragraphs=apply_edit(origin.paragraphs, edit),
            published=moment,
            number=number,
            kind=kind,
            authors=(voice.author(),),
            source=(origin.source or site.name) if site.prints_source else None,
            slug=_slug(origin.headline, number),
        )

    def _next_number(self) -> int:
        self._made += 1
        return _FIRST_NUMBER + self._made

    def _spoken(self, language: str) -> _Material:
        short = language[:2]
        if short not in self._material:
            path = FOLDER / "material" / f"{short}.toml"
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            synonyms = [(old, new) for old, new in data.pop("synonyms")]
            self._material[short] = _Material(data, synonyms)
        return self._material[short]


class _Voice:
    """Speaks for one story: names stay the same, no phrase is used twice."""

    def __init__(self, slots: Slots, rng: Random, chinese: bool) -> None:
        self._slots = slots
        self._rng = rng
        self._used: set[str] = set()
        self._glue = "" if chinese else " "
        self._chinese = chinese
        self.symbol = ""
        self.fixed: dict[str, str] = {}
        self._cast()

    def say(self, slot: str) -> str:
        """Fill one phrase of *slot*."""
        return _SLOT.sub(self._fill, self._pick(slot))

    def paragraphs(self) -> list[str]:
        """Return the story: an opening, four to seven paragraphs, an ending."""
        out = [self.say("opening")]
        for _ in range(self._rng.randint(4, 7)):
            out.append(self._glue.join(self.say("middle") for _ in range(self._rng.randint(2, 3))))
        return [*out, self.say("ending")]

    def author(self) -> str:
        """Return a name."""
        return self._pick("surname") + self._pick("given") if self._chinese else self._full_name()

    def _cast(self) -> None:
        company = self._pick("name1") + self._pick("name2") + self._glue + self._pick("form")
        prefix, market = self._rng.choice(_MARKETS)
        code = f"{prefix}{self._rng.randrange(900, 1000)}"
        if self._chinese:
            self.symbol = f"{code}.{market}"
        self.fixed |= {"company": company, "code": self.symbol}
        self.fixed["place"] = self._pick("place1") + self._pick("place2")
        person = self.author()
        role = self._pick("role") if self._chinese else ""
        self.fixed["person"] = role + person
        self.fixed["trade_word"] = self._pick("trade")

    def _full_name(self) -> str:
        return f"{self._pick('given')} {self._pick('surname')}"

    def _pick(self, slot: str) -> str:
        """Choose a phrase, if possible one that this story has not used."""
        options = self._slots[slot]
        choice = self._rng.choice(options)
        for _ in range(_TRIES):
            if choice not in self._used:
                break
            choice = self._rng.choice(options)
        self._used.add(choice)
        return choice

    def _fill(self, found: re.Match[str]) -> str:
        low, high, first, last, name = found.groups()
        if low:
            return f"{self._rng.uniform(float(low), float(high)):.1f}"
        if first:
            return str(self._rng.randint(int(first), int(last)))
        return self._name(name) or self._phrase(name)

    def _name(self, slot: str) -> str:
        """Return what stays the same within the story, or for other slots an empty string."""
        if slot == "place":  # several places, one of them more often
            again = self._rng.random() < 0.4
            return self.fixed["place"] if again else self._pick("place1") + self._pick("place2")
        if slot == "trade":  # one trade, mostly
            return self.fixed["trade_word"] if self._rng.random() < 0.7 else self._pick("trade")
        return self.fixed.get(slot, "")

    def _phrase(self, slot: str) -> str:
        if slot == "other":
            return self.say("expert")
        if slot.endswith("_cap"):
            base = slot.removesuffix("_cap")
            text = self._name(base) or self._phrase(base)
            return text[:1].upper() + text[1:]
        return self.say(slot)


def _random_edit(
    origin: Story, material: _Material, voice: _Voice, rng: Random
) -> tuple[str, Edit]:
    """Return a kind of reprint and the edit for it."""
    body = "\n".join(origin.paragraphs)
    pairs = [(old, new) for old, new in material.synonyms if old in body]
    edits = {
        "verbatim": Edit(),
        "drop": Edit(drop=(rng.randrange(1, len(origin.paragraphs)),)),
        "truncated": Edit(keep=len(origin.paragraphs) - 2),
        "lead": Edit(lead=(voice.say("lead"),)),
        "add": Edit(append=(voice.say("append"),)),
        "reorder": Edit(last_first=True),
        "reflow": Edit(reflow=True),
    }
    if pairs:
        edits["edit"] = Edit(replace=(rng.choice(pairs),))
    kind = rng.choice(sorted(edits))
    return kind, edits[kind]


def _slug(headline: str, number: int) -> str:
    words = re.findall(r"[a-z0-9]+", headline.lower())[:7]
    return "-".join([*words, str(number)])
