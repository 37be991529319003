"""`python -m demo serve` and `python -m demo crawl`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from demo.crawl import crawl
from demo.press import Press
from demo.serve import serve


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; 2 for a usage error."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serving = commands.add_parser("serve", help="serve the press until SIGTERM")
    serving.add_argument("--port-file", type=Path, required=True, help="home pages, as JSON")
    serving.add_argument("--truth-file", type=Path, help="what must come out, as JSON lines")
    serving.add_argument("--stories", type=int, default=0, help="generated stories to add")
    serving.add_argument("--seed", type=int, default=1)
    serving.add_argument("--page-kb", type=int, default=0, help="pad article pages to this weight")
    serving.add_argument("--sites", default="", help="keys of sites, comma-separated; all without")
    serving.add_argument("--repost-share", type=float, default=0.1)
    serving.add_argument("--fixed-ports", action="store_true", help="8701 and following if free")
    commands.add_parser(
        "crawl", help="crawl the press into output/demo/; further arguments go to scrapy"
    )
    if arguments[:1] == ["crawl"]:  # scrapy judges its arguments itself
        return crawl(arguments[1:])
    options = parser.parse_args(arguments)
    try:
        press = Press(
            stories=options.stories,
            seed=options.seed,
            page_kb=options.page_kb,
            sites=[key for key in options.sites.split(",") if key],
            fixed_ports=options.fixed_ports,
            repost_share=options.repost_share,
        )
    except ValueError as error:
        parser.error(str(error))
    return serve(press, options.port_file, options.truth_file)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
