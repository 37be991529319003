"""The record of an outcome, as it lies on the server until its worker has written it."""

from __future__ import annotations

import struct
from typing import Any

import msgspec

from pipelines.store.outcome import Outcome

_SEQ = struct.Struct(">Q")


class _Record(msgspec.Struct, array_like=True):
    candidate: str
    site: str
    name: Any
    reason: str | None
    path: str | None
    line: bytes | None
    version: tuple[str, int, bytes] | None
    retry: bool
    dated: float


_DECODER = msgspec.msgpack.Decoder(_Record)


def pack(outcome: Outcome) -> bytes:
    """Everything that a worker needs to book *outcome* in its own folder."""
    o = outcome
    place = (o.candidate, o.site, o.name, o.reason, o.path, o.line)
    return msgspec.msgpack.encode(_Record(*place, o.version, o.retry, o.dated))


def unpack(data: bytes) -> tuple[int, Outcome]:
    """The place of a record in the fleet's order, and its outcome."""
    record = _DECODER.decode(data[_SEQ.size :])
    values = {name: getattr(record, name) for name in record.__struct_fields__}
    return _SEQ.unpack_from(data)[0], Outcome(**values)
