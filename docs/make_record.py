"""Write docs/record.md and docs/record.schema.json from crawler/items.py: `make docs`."""

from __future__ import annotations

import json
from pathlib import Path

from crawler.record_schema import RECORDS, documentation, json_schema

HERE = Path(__file__).parent


def main() -> None:
    """Write both files."""
    (HERE / "record.md").write_text(documentation(), encoding="utf-8")
    schemas = {name: json_schema(record) for name, record in RECORDS}
    text = json.dumps(schemas, ensure_ascii=False, indent=2) + "\n"
    (HERE / "record.schema.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
