"""The one walk over the parsed tree; it fills a `Document`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipelines.article.page.nodes import (
    Attributes,
    Block,
    Container,
    Document,
    Image,
    Link,
    Mark,
    Script,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from selectolax.lexbor import LexborNode

_BLOCK_NAMES: Final = (
    "address article aside blockquote body caption center dd details dir div dl dt figcaption"
    " figure footer frameset h1 h2 h3 h4 h5 h6 head header hgroup html legend li"
    " main menu nav noscript ol p pre search section summary table tbody td tfoot th thead tr"
    " ul"
)
# Their text is never a story's: code, drawings, controls, fallbacks of players.
_SKIPPED_NAMES: Final = (
    "-comment -doctype style svg select datalist textarea button object embed applet video audio"
    " canvas template map noembed noframes progress meter input"
)
_SPECIAL_NAMES: Final = "title meta link base iframe script"
_MARKED_NAMES: Final = "span cite em i small font data"
# Told of even when they hold no text: what is in them says what the element around them is.
_FORM_NAMES: Final = "dialog fieldset form"
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_TELLING: Final = frozenset(("noscript", *_HEADINGS))
_STYLED: Final = frozenset(("style", "hidden", "align"))
_MARKED: Final = frozenset(("class", "id", "itemprop", "rel", "datetime"))

# What an element is; for the three that are noted while open, also what leaving them has to do.
_BLOCK, _FORM, _INLINE, _ANCHOR, _MARK, _TEXT, _BREAK, _IMAGE, _TIME, _SKIP, _SPECIAL = range(11)
_KINDS: Final = {
    **dict.fromkeys(_BLOCK_NAMES.split(), _BLOCK),
    **dict.fromkeys(_FORM_NAMES.split(), _FORM),
    **dict.fromkeys(_SKIPPED_NAMES.split(), _SKIP),
    **dict.fromkeys(_SPECIAL_NAMES.split(), _SPECIAL),
    **dict.fromkeys(_MARKED_NAMES.split(), _MARK),
    "-text": _TEXT,
    "a": _ANCHOR,
    "time": _TIME,
    "br": _BREAK,
    "hr": _BREAK,
    "img": _IMAGE,
}


class Walk:
    """Walks a tree in document order without recursion, so that no depth can overflow a stack."""

    __slots__ = (
        "_document",
        "_marks",
        "_open_marks",
        "_opened",
        "_parts",
        "_tags",
        "_waiting",
    )

    def __init__(self, document: Document) -> None:
        self._document = document
        self._opened = [_ROOT]  # the open containers, the innermost last
        self._waiting: list[LexborNode] = []  # open elements inside it that hold nothing so far
        self._tags: dict[int, str] = {}  # names by the parser's numbers for tags
        self._parts: list[str] = []  # text of the block being read, never blank at its beginning
        self._marks: list[Mark] = []
        self._open_marks: list[tuple[str, Attributes, int]] = []

    def run(self, root: LexborNode) -> None:  # noqa: PLR0912, PLR0915 - see its docstring
        """Fill the document from *root* down.

        Longer than other functions on purpose: it sees every node of every page, and a call a
        node would cost more than the parser does. For the same reason a link or a mark that holds
        one text and nothing else, as most do, is read without being entered.
        """
        given = root.attributes
        self._document.language = given.get("lang") or given.get("xml:lang") or ""
        blocks, containers = self._document.blocks, self._document.containers
        parts, waiting, opened, tags = self._parts, self._waiting, self._opened, self._tags
        kinds: dict[int, int] = {}  # by the parser's numbers for tags
        known, is_plain = kinds.get, _MARKED.isdisjoint
        line = False  # a <br> ended the block before
        anchor: str | None = None  # the open link's address
        anchor_at = 0  # from which part on the open link's text stands
        spans: list[tuple[int, int, str]] = []  # closed links of the block being read
        children: Iterator[LexborNode] = iter((root,))
        leave = _INLINE  # what leaving the innermost open element has to do
        stack: list[tuple[Iterator[LexborNode], int]] = []
        while True:
            for node in children:
                kind = known(node.tag_id)
                if kind is None:
                    tag = tags[node.tag_id] = node.tag or "-"
                    kind = kinds[node.tag_id] = _kind(tag)
                if kind <= _FORM:
                    if parts:
                        self._flush(spans, anchor, anchor_at, line)
                        anchor_at = 0
                    line = False
                    waiting.append(node)
                    if kind:
                        self._open()
                elif kind == _TEXT:
                    parts.append(node.text_content or "")
                    continue
                elif kind == _ANCHOR:
                    if anchor is not None and len(parts) > anchor_at:
                        spans.append((anchor_at, len(parts), anchor))
                    anchor = None
                    child = node.first_child
                    if child is None:
                        continue
                    anchor_at = len(parts)
                    anchor = node.attrs.get("href")
                    if anchor is None and "onclick" in node.attrs:
                        anchor = ""
                    text = child.text_content
                    if text is not None and child.next is None:
                        if not child.is_empty_text_node:
                            parts.append(text)
                            if anchor is not None:
                                spans.append((anchor_at, anchor_at + 1, anchor))
                        anchor = None
                        continue
                elif kind == _MARK:
                    child = node.first_child
                    if child is None:
                        continue
                    given = node.attributes
                    if given and _hides(given):
                        continue
                    plain = is_plain(given)
                    text = child.text_content
                    if text is not None and child.next is None:
                        if not child.is_empty_text_node:
                            parts.append(text)
                            if not plain:
                                self._mark(tags[node.tag_id], given, text)
                        continue
                    if plain:
                        kind = _INLINE
                    else:
                        self._open_marks.append((tags[node.tag_id], given, len(parts)))
                elif kind == _SKIP:
                    continue
                elif kind == _BREAK:
                    if parts:
                        self._flush(spans, anchor, anchor_at, line)
                        anchor_at = 0
                    line = tags[node.tag_id] == "br"
                    continue
                elif kind != _INLINE:
                    kind = self._enter(kind, node)
                    if kind == _SKIP:
                        continue
                stack.append((children, leave))
                children, leave = node.iter(True, True), kind
                break
            else:
                if leave <= _FORM:
                    if parts:
                        self._flush(spans, anchor, anchor_at, line)
                        anchor_at = 0
                    line = False
                    if waiting:
                        waiting.pop()
                    else:
                        closed = opened.pop()
                        closed.end = len(blocks)
                        closed.last = len(containers)
                elif leave == _ANCHOR:
                    if anchor is not None and len(parts) > anchor_at:
                        spans.append((anchor_at, len(parts), anchor))
                    anchor = None
                elif leave == _MARK:
                    tag, given, start = self._open_marks.pop()
                    self._mark(tag, given, "".join(parts[start:]))
                if not stack:
                    break
                children, leave = stack.pop()
        if parts:
            self._flush(spans, anchor, anchor_at, line)

    def _open(self) -> None:
        """Make containers of the open elements, now that the innermost holds something."""
        opened, containers, tags = self._opened, self._document.containers, self._tags
        waiting, first = self._waiting, len(self._document.blocks)
        above = opened[-1]
        index, parent = len(containers), above.index
        heading, hidden = above.heading, above.hidden
        for node in waiting:
            tag, given = tags[node.tag_id], node.attributes
            if tag in _TELLING:
                heading, hidden = _HEADINGS.get(tag, heading), hidden or tag == "noscript"
            if given:
                centred = False
                if not _STYLED.isdisjoint(given):
                    hidden, centred = hidden or _hides(given), _centres(given)
                above = Container(
                    index,
                    tag,
                    parent,
                    given.get("class"),
                    given.get("id"),
                    centred,
                    hidden,
                    heading,
                    first,
                )
            else:
                above = Container(index, tag, parent, None, None, False, hidden, heading, first)
            containers.append(above)
            opened.append(above)
            parent = index
            index += 1
        waiting.clear()

    def _enter(self, kind: int, node: LexborNode) -> int:
        """Read a rarer element; what leaving it has to do, `_SKIP` where its inside is not read."""
        if kind == _TIME:
            attributes = node.attributes
            if _hides(attributes):
                return _SKIP
            if _MARKED.isdisjoint(attributes):
                return _INLINE
            self._open_marks.append(("time", attributes, len(self._parts)))
            return _MARK
        if kind == _IMAGE:
            if self._waiting:
                self._open()
            self._document.images.append(
                Image(self._opened[-1].index, len(self._document.blocks) + bool(self._parts), node)
            )
        else:
            _SPECIAL_METHODS[self._tags[node.tag_id]](self, node)
        return _SKIP

    def _mark(self, tag: str, attributes: Attributes, text: str) -> None:
        text = " ".join(text.split())
        if text or tag == "time":
            self._marks.append(Mark(tag, attributes, text))

    def _flush(
        self, spans: list[tuple[int, int, str]], anchor: str | None, anchor_at: int, line: bool
    ) -> None:
        """End the block being read; a link still open goes on in the next."""
        parts = self._parts
        count = len(parts)
        text = " ".join((parts[0] if count == 1 else "".join(parts)).split())
        if anchor is not None and count > anchor_at:
            spans.append((anchor_at, count, anchor))
        links: Sequence[Link] = _NONE
        marks: Sequence[Mark] = _NONE
        link_chars = 0
        if spans and count == 1:
            links = [Link(spans.pop()[2], text)]
            link_chars = len(text)
        elif spans:
            links = []
            for start, end, href in spans:
                linked = " ".join("".join(parts[start:end]).split())
                links.append(Link(href, linked))
                link_chars += len(linked)
            spans.clear()
        if self._marks:
            marks, self._marks = self._marks, []
        if self._open_marks:
            self._open_marks = [(tag, given, 0) for tag, given, _ in self._open_marks]
        parts.clear()
        if not text:
            return
        if self._waiting:
            self._open()
        above, blocks = self._opened[-1], self._document.blocks
        at, tag, heading, hidden = above.index, above.tag, above.heading, above.hidden
        blocks.append(
            Block(len(blocks), text, tag, at, heading, hidden, link_chars, line, links, marks)
        )

    def _title(self, node: LexborNode) -> None:
        if not self._document.title:
            self._document.title = " ".join(node.text().split())

    def _meta(self, node: LexborNode) -> None:
        self._document.metas.append({k: v or "" for k, v in node.attributes.items()})

    def _link(self, node: LexborNode) -> None:
        self._document.links.append({k: v or "" for k, v in node.attributes.items()})

    def _base(self, node: LexborNode) -> None:
        self._document.base_href = self._document.base_href or node.attributes.get("href") or ""

    def _frame(self, node: LexborNode) -> None:
        self._document.frames.append(node.attributes.get("src") or "")

    def _script(self, node: LexborNode) -> None:
        child = node.first_child
        if child is None:
            return
        if "ld+json" in (node.attributes.get("type") or "").lower():
            self._document.json_ld.append(child.text_content or "")
        else:
            self._document.scripts.append(Script(child))


_NONE: Final = ()  # links and marks of the many blocks that have none
_ROOT: Final = Container(-1, "", -1, None, None, False, False, 0, 0)
_SPECIAL_METHODS: Final = {
    "title": Walk._title,
    "meta": Walk._meta,
    "link": Walk._link,
    "base": Walk._base,
    "iframe": Walk._frame,
    "script": Walk._script,
}


def _kind(tag: str) -> int:
    """What an element is; one with a hyphen is of the page's own making and counts as a block."""
    if "-" in tag[1:]:
        return _BLOCK
    return _KINDS.get(tag, _INLINE)


def _hides(attributes: Attributes) -> bool:
    """Whether an element's own attributes keep it from being seen."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return bool(style and "none" in style and "display:none" in "".join(style.lower().split()))


def _centres(attributes: Attributes) -> bool:
    """Whether an element's own attributes centre what is in it."""
    style = attributes.get("style")
    return attributes.get("align") == "center" or bool(
        style and "center" in style and "text-align:center" in "".join(style.lower().split())
    )
