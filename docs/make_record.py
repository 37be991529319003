"""Write what of docs/ is made from code, the record and the settings: `make docs`."""

from __future__ import annotations

import json
from pathlib import Path

from crawler.record_schema import RECORDS, documentation, json_schema
from crawler.settings_page import SOURCE, page

HERE = Path(__file__).parent


def main() -> None:
    """Write the files."""
    settings = page(SOURCE.read_text(encoding="utf-8"))
    (HERE / "settings.md").write_text(settings, encoding="utf-8")
    (HERE / "record.md").write_text(documentation(), encoding="utf-8")
    schemas = {name: json_schema(record) for name, record in RECORDS}
    text = json.dumps(schemas, ensure_ascii=False, indent=2) + "\n"
    (HERE / "record.schema.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
