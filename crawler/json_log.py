"""The log file as JSON Lines."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from crawler.extensions.log_secrets import SecretsFilter


class JsonFormatter(logging.Formatter):
    """One JSON object a line: `time` (UTC), `level`, `logger`, `message`, and `fields` if any."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json(settings: Any) -> None:
    """Write the log to LOG_FILE as JSON Lines, from the first line on, in place of Scrapy's own.

    Scrapy would give every handler of its own its own format, and install it anew for each crawl.
    Raises `OSError`.
    """
    handler = logging.FileHandler(
        settings["LOG_FILE"],
        mode="a" if settings.getbool("LOG_FILE_APPEND") else "w",
        encoding="utf-8",
    )
    handler.setFormatter(JsonFormatter())
    handler.setLevel(settings["LOG_LEVEL"])
    handler.addFilter(SecretsFilter())
    logging.getLogger().addHandler(handler)
    settings.setdict({"LOG_FILE": None, "LOG_ENABLED": False}, priority="cmdline")
