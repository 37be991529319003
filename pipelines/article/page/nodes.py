"""The flat lists that a page is turned into; see `pipelines.article.page.document`.

A page has about a thousand of these. As msgspec's structs they cost a fifth of what dataclasses
do, and being no part of any cycle they are none of the garbage collector's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import Struct
from selectolax.lexbor import LexborNode

Attributes = dict[str, str | None]


class Link(Struct, gc=False):
    """An `<a href>` (empty where a script follows it); *text* is its text inside one block."""

    href: str
    text: str


class Mark(Struct, gc=False):
    """An inline element with attributes of note (`<time>`, `<span class>`, itemprop, rel)."""

    tag: str
    attributes: Attributes
    text: str


class Image(Struct, gc=False):
    """An `<img>` in a container; *before* is the index of the block that follows it in the page."""

    container: int
    before: int
    node: LexborNode

    @property
    def src(self) -> str:
        """Its address as it stands."""
        return self.node.attrs.get("src") or ""

    @property
    def alt(self) -> str:
        """What it says in words."""
        return self.node.attrs.get("alt") or ""


class Container(Struct, gc=False):
    """A block-level element, with those of its attributes that anybody asks for.

    *parent* is the index of the container around it (-1 at the root). The blocks inside are
    `blocks[first:end]`, the containers inside `containers[index + 1:last]`.
    """

    index: int
    tag: str
    parent: int
    class_name: str | None  # the attributes class and id as they stand
    id_name: str | None
    centred: bool  # by its own style or `align`
    hidden: bool
    heading: int  # 1 to 6 inside <h1> to <h6>, else 0
    first: int
    end: int = 0
    last: int = 0

    @property
    def names(self) -> str:
        """Class and id in lower case, as one string; empty where the element has neither."""
        return f"{self.class_name or ''} {self.id_name or ''}".strip().lower()


class Block(Struct, gc=False):
    """A run of text: *text* has its blanks collapsed and is never empty.

    *tag* is that of its container, *heading* 1 to 6 inside `<h1>` to `<h6>`, else 0. *link_chars*
    counts the characters inside links.
    *line* is true where only a `<br>` parts it from the block before, in the same container.
    """

    index: int
    text: str
    tag: str
    container: int
    heading: int
    hidden: bool
    link_chars: int
    line: bool
    links: Sequence[Link]
    marks: Sequence[Mark]


class Script(Struct, gc=False):
    """An inline script; its text is read from the tree only when asked for, since few are."""

    node: LexborNode

    @property
    def text(self) -> str:
        """The script as it stands."""
        return self.node.text_content or ""


@dataclass(slots=True)
class Document:
    """What a page says, in document order; see the classes above."""

    title: str = ""
    language: str = ""  # <html lang>
    base_href: str = ""
    metas: list[dict[str, str]] = field(default_factory=list)  # attributes of every <meta>
    links: list[dict[str, str]] = field(default_factory=list)  # attributes of every <link>
    json_ld: list[str] = field(default_factory=list)  # texts of application/ld+json
    scripts: list[Script] = field(default_factory=list)  # other inline scripts
    blocks: list[Block] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)  # src of every <iframe>
