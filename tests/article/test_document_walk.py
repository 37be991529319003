"""A page becomes flat lists: blocks in order, containers with their ranges, links and marks."""

from __future__ import annotations

import pytest

from pipelines.article.page.document import DocumentLimitError, parse


@pytest.mark.parametrize(
    ("page", "texts"),
    [
        pytest.param("<p>one</p><p>two</p>", ["one", "two"], id="paragraphs"),
        pytest.param("bare<br>line<br><br>end", ["bare", "line", "end"], id="breaks"),
        pytest.param("<div>a<p>b</p>c</div>", ["a", "b", "c"], id="text around a block"),
        pytest.param("<p>cl<span>au</span><b>se</b></p>", ["clause"], id="inline elements join"),
        pytest.param(
            "<span>第一句，</span><span>第二句。</span>", ["第一句，第二句。"], id="spans"
        ),
        pytest.param("<p>  a \n\t b\u3000c </p>", ["a b c"], id="blanks collapse"),
        pytest.param("<table><tr><td>1<td>2</table>", ["1", "2"], id="cells"),
        pytest.param("<p>a<script>x()</script>b<style>i{}</style></p>", ["ab"], id="no code"),
        pytest.param("<p>a<!-- c --><svg><text>s</text></svg>b", ["ab"], id="no drawings"),
        pytest.param("<p>a<span hidden>x</span>b", ["ab"], id="no hidden inline text"),
        pytest.param("<x-card>a</x-card><x-card>b</x-card>", ["a", "b"], id="own elements"),
        pytest.param("<p>unclosed<p>twice<div>and <b>bold", ["unclosed", "twice", "and bold"]),
        pytest.param("a<hr>b", ["a", "b"], id="rule"),
    ],
)
def test_blocks_are_the_runs_of_text_between_boundaries(page: str, texts: list[str]) -> None:
    assert [block.text for block in parse(page).blocks] == texts


def test_ranges_of_containers_hold_their_blocks_and_containers() -> None:
    document = parse("<div id=a><p>1</p><div id=b><p>2</p>3</div></div><p>4</p>")
    ranges = {
        container.names: [block.text for block in document.blocks[container.first : container.end]]
        for container in document.containers
        if container.names
    }
    assert ranges == {"a": ["1", "2", "3"], "b": ["2", "3"]}
    outer = next(c for c in document.containers if c.names == "a")
    inside = [c.tag for c in document.containers[outer.index + 1 : outer.last]]
    assert inside == ["p", "div", "p"]


def test_links_are_counted_and_kept_with_their_text() -> None:
    block = parse('<p>one <a href="/x">two three</a> four</p>').blocks[0]
    assert [(link.href, link.text) for link in block.links] == [("/x", "two three")]
    assert block.link_chars == len("two three")


def test_a_link_around_blocks_belongs_to_each_of_them() -> None:
    blocks = parse('<a href="/x"><h3>Title</h3><p>Summary</p></a><p>Other</p>').blocks
    assert [block.link_chars for block in blocks] == [5, 7, 0]
    assert [[link.href for link in block.links] for block in blocks] == [["/x"], ["/x"], []]


def test_links_and_marks_belong_to_their_block_alone() -> None:
    page = '<p><a href="/a">a</a><i class="x">1</i><p>none<p><a href="/b">b</a><i class="y">2</i>'
    blocks = parse(page).blocks
    assert [[link.href for link in block.links] for block in blocks] == [["/a"], [], ["/b"]]
    assert [[mark.text for mark in block.marks] for block in blocks] == [["1"], [], ["2"]]


def test_marks_keep_times_and_named_spans() -> None:
    block = parse('<p><time datetime="2021"></time><span class="src">Courier</span></p>').blocks[0]
    assert [(mark.tag, mark.text) for mark in block.marks] == [("time", ""), ("span", "Courier")]


def test_headings_hidden_text_and_lines_are_told() -> None:
    blocks = parse("<h2><span>a</span></h2><p style='display : none'>b</p><p>c<br>d").blocks
    assert [(b.heading, b.hidden, b.line) for b in blocks] == [
        (2, False, False),
        (0, True, False),
        (0, False, False),
        (0, False, True),
    ]


def test_a_picture_knows_the_block_behind_it() -> None:
    document = parse("<p>a</p><p><img src=x.jpg alt=y></p><p>b</p><p>c<img src=z.jpg></p>")
    assert [(image.src, image.alt, image.before) for image in document.images] == [
        ("x.jpg", "y", 1),
        ("z.jpg", "", 3),
    ]


def test_the_head_is_read_as_it_stands() -> None:
    document = parse(
        "<html lang=zh><head><title>T &lt;1</title><base href=/b><meta name=a content=b>"
        "<link rel=canonical href=/c><script type=application/ld+json>{}</script>"
        "<script src=/s></script><script id=s>var a = 1</script></head>"
    )
    assert (document.title, document.language, document.base_href) == ("T <1", "zh", "/b")
    assert document.metas == [{"name": "a", "content": "b"}]
    assert document.links == [{"rel": "canonical", "href": "/c"}]
    assert document.json_ld == ["{}"]
    assert [script.text for script in document.scripts] == ["var a = 1"]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        pytest.param("<div>" * 20_000, "too_deep", id="depth"),
        pytest.param("<p " + "a " * 60_000 + ">", "too_slow", id="attributes"),
    ],
)
def test_what_would_take_quadratic_time_is_refused(page: str, reason: str) -> None:
    with pytest.raises(DocumentLimitError) as caught:
        parse(page)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "page",
    [
        pytest.param("<p>a</p>" * 30_000, id="many siblings"),
        pytest.param("<li>a" * 30_000, id="many unclosed items"),
        pytest.param("<script>" + "x = 1 " * 50_000 + "</script><p>a", id="a long script"),
        pytest.param("<p>" + "word " * 50_000, id="a long paragraph"),
    ],
)
def test_large_ordinary_pages_are_read(page: str) -> None:
    assert parse(page).blocks
