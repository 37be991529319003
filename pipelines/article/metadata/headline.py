"""The headline: the words that the page's title, its metadata and its text agree on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.article.page.document import Block

Origin = Literal["json-ld", "meta", "title", "text"]

_NOT_WORD = re.compile(r"[\W_]+")
_CJK = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]")
# A separator between a headline and what a site hangs on it. A hyphen needs blanks around it
# unless Chinese stands on both sides.
_SEPARATOR = re.compile(
    r"[|｜丨ㅣ¦»›←→•]|::|--+|__?|[-–—](?<=[\u2e80-\u9fff\uac00-\ud7af？！”》）\])].)|\s[-–—·:/~]\s"
    r"|\s[-–—](?=[\u2e80-\u9fff])|[:：](?=[^:：\s]{2,12}$)"
)
_DATE_TAIL = re.compile(r"[\s（(\[【]{0,4}(?:19|20)\d\d\s?[-/.年]")
_STRONG = frozenset("_|｜丨ㅣ¦»›")
_SITE_ENDING = re.compile(
    r"(?:网|網|报|報|社|频道|頻道|在线|新闻|新聞|官网|网站|門戶|门户|资讯|日报|客户端|中心|首页|号|财经"
    r"|デジタル|新聞|ニュース|뉴스|일보|신문|online|news|times|post|daily|journal|magazine|tv"
    r"|radio|today|press|media|blog|com|net|org)$|^[\w-]{2,30}(?:\.[a-z]{2,4}){1,2}$",
    re.I,
)
_LONGEST = 300
_OPENING_MARKS = "\"'“”‘’«»„‚‹「『《【〈（(［[¿¡…-–—·•"
_OPENING = frozenset(_OPENING_MARKS)
_SHORTEST_CJK, _SHORTEST = 4, 8


@dataclass(frozen=True, slots=True)
class Headline:
    """The chosen headline, what it was taken from, and the block that shows it (-1: none)."""

    text: str
    origin: Origin
    block: int = -1


@dataclass(frozen=True, slots=True)
class TitleClaim:
    """A title that metadata names; *trust* weighs an agreement with it."""

    text: str
    origin: Origin
    trust: int


def bare(text: str) -> str:
    """Reduce *text* to its letters and digits, NFKC, case folded: what two titles must share."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text)).casefold()


def split_title(title: str) -> list[tuple[str, str]]:
    """Cut *title* at its separators: (separator before, segment), the first with ''."""
    parts: list[tuple[str, str]] = []
    separator, start = "", 0
    for match in _SEPARATOR.finditer(title):
        segment = title[start : match.start()].strip()
        if segment:
            parts.append((separator, segment))
            separator = match[0].strip()
        start = match.end()
    segment = title[start:].strip()
    if segment:
        parts.append((separator, segment))
    return parts or [("", title)]


def strip_site(title: str, site_names: Sequence[str], host: str = "") -> str:
    """Take the site's name and its sections off the end (or the front) of *title*.

    A separator inside the headline survives: a tail goes only if it is a name the page gives to
    the site, reads like one, belongs to the host's name, or hangs on a strong separator (| _ »).
    """
    title = " ".join(title.split())
    if len(title) > 2 * _LONGEST:
        return title
    parts = split_title(title)
    names = {bare(name) for name in site_names if name}
    label = _host_label(host)
    kept = len(parts)
    while kept > 1:
        # Between the headline and a name that went stands its section, if anything short does.
        word = bare(parts[kept - 1][1])
        section = kept < len(parts) and len(word) <= 4 and bool(_CJK.search(word))
        if not section and not _is_site(parts[kept - 1], parts[:kept], names, label):
            break
        kept -= 1
    first = 0
    while first < kept - 1 and bare(parts[first][1]) in names:
        first += 1
    start = title.find(parts[first][1])
    tail = parts[kept - 1][1]
    end = title.rfind(tail) + len(tail) if kept < len(parts) else len(title)
    if kept < len(parts):
        end = _end_of(title, parts[:kept])
    return title[start:end].strip()


def _end_of(title: str, parts: list[tuple[str, str]]) -> int:
    position = 0
    for _, segment in parts:
        position = title.index(segment, position) + len(segment)
    return position


def _host_label(host: str) -> str:
    """Give the telling label of a host name: `courier` of www.courier.com.cn."""
    labels = [part for part in host.lower().split(".") if part]
    generic = {"www", "com", "net", "org", "co", "gov", "edu", "news", "m", "finance", "ac"}
    telling = [part for part in labels[:-1] if part not in generic and len(part) > 2]
    return telling[-1] if telling else ""


def _is_site(
    part: tuple[str, str], parts: list[tuple[str, str]], names: set[str], label: str
) -> bool:
    separator, segment = part
    word = bare(segment)
    if not word or word in names or (label and label in word):
        return True
    rest = "".join(bare(other) for _, other in parts[:-1])
    shortest = _SHORTEST_CJK if _CJK.search(rest) else _SHORTEST
    if len(rest) < shortest or len(word) > max(len(rest), 12):
        return False
    if separator[:1] in _STRONG or separator.startswith(("--", "::")):
        return True
    return bool(_SITE_ENDING.search(segment)) and len(segment) <= 24


