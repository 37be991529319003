"""First prints and reposts of all documents at once, by joins on their rare shingles.

The detector reads one document after the other; here each step is done for all of them. What
came before a document is what has a smaller *order*: its file's place among the inputs, then its
line. In that order the documents are numbered, so the same inputs give the same result on any
number of machines.
"""

from __future__ import annotations

import json

import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812  (Spark's own abbreviation)
from pyspark.sql.pandas.types import from_arrow_schema

from batch.carried import judge, rank, verify
from batch.rows import by_rows
from crawler.assembly.dedup_run import repost_keys
from pipelines.fingerprint.detector import MAX_CANDIDATES
from pipelines.fingerprint.index import COMMON, NEAR
from pipelines.fingerprint.sketch import KEYS

_ORDERS = pa.list_(pa.int64())
_FOUND = pa.list_(pa.struct([("key", pa.int64()), ("orders", _ORDERS)]))
_RANKED = pa.schema(
    [
        ("order", pa.int64()),
        ("id", pa.string()),
        ("url", pa.string()),
        ("print", pa.binary()),
        ("found", _FOUND),
        ("near", _ORDERS),
        ("candidates", _ORDERS),
        ("sketch", pa.binary()),
    ]
)
_EDGES = pa.schema([("one", pa.int64()), ("other", pa.int64())])
_VERDICTS = pa.schema([("order", pa.int64()), ("repost", pa.string())])


def find_reposts(documents: DataFrame) -> DataFrame:
    """Judge *documents*; those that are reposts come back as `order` and `repost`.

    *documents* have `order`, `id`, `url`, `print` (a pickled `Fingerprint`), `keys` (its
    shingles that may be keys), `simhash` and `blocks`. `repost` is the JSON of a repost's keys.
    """
    written = documents.where(F.size("keys") > 0)
    chosen = _chosen_keys(written)
    near = _near(written, chosen)
    ranked = (
        written.select("order", "id", "url", "print")
        .join(_found(written, chosen), "order", "left")
        .join(near, "order", "left")
        .mapInArrow(by_rows(rank, _RANKED), from_arrow_schema(_RANKED))
        .persist(StorageLevel.DISK_ONLY)
    )
    edges = _matches(ranked).persist(StorageLevel.DISK_ONLY)
    members = ranked.join(_components(edges), "order")
    return members.groupBy("component").applyInArrow(_judged, from_arrow_schema(_VERDICTS))


def _shingles(documents: DataFrame) -> DataFrame:
    return documents.select("order", F.posexplode("keys").alias("place", "key"))


def _chosen_keys(documents: DataFrame) -> DataFrame:
    """The keys of each document: its first shingles that few documents before it have."""
    before = Window.partitionBy("key").orderBy("order").rowsBetween(Window.unboundedPreceding, -1)
    # Whether a document has a shingle as a key depends on those before it; that it is among its
    # first ones is nearly always the same.
    earlier = F.coalesce(F.sum((F.col("place") < KEYS).cast("int")).over(before), F.lit(0))
    rare = _shingles(documents).withColumn("earlier", earlier).where(F.col("earlier") < COMMON)
    place = F.row_number().over(Window.partitionBy("order").orderBy("place"))
    return rare.withColumn("chosen", place).where(F.col("chosen") <= KEYS).select("order", "key")


def _found(documents: DataFrame, chosen: DataFrame) -> DataFrame:
    """For each document the shingles that others have as keys, and which others."""
    place = F.row_number().over(Window.partitionBy("key").orderBy("order"))
    lists = (
        chosen.withColumn("place", place)
        .where(F.col("place") <= COMMON)
        .groupBy("key")
        .agg(F.sort_array(F.collect_list("order")).alias("orders"))
    )
    theirs = (F.size("orders") > 1) | (F.col("orders")[0] != F.col("order"))
    return (
        _shingles(documents)
        .join(lists, "key")
        .where(theirs)
        .groupBy("order")
        .agg(F.collect_list(F.struct("key", "orders")).alias("found"))
    )


def _near(documents: DataFrame, chosen: DataFrame) -> DataFrame:
    """The earlier documents with nearly the same simhash, for those with few rare shingles."""
    keys = chosen.groupBy("order").agg(F.count("*").alias("size"))
    few = documents.join(keys, "order", "left").where(F.coalesce("size", F.lit(0)) < KEYS)
    # Of equal simhashes only the first ones can be among the first that are near.
    place = F.row_number().over(Window.partitionBy("simhash").orderBy("order"))
    first = documents.withColumn("place", place).where(F.col("place") <= MAX_CANDIDATES)
    here = few.select("order", F.col("simhash").alias("ours"), F.explode("blocks").alias("block"))
    there = first.select(
        F.col("order").alias("other"),
        F.col("simhash").alias("theirs"),
        F.explode("blocks").alias("block"),
    )
    differing = F.bit_count(F.col("ours").bitwiseXOR(F.col("theirs")))
    return (
        here.join(there, "block")
        .where((F.col("other") < F.col("order")) & (differing <= NEAR))
        .groupBy("order")
        .agg(F.slice(F.sort_array(F.collect_set("other")), 1, MAX_CANDIDATES).alias("near"))
    )


def _matches(ranked: DataFrame) -> DataFrame:
    """The candidates that are accepted, as pairs of documents."""
    pairs = ranked.select(F.col("order").alias("of"), F.explode("candidates").alias("order"))
    carried = F.struct("order", "id", "sketch", "found")
    others = (
        pairs.join(ranked.select("order", "id", "sketch", "found"), "order")
        .groupBy("of")
        .agg(F.collect_list(carried).alias("others"))
        .withColumnRenamed("of", "order")
    )
    asked = ranked.drop("sketch", "candidates").join(others, "order")
    return asked.mapInArrow(by_rows(verify, _EDGES), from_arrow_schema(_EDGES))


def _components(edges: DataFrame) -> DataFrame:
    """Name the documents that hang together by the first of them.

    Each takes the smallest name around it, then that one's own name, until nothing changes.
    """
    both = edges.union(edges.select("other", "one")).toDF("order", "other")
    both = both.persist(StorageLevel.DISK_ONLY)
    names = both.groupBy("order").agg(F.least("order", F.min("other")).alias("component"))
    while True:
        names = names.localCheckpoint()
        theirs = names.toDF("other", "theirs")
        around = both.join(theirs, "other").groupBy("order").agg(F.min("theirs").alias("around"))
        nearest = names.join(around, "order").select(
            "order", "component", F.least("component", "around").alias("nearest")
        )
        own = names.toDF("nearest", "own")
        moved = nearest.join(own, "nearest").select(
            "order", F.least("nearest", "own").alias("next"), "component"
        )
        moved = moved.localCheckpoint()
        if moved.where(F.col("next") != F.col("component")).isEmpty():
            return names
        names = moved.select("order", F.col("next").alias("component"))


def _judged(members: pa.Table) -> pa.Table:
    """The verdicts on one component."""
    verdicts = [
        {"order": order, "repost": json.dumps(repost_keys(verdict))}
        for order, verdict in judge(members.to_pylist())
        if not verdict.kept
    ]
    return pa.Table.from_pylist(verdicts, _VERDICTS)
