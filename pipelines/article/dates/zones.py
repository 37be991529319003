"""The time zone that a site keeps, where its page does not print one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo

from pipelines.article.dates.printed import zone_named
from pipelines.article.dates.words import date_words


@dataclass(frozen=True, slots=True)
class SiteZone:
    """A zone, and whether more than the language speaks for it."""

    zone: tzinfo
    firm: bool


def site_zone(named: str, host: str, language: str | None) -> SiteZone:
    """Give the zone of a site: *named* by the list, else its country's, its language's, or UTC.

    *named* is an IANA name or empty, *host* a host name, *language* in our form (`zh-Hant`).
    A Chinese page keeps Chinese time also under another country's domain.
    """
    words = date_words()
    given = zone_named(named) if named else None
    if given:
        return SiteZone(given, firm=True)
    by_language = words.language_zones.get(language or "")
    country = words.country_zones.get(host.partition(":")[0].rpartition(".")[2].lower())
    name = country or by_language
    if (language or "").startswith("zh") and not (country or "").startswith("Asia/"):
        name = by_language
    zone = zone_named(name) if name else None
    if zone is None:
        return SiteZone(UTC, firm=False)
    return SiteZone(zone, firm=country is not None or (language or "").startswith("zh"))
