"""The record is defined once; schema, documentation and written lines follow it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import NewsArticle, Rejection, Repost, Security, record_keys
from crawler.record_schema import RECORDS, documentation, json_schema
from pipelines.record_lines import json_line, to_line

DOCS = Path(__file__).parents[2] / "docs"

EXAMPLES: dict[str, NewsArticle | Rejection] = {
    "article": NewsArticle(
        id="0123456789abcdef", securities=[Security("300540.SZ", "示例")], removed={"related": 2}
    ),
    "repost": Repost(repost_of="0123456789abcdef", similarity=0.5, hamming_distance=3),
    "rejected": Rejection(url="https://a.test/", reason="not_an_article"),
}


def test_the_documentation_is_what_the_items_say() -> None:
    assert (DOCS / "record.md").read_text(encoding="utf-8") == documentation()


def test_the_schema_file_is_what_the_items_say() -> None:
    written = json.loads((DOCS / "record.schema.json").read_text(encoding="utf-8"))
    assert written == {name: json_schema(record) for name, record in RECORDS}


@pytest.mark.parametrize(("name", "record"), RECORDS, ids=[name for name, _ in RECORDS])
def test_a_written_line_fits_its_schema(name: str, record: type[NewsArticle]) -> None:
    line = json.loads(to_line(EXAMPLES[name]))
    jsonschema.validate(line, json_schema(record))
    assert list(line) == record_keys(record)


@pytest.mark.parametrize("key", record_keys(NewsArticle))
def test_a_line_without_one_key_does_not_fit(key: str) -> None:
    line = json.loads(to_line(EXAMPLES["article"]))
    del line[key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(line, json_schema(NewsArticle))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
ANY_TEXT = st.text(alphabet=st.characters(codec=None))


@given(st.dictionaries(ANY_TEXT, ANY_JSON | ANY_TEXT))
def test_whatever_a_record_holds_its_line_is_one_line_of_json(values: dict[str, Any]) -> None:
    line = json_line(values)
    text = line.decode("utf-8")
    assert len(text.splitlines()) == 1
    assert text.endswith("\n")
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@pytest.mark.parametrize("text", ["a\u2028b", "a\x85b", "a\nb", "\x1c", "\x0b"])
def test_line_breakers_survive_as_escapes(text: str) -> None:
    line = json_line({"text": text})
    assert json.loads(line) == {"text": text}
    assert len(line.decode().splitlines()) == 1
