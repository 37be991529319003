"""The one walk over the parsed tree; it fills a `Document`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipelines.article.nodes import (
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
    from selectolax.lexbor import LexborNode

_BLOCK_NAMES: Final = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup html legend li"
    " main menu nav noscript ol p pre search section summary table tbody td tfoot th thead tr"
    " ul"
)
# Their text is never a story's: code, drawings, controls, fallbacks of players.
_SKIPPED_NAMES: Final = (
    "-comment -doctype style svg select datalist textarea button object embed applet video audio"
    " canvas template map noembed noframes progress meter input"
)
_SPECIAL_NAMES: Final = "title meta link base iframe script"
_MARKED_NAMES: Final = "span time cite em i small font data"
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_MARKED: Final = frozenset(("class", "id", "itemprop", "rel", "datetime"))

# What an element is; for the three that are noted while open, also what leaving them has to do.
_INLINE, _BLOCK, _ANCHOR, _MARK, _TEXT, _BREAK, _IMAGE, _SKIP, _SPECIAL = range(9)
_BOUNDARIES: Final = frozenset((_BLOCK, _BREAK))
_KINDS: Final = {
    **dict.fromkeys(_BLOCK_NAMES.split(), _BLOCK),
    **dict.fromkeys(_SKIPPED_NAMES.split(), _SKIP),
    **dict.fromkeys(_SPECIAL_NAMES.split(), _SPECIAL),
    **dict.fromkeys(_MARKED_NAMES.split(), _MARK),
    "-text": _TEXT,
    "a": _ANCHOR,
    "br": _BREAK,
    "hr": _BREAK,
    "img": _IMAGE,
}


class Walk:
    """Walks a tree in document order without recursion, so that no depth can overflow a stack."""

    __slots__ = ("_above", "_document", "_line", "_marks", "_open_marks", "_parts")

    def __init__(self, document: Document) -> None:
        self._document = document
        self._above = _ROOT  # the innermost open container
        self._line = False  # a <br> ended the block before
        self._parts: list[str] = []  # text of the block being read, never blank at its beginning
        self._marks: list[Mark] = []
        self._open_marks: list[tuple[str, Attributes, int]] = []

    def run(self, root: LexborNode) -> None:  # noqa: PLR0912, PLR0915 - see its docstring
        """Fill the document from *root* down.

        Longer than other functions on purpose: it sees every node of every page, and a call a
        node would cost more than the parser does.
        """
        document, parts = self._document, self._parts
        containers, blocks = document.containers, document.blocks
        heading_of = _HEADINGS.get
        known: dict[int, tuple[int, str]] = {}  # kind and tag of the parser's numbers for tags
        above = self._above
        anchor: str | None = None  # the open link's address
        anchor_at = 0  # from which part on the open link's text stands
        spans: list[tuple[int, int, str]] = []  # closed links of the block being read
        stack: list[tuple[int, int]] = []
        inner, leave = -1, _INLINE  # the innermost open element's id, and what leaving it does
        for node in root.traverse(include_text=True, skip_empty=True):
            parent = node.parent
            around = parent.mem_id if parent else -1
            while inner != around and stack:
                if leave == _BLOCK:
                    if parts:
                        self._flush(spans, anchor, anchor_at)
                        anchor_at = 0
                    above.end = len(blocks)
                    above.last = len(containers)
                    up = above.parent
                    self._above = above = containers[up] if up >= 0 else _ROOT
                    self._line = False
                elif leave == _ANCHOR:
                    if anchor is not None and len(parts) > anchor_at:
                        spans.append((anchor_at, len(parts), anchor))
                    anchor = None
                elif leave == _MARK:
                    self._close_mark()
                inner, leave = stack.pop()
            tag_id = node.tag_id
            if tag_id in known:
                kind, tag = known[tag_id]
            else:
                kind, tag = known[tag_id] = _kind(node.tag or "-")
            if leave == _SKIP:
                kind = _SKIP
            elif kind == _TEXT:
                parts.append(node.text_content or "")
                continue
            stack.append((inner, leave))
            inner, leave = node.mem_id, kind
            if kind in _BOUNDARIES:
                if parts:
                    self._flush(spans, anchor, anchor_at)
                    anchor_at = 0
                self._line = tag == "br"
                if kind == _BREAK:
                    continue
                attributes = node.attributes
                container = Container(
                    len(containers),
                    tag,
                    above.index,
                    above.depth + 1,
                    attributes,
                    above.hidden
                    or tag == "noscript"
                    or (("style" in attributes or "hidden" in attributes) and _hides(attributes)),
                    heading_of(tag, above.heading),
                    len(blocks),
                )
                containers.append(container)
                self._above = above = container
            elif kind == _ANCHOR:
                if anchor is not None and len(parts) > anchor_at:
                    spans.append((anchor_at, len(parts), anchor))
                attrs = node.attrs
                anchor = attrs.get("href")
                if anchor is None and "onclick" in attrs:
                    anchor = ""
                anchor_at = len(parts)
            elif kind != _SKIP:
                leave = self._enter(tag, kind, node)
        while self._open_marks:
            self._close_mark()
        if parts:
            self._flush(spans, anchor, anchor_at)
        self._finish()

    def _finish(self) -> None:
        """Close what the end of the page leaves open."""
        document = self._document
        while self._above is not _ROOT:
            container = self._above
            container.end = len(document.blocks)
            container.last = len(document.containers)
            up = container.parent
            self._above = document.containers[up] if up >= 0 else _ROOT
        for container in document.containers[:1]:
            given = container.attributes
            document.language = given.get("lang") or given.get("xml:lang") or ""

    def _enter(self, tag: str, kind: int, node: LexborNode) -> int:
        """Open a rarer element; what leaving it has to do, `_SKIP` where its inside is not read."""
        if kind == _MARK:
            return self._open_mark(tag, node.attributes)
        if kind == _IMAGE:
            self._document.images.append(
                Image(self._above.index, len(self._document.blocks) + bool(self._parts), node)
            )
        elif kind == _SPECIAL:
            _SPECIAL_METHODS[tag](self, node)
        else:
            return _INLINE
        return _SKIP

    def _open_mark(self, tag: str, attributes: Attributes) -> int:
        if attributes:
            if _hides(attributes):
                return _SKIP
            if not attributes.keys().isdisjoint(_MARKED):
                self._open_marks.append((tag, attributes, len(self._parts)))
                return _MARK
        return _INLINE

    def _close_mark(self) -> None:
        tag, attributes, start = self._open_marks.pop()
        text = " ".join("".join(self._parts[start:]).split())
        if text or tag == "time":
            self._marks.append(Mark(tag, attributes, text))

    def _flush(self, spans: list[tuple[int, int, str]], anchor: str | None, anchor_at: int) -> None:
        """End the block being read; a link still open goes on in the next."""
        parts = self._parts
        count = len(parts)
        text = " ".join((parts[0] if count == 1 else "".join(parts)).split())
        if anchor is not None and count > anchor_at:
            spans.append((anchor_at, count, anchor))
        links: list[Link] = []
        link_chars = 0
        for start, end, href in spans:
            whole = end - start == count
            linked = text if whole else " ".join("".join(parts[start:end]).split())
            links.append(Link(href, linked))
            link_chars += len(linked)
        spans.clear()
        marks = self._marks
        self._marks = []
        if self._open_marks:
            self._open_marks = [(tag, given, 0) for tag, given, _ in self._open_marks]
        parts.clear()
        if not text:
            return
        above = self._above
        blocks = self._document.blocks
        blocks.append(
            Block(
                len(blocks),
                text,
                above.tag,
                above.index,
                above.heading,
                above.hidden,
                link_chars,
                self._line,
                links,
                marks,
            )
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
        attributes = node.attributes
        kind = (attributes.get("type") or "").lower()
        if "ld+json" in kind:
            self._document.json_ld.append(child.text_content or "")
        else:
            self._document.scripts.append(Script(kind, attributes.get("id") or "", child))


_ROOT: Final = Container(-1, "", -1, -1, {}, False, 0, 0)
_SPECIAL_METHODS: Final = {
    "title": Walk._title,
    "meta": Walk._meta,
    "link": Walk._link,
    "base": Walk._base,
    "iframe": Walk._frame,
    "script": Walk._script,
}


def _kind(tag: str) -> tuple[int, str]:
    """What an element is; one with a hyphen is of the page's own making and counts as a block."""
    if "-" in tag[1:]:
        return _BLOCK, tag
    return _KINDS.get(tag, _INLINE), tag


def _hides(attributes: Attributes) -> bool:
    """Whether an element's own attributes keep it from being seen."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return bool(style and "none" in style and "display:none" in "".join(style.lower().split()))
