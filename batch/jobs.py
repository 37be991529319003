"""The two jobs: archives to records, and records to first prints and reposts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812  (Spark's own abbreviation)
from pyspark.sql.pandas.types import from_arrow_schema

from batch.archives import RECORDS, Limits, with_versions
from batch.near_duplicates import find_reposts
from batch.output import write_lines
from batch.records import DOCUMENTS, read_records, with_repost_keys
from batch.rows import Row, absolute, by_rows

_FILES = pa.schema([("file", pa.int64()), ("path", pa.string())])
_LINES = pa.schema([("order", pa.int64()), ("line", pa.string())])
_PROBLEMS_NAMED = 10


@dataclass(slots=True)
class Done:
    """What a job did, in one sentence, and what it could not read."""

    sentence: str
    problems: list[str] = field(default_factory=list)


def clean(spark: SparkSession, paths: list[Path], out: Path, limits: Limits) -> Done:
    """Write the records of archives below *out*: `articles`, and `rejected` with the reasons."""
    rows = _read(spark, paths, limits.read_archives, RECORDS)
    accepted = rows.where(~F.col("rejected"))
    texts = Window.partitionBy("id").orderBy("order")
    known = F.lag("digest").over(texts).eqNullSafe(F.col("digest"))
    changed = (
        accepted.withColumn("known", known)
        .where(~F.col("known"))
        .withColumn("version", F.row_number().over(texts))
    )
    numbered = changed.mapInArrow(by_rows(with_versions, _LINES), from_arrow_schema(_LINES))
    articles = write_lines(numbered, out / "articles")
    rejected = write_lines(rows.where("rejected"), out / "rejected")
    unchanged = accepted.count() - articles
    return Done(
        f"{articles + rejected + unchanged} documents: {articles} articles, {rejected} rejected,"
        f" {unchanged} unchanged",
        _problems(rows),
    )


def deduplicate(spark: SparkSession, paths: list[Path], out: Path) -> Done:
    """Split records: below *out*, first prints in `kept`, the others in `reposts`."""
    documents = _read(spark, paths, read_records, DOCUMENTS)
    records = documents.where(F.col("problem").isNull())
    verdicts = find_reposts(records.drop("line", "problem"))
    judged = records.select("order", "line").join(verdicts, "order", "left")
    judged = judged.persist(StorageLevel.DISK_ONLY)
    reposts = judged.where(F.col("repost").isNotNull()).mapInArrow(
        by_rows(with_repost_keys, _LINES), from_arrow_schema(_LINES)
    )
    kept = write_lines(judged.where(F.col("repost").isNull()), out / "kept")
    found = write_lines(reposts, out / "reposts")
    sentence = f"{kept + found} documents: {kept} kept, {found} reposts"
    return Done(sentence, _problems(documents))


def _read(
    spark: SparkSession,
    paths: list[Path],
    read: Callable[[Iterable[Row]], Iterator[Row]],
    schema: pa.Schema,
) -> DataFrame:
    """What *read* makes of the files, each read by one task, and read only once."""
    files = spark.createDataFrame(absolute(paths), from_arrow_schema(_FILES))
    spread = files.repartitionByRange(len(paths), "file")
    rows = spread.mapInArrow(by_rows(read, schema), from_arrow_schema(schema))
    return rows.persist(StorageLevel.DISK_ONLY)


def _problems(rows: DataFrame) -> list[str]:
    """What could not be read; the first few."""
    bad = rows.where(F.col("problem").isNotNull()).orderBy("order").select("problem")
    return [row.problem for row in bad.limit(_PROBLEMS_NAMED).collect()]
