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
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
# Their text is never a story's: code, drawings, controls, fallbacks of players.
_SKIPPED_NAMES: Final = (
    "-comment -doctype style svg select datalist textarea button object embed applet video audio"
    " canvas template map noembed noframes progress meter input"
)
_SKIPPED: Final = frozenset(_SKIPPED_NAMES.split())
_BOLD: Final = frozenset(("b", "strong"))
_LONG_SCRIPT: Final = 200
# What leaving an element has to do.
_PLAIN, _BLOCK, _ANCHOR, _MARK, _STRONG = range(5)


class Walk:
    """Walks a tree in document order without recursion, so that no depth can overflow a stack."""

    __slots__ = (
        "_anchor",
        "_anchor_at",
        "_bold_at",
        "_bold_chars",
        "_current",
        "_document",
        "_hidden",
        "_line",
        "_link_chars",
        "_links",
        "_marks",
        "_open_marks",
        "_parts",
    )

    def __init__(self, document: Document) -> None:
        self._document = document
        self._current = -1  # the innermost open container
        self._hidden = False
        self._line = False  # a <br> ended the block before
        self._parts: list[str] = []  # text of the block being read
        self._anchor: Attributes | None = None
        self._anchor_at = 0  # from which part on the open link's text stands
        self._bold_at = -1
        self._bold_chars = 0
        self._link_chars = 0
        self._links: list[Link] = []
        self._marks: list[Mark] = []
        self._open_marks: list[tuple[str, Attributes, int]] = []

    def run(self, root: LexborNode) -> None:
        """Fill the document from *root* down."""
        parts = self._parts
        stack: list[tuple[LexborNode, int]] = []
        node: LexborNode | None = root
        while node is not None:
            tag = node.tag
            if tag == "-text":
                parts.append(node.text_content or "")
            elif tag == "br":
                self._flush(line=True)
            elif tag is not None:
                leave = self._enter(tag, node)
                if leave >= 0:
                    child = node.first_child
                    if child is not None:
                        stack.append((node, leave))
                        node = child
                        continue
                    if leave:
                        self._leave(leave)
            following = node.next
            while following is None and stack:
                node, leave = stack.pop()
                if leave:
                    self._leave(leave)
                following = node.next if stack else None
            node = following
        self._flush()

    def _enter(self, tag: str, node: LexborNode) -> int:  # noqa: PLR0911 - one line a kind
        """Open an element; what leaving it has to do, or -1 where its inside is not to be read."""
        if tag in _BLOCKS or "-" in tag[1:]:
            return self._open_block(tag, node.attributes)
        if tag == "a":
            return self._open_anchor(node.attributes)
        if tag == "img":
            self._image(node.attributes)
            return -1
        if tag in _SKIPPED:
            return -1
        special = _SPECIAL.get(tag)
        if special is not None:
            special(self, node)
            return -1
        attributes = node.attributes
        if attributes:
            style = attributes.get("style")
            if "hidden" in attributes or (style is not None and _invisible(style)):
                return -1
            if tag not in _BOLD and not attributes.keys().isdisjoint(_MARKED):
                self._open_marks.append((tag, attributes, len(self._parts)))
                return _MARK
        if tag in _BOLD and self._bold_at < 0:
            self._bold_at = len(self._parts)
            return _STRONG
        return _PLAIN

    def _leave(self, leave: int) -> None:
        if leave == _BLOCK:
            self._close_block()
        elif leave == _ANCHOR:
            self._end_anchor()
            self._anchor = None
        elif leave == _MARK:
            tag, attributes, start = self._open_marks.pop()
            text = " ".join("".join(self._parts[start:]).split())
            if text or tag == "time":
                self._marks.append(Mark(tag, attributes, text))
        else:
            self._end_bold()
            self._bold_at = -1

    def _open_block(self, tag: str, attributes: Attributes) -> int:
        self._flush()
        document = self._document
        containers = document.containers
        parent = self._current
        heading = _HEADINGS.get(tag, 0)
        hidden = False
        depth = 0
        if parent >= 0:
            above = containers[parent]
            heading = heading or above.heading
            hidden = above.hidden
            depth = above.depth + 1
        if not hidden and (attributes or tag == "noscript"):
            style = attributes.get("style")
            hidden = (
                "hidden" in attributes
                or tag == "noscript"
                or (style is not None and _invisible(style))
            )
        index = len(containers)
        containers.append(
            Container(index, tag, parent, depth, attributes, hidden, heading, len(document.blocks))
        )
        self._current = index
        if tag == "html":
            document.language = attributes.get("lang") or attributes.get("xml:lang") or ""
        return _BLOCK

    def _close_block(self) -> None:
        self._flush()
        document = self._document
        container = document.containers[self._current]
        container.end = len(document.blocks)
        container.last = len(document.containers)
        self._current = container.parent
        self._line = False

    def _open_anchor(self, attributes: Attributes) -> int:
        if self._anchor is not None:
            self._end_anchor()
        self._anchor = attributes
        self._anchor_at = len(self._parts)
        return _ANCHOR

    def _end_anchor(self) -> None:
        """Note the open link's text so far; it may go on in the next block."""
        attributes = self._anchor
        if attributes is None:
            return
        text = " ".join("".join(self._parts[self._anchor_at :]).split())
        self._anchor_at = len(self._parts)
        if text:
            self._links.append(Link(attributes.get("href") or "", text, attributes))
            if "href" in attributes or "onclick" in attributes:
                self._link_chars += len(text)

    def _end_bold(self) -> None:
        if self._bold_at >= 0:
            self._bold_chars += len(" ".join("".join(self._parts[self._bold_at :]).split()))
            self._bold_at = len(self._parts)

    def _flush(self, *, line: bool = False) -> None:
        """End the block being read."""
        parts = self._parts
        if not parts:
            self._line = line
            return
        text = " ".join("".join(parts).split())
        if text:
            self._end_anchor()
            self._end_bold()
            self._append(text)
        parts.clear()
        self._anchor_at = 0
        self._bold_at = min(self._bold_at, 0)
        if self._open_marks:
            self._open_marks = [(tag, given, 0) for tag, given, _ in self._open_marks]
        self._line = line

    def _append(self, text: str) -> None:
        document = self._document
        container = document.containers[self._current]
        document.blocks.append(
            Block(
                len(document.blocks),
                text,
                container.tag,
                self._current,
                container.heading,
                container.hidden,
                self._link_chars,
                self._bold_chars,
                self._line,
                self._links,
                self._marks,
            )
        )
        self._link_chars = self._bold_chars = 0
        self._links = []
        self._marks = []

    def _image(self, attributes: Attributes) -> None:
        blocks = self._document.blocks
        pending = any(part and not part.isspace() for part in self._parts)
        self._document.images.append(
            Image(
                attributes.get("src") or "",
                attributes.get("alt") or "",
                self._current,
                len(blocks) + pending,
                attributes,
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

    def _rule(self, node: LexborNode) -> None:  # noqa: ARG002 - every special element has this shape
        self._flush()

    def _script(self, node: LexborNode) -> None:
        child = node.first_child
        text = child.text_content if child is not None else None
        if not text:
            return
        attributes = node.attributes
        kind = (attributes.get("type") or "").lower()
        if "ld+json" in kind:
            self._document.json_ld.append(text)
        elif len(text) > _LONG_SCRIPT:
            self._document.scripts.append(Script(kind, attributes.get("id") or "", text))


_MARKED: Final = frozenset(("class", "id", "itemprop", "rel", "datetime"))
_SPECIAL: Final = {
    "title": Walk._title,
    "meta": Walk._meta,
    "link": Walk._link,
    "base": Walk._base,
    "iframe": Walk._frame,
    "hr": Walk._rule,
    "script": Walk._script,
}


def _invisible(style: str) -> bool:
    return (
        "display" in style.lower()
        and "none" in "".join(style.lower().split()).partition("display:")[2].partition(";")[0]
    )
