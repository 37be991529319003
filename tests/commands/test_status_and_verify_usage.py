"""Wrong usage of the readers is one sentence and status 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.commands import ScrapyCommand

from crawler.commands.status import Command as Status
from crawler.commands.verify import Command as Verify
from tests.commands.in_process import run


@pytest.mark.parametrize("command", [Status, Verify])
@pytest.mark.parametrize("argument", ["extra", "--fast"])
def test_what_is_not_known_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: type[ScrapyCommand], argument: str
) -> None:
    assert run(command(), argument, OUTPUT_DIR=str(tmp_path)) == 2
    message = capsys.readouterr().err
    assert argument in message
    assert len(message.splitlines()) == 1
    assert not any(tmp_path.iterdir())
