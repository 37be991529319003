"""`python -m batch clean|dedup FILE... --out DIR`, or the same through `spark-submit`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

_ROOT = str(Path(__file__).resolve().parent.parent)
COULD_NOT, USAGE = 1, 2
_PARTITIONS = "spark.sql.shuffle.partitions"
_PARTITION_BYTES = 1 << 25


def main() -> int:
    """Run one job; the exit status as of every command of the project."""
    options = _parser().parse_args()
    paths = _inputs(options.files)
    if options.out.exists():
        _refuse(f"{options.out} is there already; name another folder")
    try:
        import pyspark  # noqa: F401, PLC0415
    except ImportError:
        _refuse("this needs the optional group `spark`: pip install -r requirements/spark.lock")
    return _run(options, paths)


def _run(options: argparse.Namespace, paths: list[Path]) -> int:
    from pyspark.sql import SparkSession  # noqa: PLC0415

    from batch import jobs  # noqa: PLC0415
    from batch.archives import Limits  # noqa: PLC0415
    from pipelines.store.output import sync_folder  # noqa: PLC0415

    # The processes of a task find this program as the driver does.
    places = [_ROOT, *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(places)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # The folder gets its name when all of it is there.
    draft = options.out.absolute().with_name(f".{options.out.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    builder = SparkSession.builder.appName(f"firstprint {options.job}")
    progress = str(sys.stderr.isatty()).lower()
    spark = builder.config("spark.ui.showConsoleProgress", progress).getOrCreate()
    if not spark.sparkContext.getConf().contains(_PARTITIONS):
        # Spark's own number, 200, is far too many for a laptop and too few for a year of news.
        size = sum(path.stat().st_size for path in paths)
        parts = max(2 * spark.sparkContext.defaultParallelism, size // _PARTITION_BYTES)
        spark.conf.set(_PARTITIONS, parts)
    try:
        if options.job == "clean":
            now = datetime.now(UTC).isoformat(timespec="seconds")
            limits = Limits(now, options.timeout, options.memory)
            done = jobs.clean(spark, paths, draft, limits)
        else:
            done = jobs.deduplicate(spark, paths, draft)
        draft.replace(options.out)
        sync_folder(draft.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        spark.stop()
    print(done.sentence, file=sys.stderr)
    for problem in done.problems:
        print(f"error: {problem}", file=sys.stderr)
    return COULD_NOT if done.problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m batch", description=__doc__)
    jobs = parser.add_subparsers(dest="job", required=True)
    clean = jobs.add_parser("clean", help="archives to records: DIR/articles, DIR/rejected")
    clean.add_argument("--timeout", type=float, default=10.0, help="seconds a page may take")
    clean.add_argument("--memory", type=int, default=1024, help="megabytes a page may take")
    dedup = jobs.add_parser("dedup", help="records to DIR/kept and DIR/reposts")
    for job in (clean, dedup):
        job.add_argument("files", nargs="+", metavar="FILE", help="a file, a folder or a glob")
        job.add_argument("--out", type=Path, required=True, metavar="DIR")
    return parser


def _inputs(names: list[str]) -> list[Path]:
    """The files in the order that decides which print is the first: as named, folders sorted."""
    from crawler.documents import find_files  # noqa: PLC0415

    paths = []
    for name in names:
        found = find_files(name)
        if not found:
            _refuse(f"{name}: there is no such file")
        paths += found
    return paths


def _refuse(sentence: str) -> NoReturn:
    print(f"error: {sentence}", file=sys.stderr)
    sys.exit(USAGE)


if __name__ == "__main__":
    if _ROOT not in sys.path:
        sys.path.insert(0, _ROOT)
    sys.exit(main())