def choose_headline(
    claims: Sequence[TitleClaim],
    blocks: Sequence[Block],
    *,
    site_names: Sequence[str] = (),
    host: str = "",
) -> Headline | None:
    """Choose the block that most claims agree with; without one, the best claim itself.

    *claims* are the titles of metadata as they stand, with the `<title>` among them. A heading
    that agrees with none of them is another story's or the site's name. None when nothing is
    left to choose from.
    """
    claims = [claim for claim in claims if claim.text]
    own = {text: strip_site(text, site_names, host) for text in {c.text for c in claims}}
    letters = {text: bare(text) for text in {*own, *own.values()}}
    stripped = [TitleClaim(own[claim.text], claim.origin, claim.trust) for claim in claims]
    stripped = [claim for claim in stripped if len(letters[claim.text]) >= 2]
    best: tuple[float, Block] | None = None
    folded = [(letters[claim.text], claim.trust) for claim in stripped]
    whole = [(letters[claim.text], claim.trust) for claim in claims]
    for block in _candidates(blocks, letters):
        score = _agreement(bare(block.text), folded, whole)
        if score <= 0:
            continue
        score += _prominence(block)
        if best is None or score > best[0]:
            best = score, block
    if best:
        return _worded(best[1], stripped, letters)
    return _best_claim(stripped, letters)


def _candidates(blocks: Sequence[Block], titles: Iterable[str]) -> Iterator[Block]:
    """Give the first-level headings and the blocks that begin like one of *titles*.

    A page has hundreds of blocks: two characters decide about nearly all of them.
    """
    starts = {_start(title) for title in titles}
    first_two = {title[:2] for title in titles} | starts | {start.upper() for start in starts}
    first_two |= {start.capitalize() for start in starts}
    first = _OPENING.union(two[:1] for two in first_two)
    likely = {
        index
        for index, text in enumerate([block.text for block in blocks])
        if text[0] in first and (text[:2] in first_two or text[0] in _OPENING)
    }
    likely.update([block.index for block in blocks if block.heading == 1])
    for index in sorted(likely):
        block = blocks[index]
        text = block.text
        if 2 <= len(text) <= _LONGEST and (block.heading == 1 or _start(text) in starts):
            yield block


def _start(text: str) -> str:
    """Give the first two letters of *text*, behind any quotation mark or bracket."""
    head = text[:12].casefold()
    two = head.lstrip(_OPENING_MARKS)[:2]  # nearly always letters
    return two if len(two) == 2 and two.isalnum() else _NOT_WORD.sub("", head)[:2]


def _agreement(
    word: str, folded: Sequence[tuple[str, int]], whole: Sequence[tuple[str, int]]
) -> float:
    """Weigh how far the claims agree with a block whose bare text is *word*."""
    shortest = _SHORTEST_CJK if _CJK.search(word) else _SHORTEST
    score = 0.0
    for (claim, trust), (full, _) in zip(folded, whole, strict=False):
        if word == claim:
            score += 3 * trust
        elif len(word) < shortest:
            continue
        elif word == full:
            score += 2.5 * trust
        elif full.startswith(word) and len(word) > 0.4 * len(claim):
            score += 2 * trust
        elif len(claim) >= shortest and word.startswith(claim) and len(claim) > 0.4 * len(word):
            score += 1.5 * trust  # the claim was cut short
        elif len(claim) >= 2 * shortest and claim in word and len(claim) > 0.6 * len(word):
            score += 1 * trust
    return score


def _prominence(block: Block) -> float:
    """Weigh how much a block looks like a headline by itself."""
    score = {1: 4.0, 2: 2.0, 3: 1.0}.get(block.heading, 0.0)
    if block.hidden:
        score -= 4
    if block.link_chars > 0.8 * len(block.text):
        score -= 3
    return score


def _worded(block: Block, claims: Sequence[TitleClaim], letters: Mapping[str, str]) -> Headline:
    """Give the block's own words, unless claims that agree with each other outvote it.

    *letters* are the claims' texts as `bare` gives them.
    """
    word, spaceless = bare(block.text), len("".join(block.text.split()))
    for claim in claims:
        if block.text.startswith(claim.text) and _DATE_TAIL.match(block.text, len(claim.text)):
            return Headline(claim.text, "text", block.index)
    votes = _votes(claims, letters)
    own = votes.get(word, 0) + {1: 3, 2: 2}.get(block.heading, 1)
    for claim in claims:
        if claim.origin == "title":
            continue
        folded = letters[claim.text]
        if folded == word:
            # Markup may have swallowed the separator between a kicker and its headline.
            if block.marks and len("".join(claim.text.split())) > spaceless:
                return Headline(claim.text, claim.origin, block.index)
        elif votes[folded] > own and not word.startswith(folded):
            return Headline(claim.text, claim.origin, block.index)
    return Headline(block.text, "text", block.index)


def _votes(claims: Sequence[TitleClaim], letters: Mapping[str, str]) -> dict[str, int]:
    votes: dict[str, int] = {}
    for claim in claims:
        folded = letters[claim.text]
        votes[folded] = votes.get(folded, 0) + claim.trust
    return votes


def _best_claim(claims: Sequence[TitleClaim], letters: Mapping[str, str]) -> Headline | None:
    if not claims:
        return None
    votes = _votes(claims, letters)
    best = max(claims, key=lambda claim: votes[letters[claim.text]])
    return Headline(best.text, best.origin)
