"""Another project's settings: its own spiders, and two pipelines of Firstprint."""

from crawler.items import Repost, record_keys

SPIDER_MODULES = ["newsreader.spiders"]
ITEM_PIPELINES = {
    "pipelines.extraction.ExtractionPipeline": 300,
    "pipelines.near_duplicates.NearDuplicatesPipeline": 500,
}
# The keys of the record; items hold a little more for their way through the pipelines.
FEED_EXPORT_FIELDS = [*record_keys(Repost), "outcome", "reason", "detail"]
FEED_EXPORT_ENCODING = "utf-8"
EXTRACTION_WORKERS = 1
LOG_LEVEL = "WARNING"
