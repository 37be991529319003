"""What `<meta>` elements say, sorted by the fields they fill."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.article.metadata.json_ld import plain
from pipelines.article.metadata.labels import FieldNames


@dataclass(slots=True)
class MetaFields:
    """Values by field, the best name first, each as (name, value)."""

    values: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def first(self, group: str) -> str | None:
        """Give the best value of *group*, or None."""
        found = self.values.get(group)
        return found[0][1] if found else None

    def all(self, group: str) -> list[str]:
        """List the values of *group*, the best name first."""
        return [value for _, value in self.values.get(group, ())]


def read_meta_fields(metas: Iterable[dict[str, str]], names: FieldNames) -> MetaFields:
    """Sort the attributes of `<meta>` elements into fields by the names in `labels/fields.toml`.

    A name may stand in `property`, `name` or `itemprop`; empty contents are passed over.
    """
    ranked: dict[str, list[tuple[int, int, str, str]]] = {}
    for place, meta in enumerate(metas):
        content = meta.get("content", "")
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if not name or not content or content.isspace():
            continue
        key = name.strip().lower()
        for group, rank in names.places.get(key, ()):
            ranked.setdefault(group, []).append((rank, place, key, plain(content)))
    fields = MetaFields()
    for group, found in ranked.items():
        found.sort(key=lambda item: item[:2])
        fields.values[group] = [(key, value) for _, _, key, value in found]
    return fields
