"""Feeds and sitemaps of the sites, as bytes."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from demo.addresses import article_path, list_path
from demo.article_page import View
from demo.model import Story

ADVERT = "https://angebote.reklame.example/konto?pid=4711"
_NEWS = 8  # entries of the news sitemap
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def rss(view: View) -> bytes:
    """Return the site's feed as RSS 2.0, with one advertisement for a foreign site in it."""
    items = [_rss_item(view, story) for story in view.stories]
    items.insert(
        min(2, len(items)),
        f"<item><title>开户有礼，推广</title><link>{escape(ADVERT)}</link>"
        f"<pubDate>{format_datetime(_newest(view))}</pubDate></item>",
    )
    return _xml(
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(view.site.name)}</title><link>{view.home}</link>"
        f"<language>{view.site.language}</language>"
        f"{''.join(items)}</channel></rss>"
    )


def _rss_item(view: View, story: Story) -> str:
    creators = "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in story.authors)
    updated = f"<atom:updated>{story.modified.isoformat()}</atom:updated>" if story.modified else ""
    return (
        f"<item><title>{escape(story.headline)}</title>"
        f"<link>{escape(_link(view, story))}</link>"
        f'<guid isPermaLink="false">{view.site.key}-{story.number}</guid>'
        f"<pubDate>{format_datetime(story.published.astimezone(view.site.offset))}</pubDate>"
        f"<category>{escape(view.site.sections[story.section])}</category>"
        f"{creators}{updated}<description><![CDATA[{story.summary}]]></description></item>"
    )


def rdf(view: View) -> bytes:
    """Return the site's feed as RSS 1.0 (RDF) with Dublin Core dates."""
    seq = "".join(f'<rdf:li rdf:resource="{_link(view, s)}"/>' for s in view.stories)
    items = "".join(_rdf_item(view, story) for story in view.stories)
    return _xml(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/">'
        f'<channel rdf:about="{view.home}"><title>{escape(view.site.name)}</title>'
        f"<link>{view.home}</link><description/><items><rdf:Seq>{seq}</rdf:Seq></items></channel>"
        f"{items}</rdf:RDF>"
    )


def _rdf_item(view: View, story: Story) -> str:
    link = escape(_link(view, story))
    creators = "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in story.authors)
    changed = story.modified.isoformat() if story.modified else ""
    return (
        f'<item rdf:about="{link}"><title>{escape(story.headline)}</title><link>{link}</link>'
        f"<description>{escape(story.summary)}</description>"
        f"<dc:date>{story.published.astimezone(view.site.offset).isoformat()}</dc:date>{creators}"
        + (f"<dcterms:modified>{changed}</dcterms:modified>" if changed else "")
        + "</item>"
    )


def atom(view: View) -> bytes:
    """Return the site's feed as Atom (RFC 4287)."""
    entries = "".join(_atom_entry(view, story) for story in view.stories)
    return _xml(
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{view.site.language}">'
        f"<title>{escape(view.site.name)}</title><id>{view.home}</id>"
        f'<link href="{view.home}"/><link rel="self" href="{view.url("/atom.xml")}"/>'
        f"<updated>{_newest(view).isoformat()}</updated>{entries}</feed>"
    )


def _atom_entry(view: View, story: Story) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in story.authors)
    return (
        f'<entry><title type="html">{escape(story.headline)}</title>'
        f'<link rel="alternate" type="text/html" href="{escape(_link(view, story))}"/>'
        f"<id>tag:harbour-ledger.example,2026:{story.number}</id>{authors}"
        f"<published>{story.published.isoformat()}</published>"
        f"<updated>{(story.modified or story.published).isoformat()}</updated>"
        f"<summary>{escape(story.summary)}</summary></entry>"
    )


def sitemap_index(view: View) -> bytes:
    """Return the index: one child a month, the news sitemap, the pages that are no stories."""
    newest = _newest(view).isoformat()
    children = ["/sitemaps/news.xml", "/sitemaps/stories.xml.gz", "/sitemaps/pages.xml"]
    entries = "".join(
        f"<sitemap><loc>{view.url(path)}</loc><lastmod>{newest}</lastmod></sitemap>"
        for path in children
    )
    return _xml(
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'
    )


def sitemap_stories(view: View) -> bytes:
    """Return the child that holds every story and the forbidden one, gzipped."""
    entries = [
        (view.url(article_path(view.site, s)), (s.modified or s.published).isoformat())
        for s in view.stories
    ]
    entries += [
        (view.url(p.path), _newest(view).isoformat())
        for p in view.strangers
        if p.listed == "sitemap"
    ]
    return gzip.compress(_urlset(entries), mtime=0)


def sitemap_pages(view: View) -> bytes:
    """Return the child with section lists and pages that are no stories."""
    paths = [list_path(view.site, section) for section in view.site.sections]
    paths += [p.path for p in view.strangers if p.listed == "nav"]
    return _urlset([(view.url(path), "2026-01-05") for path in ["/", *paths]])


def sitemap_news(view: View) -> bytes:
    """Return the news sitemap: the newest stories, and those that print no date themselves."""
    stories = [story for n, story in enumerate(view.stories) if n < _NEWS or story.date_form == ""]
    entries = "".join(_news_entry(view, story) for story in stories)
    return _xml(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        f"{entries}</urlset>"
    )


def _news_entry(view: View, story: Story) -> str:
    language = "zh-cn" if view.site.language == "zh-CN" else view.site.language[:2]
    return (
        f"<url><loc>{view.url(article_path(view.site, story))}</loc>"
        f"<lastmod>{(story.modified or story.published).isoformat()}</lastmod>"
        f"<news:news><news:publication><news:name>{escape(view.site.name)}</news:name>"
        f"<news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{story.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.headline)}</news:title></news:news></url>"
    )


def _urlset(entries: Sequence[tuple[str, str]]) -> bytes:
    rows = "".join(
        f"<url><loc>{escape(url)}</loc><lastmod>{when}</lastmod></url>" for url, when in entries
    )
    return _xml(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>')


def _link(view: View, story: Story) -> str:
    return view.url(article_path(view.site, story)) + view.site.feed_suffix


def _newest(view: View) -> datetime:
    return max(story.modified or story.published for story in view.stories)


def _xml(text: str) -> bytes:
    return (_HEAD + text).encode()
