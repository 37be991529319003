"""What can be wrong with a shared store, each in one sentence."""

from __future__ import annotations


class SharedStoreError(OSError):
    """The shared store refuses us, or what it holds cannot be used.

    An `OSError`, as that of a disk that fails: who keeps the books stops the crawl for both.
    """


class UnreachableError(SharedStoreError):
    """The server did not answer for as long as a worker waits; trying later may help."""


class RetiredError(SharedStoreError):
    """This worker was retired: its pages and records went to another."""


class AddressError(ValueError):
    """This is not the address of a Redis or Valkey server."""
