"""What each fault comes to without our part for it: one of our parts, replaced by what is usual.

A key is the first cell of a row of `docs/faults.md`. Rows that are tested both ways, with our
components and as Scrapy comes, are not here, nor are those whose default is safe.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import urljoin, urlsplit

from pipelines.article.encoding.claims import claims_of
from pipelines.article.encoding.decoding import Decoded
from pipelines.soundness.mending import Aside
from pipelines.store.output import append
from pipelines.workers import process as extraction_process
from pipelines.workers.process import WorkerDiedError


class Off(NamedTuple):
    """*test* (a node id below `tests/`, of one row or of all) fails when *instead* replaces *part*.

    *in_runs*: in the runs of `scrapy` that the test starts, and not in the test itself.
    """

    test: str
    part: str
    instead: Any
    in_runs: bool = False

    @property
    def slow(self) -> bool:
        """Whether the test crawls."""
        return self.in_runs or self.test.startswith(("network/", "crawl/test_extraction"))


def answering(value: Any) -> Callable[..., Any]:
    """A part that does nothing and says *value*."""
    return lambda *_, **__: value


def itself(value: Any) -> Any:
    """A part that changes nothing."""
    return value


# --- process and disk ----------------------------------------------------------------------------


def whole_file(path: Path) -> int:
    """The length of a file, whatever is at its end."""
    return path.stat().st_size if path.exists() else 0


async def tried_once(pipeline: Any, page: Any) -> Any:
    """A worker that dies costs the page."""
    return await pipeline._pool.extract(page)


async def stop_at_once(stop: Any) -> None:
    """Hand the signal to Scrapy, whatever it is at."""
    await stop._process.stop()


def begin_anew(frontier: Any, _sites: Any, _bounds: Any = None) -> None:
    """Begin without taking back what a dead run had in hand."""
    frontier._sites = None
    frontier._waiting = {}


def appended_again(path: Path, *, length: int, pending: list[bytes]) -> int:
    """Append what is pending without a look at what is there."""
    return append(path, b"".join(pending), at=whole_file(path))


# --- the network ---------------------------------------------------------------------------------


class Everything(frozenset[Any]):
    """What an operator has named who has named everything."""

    def __contains__(self, _: object) -> bool:
        return True

    def __or__(self, _: Any) -> Everything:
        return self

    __ror__ = __or__


def naive_join(base: str, href: str) -> str | None:
    """What a spider does: `urljoin`, and a look at the port."""
    url = urljoin(base, href)
    return url if urlsplit(url).port != 0 else None


def unpacked_whole(unpacked: Any) -> Iterator[bytes]:
    """Unpack all of it, or nothing."""
    yield gzip.decompress(unpacked.body)


# --- the page ------------------------------------------------------------------------------------

_START = extraction_process._start


def unlimited(files: tuple[int, ...], timeout: float, _memory: int) -> Any:
    """A worker that may take all memory there is."""
    return _START(files, timeout, 0)


def claimed(body: bytes, content_type: str = "", hint: str = "") -> Decoded:
    """Decode as the page claims, the header first, as most programs do."""
    claims = [claim.codec for claim in claims_of(body, content_type, hint) if claim.codec]
    name = claims[0] if claims else "utf-8"
    return Decoded(body.decode(name, "replace").encode(), name, (), repaired=False)


OFF: dict[str, Off] = {
    # Process and disk.
    "`kill -9` with a queue on the disk, as JOBDIR": Off(
        "store/test_store.py::test_what_a_dead_run_had_in_hand_waits_again",
        "pipelines.store.frontier.SqliteFrontier.begin",
        begin_anew,
    ),
    "`kill -9` between commit, append and booking, and in the middle of an append": Off(
        "store/test_store.py::test_committed_lines_reach_the_file_once_however_far_the_write_came",
        "pipelines.store.store.repair",
        appended_again,
    ),
    "`kill -9` of `crawl archive`, `dedup`, `fingerprints`, `verify --repair`": Off(
        "crash/test_commands_that_die.py"
        "::test_a_command_that_is_killed_at_any_step_is_finished_by_the_next[verify --repair]",
        "pipelines.soundness.mending.Aside.copy",
        Aside.move,
        in_runs=True,
    ),
    "SIGTERM, SIGINT once": Off(
        "crash/test_stops.py::test_signals_stop_the_crawl_with_their_status_and_nothing_is_lost",
        "crawler.assembly.stop_signals.StopSignals.watch",
        answering(None),
        in_runs=True,
    ),
    "SIGTERM while the crawl starts": Off(
        "crash/test_stops.py::test_a_signal_while_the_engine_starts_is_heard",
        "crawler.assembly.stop_signals.StopSignals._stop_what_runs",
        stop_at_once,
        in_runs=True,
    ),
    "extraction workers are killed": Off(
        "crash/test_stops.py::test_killed_workers_cost_no_page",
        "pipelines.extraction.ExtractionPipeline._extract",
        tried_once,
        in_runs=True,
    ),
    "limit on the size of files, full disk": Off(
        "crash/test_stops.py::test_a_limit_on_the_size_of_files_stops_the_crawl_and_loses_nothing",
        "crawler.assembly.run_result.exit_status",
        answering((0, None)),
        in_runs=True,
    ),
    "a write that the disk refuses half-way": Off(
        "store/test_store.py::test_a_full_disk_leaves_the_file_as_it_was",
        "pipelines.store.output.os.ftruncate",
        answering(None),
    ),
    "append behind a torn line": Off(
        "store/test_store.py::test_a_torn_line_of_a_stranger_is_cut_and_whole_ones_stay",
        "pipelines.store.store.cut_torn_line",
        whole_file,
    ),
    "two runs overlap": Off(
        "crawl/test_bad_input.py::test_a_second_run_on_one_folder_is_turned_away_with_75",
        "pipelines.store.lock.fcntl.flock",
        answering(None),
        in_runs=True,
    ),
    "state that is corrupt": Off(
        "crawl/test_bad_state.py::test_bad_state_is_one_sentence_and_status_1[empty]",
        "pipelines.store.store._refuse_lost_state",
        answering(None),
    ),
    "damage met in the middle of a run": Off(
        "crash/test_stops.py::test_damage_that_is_met_in_the_middle_ends_the_run_and_is_said"
        "[as an outcome is booked]",
        "crawler.extensions.bookkeeping.Bookkeeping._stop",
        answering(None),
        in_runs=True,
    ),
    "state of a newer version": Off(
        "store/test_store.py::test_state_of_a_newer_version_is_refused_and_left_alone",
        "pipelines.store.database._migrate",
        answering(None),
    ),
    "surrogates, bytes, NaN in a record": Off(
        "record/test_record.py::test_whatever_a_record_holds_its_line_is_one_line_of_json",
        "pipelines.record_lines._clean",
        itself,
    ),
    "U+2028, U+0085 in a text": Off(
        "record/test_record.py::test_line_breakers_survive_as_escapes",
        "pipelines.record_lines._LINE_BREAKERS",
        (),
    ),
    "a path in a spider argument": Off(
        "crawl/test_bad_input.py::test_wrong_usage_is_one_sentence_and_status_2[list outside]",
        "crawler.spider_arguments.read",
        answering(None),
        in_runs=True,
    ),
    "two runs in the same second": Off(
        "commands/test_summary.py::test_run_ids_of_one_second_differ",
        "crawler.runs.run_id.secrets.token_hex",
        answering("0000"),
    ),
    # The network.
    "a link to an address that is not public, in any spelling": Off(
        "network/test_network_faults.py::test_private_address_is_refused_in_every_spelling",
        "tests.network.test_network_faults.OURS",
        {},
    ),
    "a feed, sitemap or section that names, or redirects to, another port of this machine": Off(
        "outlets/test_hostile_outlet.py"
        "::test_no_feed_sitemap_or_list_leads_to_a_port_of_this_machine_that_nobody_named",
        "crawler.network.addresses.named_endpoints",
        answering(Everything()),
        in_runs=True,
    ),
    "a maze: every list leads to new ones, none names a story": Off(
        "crawl/test_site_crawl.py::test_a_maze_of_lists_that_bring_nothing_is_left",
        "crawler.discovery.traps.LISTS",
        400,
    ),
    "a name that resolves to a private address": Off(
        "network/test_network_faults.py::test_no_spelling_opened_a_connection",
        "tests.network.test_network_faults.OURS",
        {},
    ),
    "a name that changes its address between two requests (DNS rebinding)": Off(
        "network/test_network_addresses.py"
        "::test_name_that_rebinds_to_a_private_address_is_refused_the_second_time",
        "crawler.network.resolver.is_public",
        answering(True),
    ),
    "a port that is not one of the web": Off(
        "network/test_network_addresses.py::test_refusal_by_the_text_of_a_url",
        "crawler.network.addresses._port_allowed",
        answering(True),
    ),
    "a rendered page (`javascript = true`) that asks for an address inside": Off(
        "rendering/test_rendering.py::test_no_request_of_a_page_gets_round_the_guard",
        "crawler.rendering.browser._ARGUMENTS",
        (),
        in_runs=True,
    ),
    "`javascript:`, bad IPv6, port 99999, `file:`, `data:`, `ftp:` among the links of a list": Off(
        "outlets/test_hostile_outlet.py"
        "::test_what_is_sound_is_found_in_spite_of[a list with links that are none]",
        "crawler.discovery.entries.join",
        naive_join,
        in_runs=True,
    ),
    "infinite calendar, session ids, `x/x/x/x`, sorted and filtered copies of a list": Off(
        "outlets/test_outlets.py::test_no_trap_holds_the_crawl[traps]",
        "crawler.discovery.listings.is_trap",
        answering(False),
        in_runs=True,
    ),
    "a list whose pages never end, or repeat": Off(
        "crawl/test_site_crawl.py::test_pages_without_end_are_left",
        "crawler.discovery.list_walk.ListWalk.goes_on",
        answering(True),
    ),
    "a broken `<loc>`, a sitemap without its end": Off(
        "discovery/test_sitemaps.py::test_one_broken_entry_is_skipped_and_counted",
        "crawler.discovery.entries.join",
        naive_join,
    ),
    "a cut gzip sitemap; a feed that ends in an item": Off(
        "discovery/test_sitemaps.py::test_damaged_gzip_keeps_what_came_before",
        "crawler.discovery.sitemap_stream.Unpacked._gunzip",
        unpacked_whole,
    ),
    "a soft 404, an empty body, JSON or PDF sent as HTML": Off(
        "article/test_extractor_refusals.py"
        "::test_a_page_without_a_story_is_rejected_with_its_reason[soft 404, chinese]",
        "pipelines.article.story.verdict._notice",
        answering(None),
    ),
    "behind a proxy": Off(
        "network/test_network_identity.py::test_proxy_and_its_password",
        "tests.network.test_network_identity.OURS",
        {},
    ),
    "server errors, time-outs, resets": Off(
        "network/test_network_politeness.py::test_back_off_doubles_while_a_host_fails",
        "tests.network.test_network_politeness.OURS",
        {},
    ),
    "a stop while a host rests": Off(
        "network/test_network_politeness.py::test_a_stop_does_not_wait_for_a_resting_host",
        "tests.network.test_network_politeness.OURS",
        {},
    ),
    "passwords in URLs and proxies": Off(
        "network/test_network_identity.py::test_password_stays_out_of_the_log",
        "crawler.extensions.log_secrets.without_secrets",
        itself,
    ),
    # The page.
    "one foreign byte, a cut character": Off(
        "article/test_decoding_faults.py::test_utf8_cut_inside_a_character_stays_utf8",
        "tests.article.test_decoding_faults.decode",
        claimed,
    ),
    "GBK bytes under a utf-8 header": Off(
        "article/test_decoding_table.py::test_header_does_not_decide[zh-hans-gbk-utf-8]",
        "tests.article.test_decoding_table.decode",
        claimed,
    ),
    "GBK bytes under a utf-8 meta": Off(
        "article/test_decoding_table.py::test_meta_does_not_decide[zh-hans-gbk-utf-8]",
        "tests.article.test_decoding_table.decode",
        claimed,
    ),
    "UTF-8 bytes under a gb2312 meta": Off(
        "article/test_decoding_table.py::test_meta_does_not_decide[zh-hans-utf-8-gb2312]",
        "tests.article.test_decoding_table.decode",
        claimed,
    ),
    "GBK bytes under an iso-8859-1 header": Off(
        "article/test_decoding_table.py::test_header_does_not_decide[zh-hans-gbk-iso-8859-1]",
        "tests.article.test_decoding_table.decode",
        claimed,
    ),
    "a few GBK bytes, undeclared": Off(
        "article/test_decoding_table.py::test_short_undeclared_gbk_is_read",
        "tests.article.test_decoding_table.decode",
        claimed,
    ),
    "undeclared GBK after a long ASCII script": Off(
        "article/test_decoding_table.py::test_undeclared_gbk_after_a_long_ascii_script_is_read",
        "tests.article.test_decoding_table.decode",
        claimed,
    ),
    "deep nesting, many attributes": Off(
        "article/test_document_walk.py::test_what_would_take_quadratic_time_is_refused[attributes]",
        "pipelines.article.page.document.check_limits",
        answering(None),
    ),
    "a page over its time": Off(
        "crawl/test_extraction_pool.py::test_a_page_over_the_limit_ends_alone",
        "pipelines.workers.process._death",
        WorkerDiedError,
    ),
    "a page that eats memory": Off(
        "crawl/test_extraction_pool.py::test_a_page_that_eats_memory_is_too_large_and_ends_alone",
        "pipelines.workers.process._start",
        unlimited,
    ),
    "NUL, controls, bidi marks": Off(
        "article/test_extractor_refusals.py::test_controls_and_bidi_marks_do_not_reach_the_record",
        "pipelines.article.text.normalise_text",
        itself,
    ),
    "lists, logins, galleries": Off(
        "article/test_extractor_refusals.py"
        "::test_a_page_without_a_story_is_rejected_with_its_reason[list]",
        "pipelines.article.html_reading.judge",
        answering(None),
    ),
}


def without(fault: str) -> Any:
    """The patch that replaces our part for *fault*; a context manager."""
    return patch(OFF[fault].part, OFF[fault].instead)


if __name__ == "__main__":
    from scrapy.cmdline import execute

    # `python -m tests.faults.off FAULT ARGUMENT...` runs `scrapy` without our part for the fault.
    without(sys.argv.pop(1)).start()
    sys.argv[0] = "scrapy"
    execute()
