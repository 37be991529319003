"""Bytes of a page to its article: decoding, metadata, body, boilerplate, plain text. Pure."""

from pipelines.article.extractor import EncodingFacts, Extraction, Extractor

__all__ = ["EncodingFacts", "Extraction", "Extractor"]
