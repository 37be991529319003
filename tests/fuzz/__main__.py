"""Try one case of the fuzzing again: `python -m tests.fuzz KIND NUMBER`."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from tests.fuzz.mutator import spoil
from tests.fuzz.seeds import seeds
from tests.fuzz.targets import targets


def main() -> None:
    kind, number = sys.argv[1], int(sys.argv[2])
    data = spoil(seeds()[kind], Random(f"{kind} {number}"))
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_bytes(data)
    targets()[kind](data)


if __name__ == "__main__":
    main()
