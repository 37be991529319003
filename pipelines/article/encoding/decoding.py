"""Bytes to text, like a browser that distrusts the header.

A byte order mark, the Content-Type header and the page's own meta are claims; the bytes decide. On
Chinese sites UTF-8 under a gb2312 meta and GBK under a utf-8 header are both common, and a page
that declares nothing is as often GBK as UTF-8.
"""

from __future__ import annotations

from codecs import utf_8_decode
from dataclasses import dataclass

from pipelines.article.encoding import letter_frequencies as frequent
from pipelines.article.encoding.claims import UNICODE, Claim, claims_of, without_bom
from pipelines.article.encoding.legacy import CANDIDATES, SURE, guess, sample_of, score

_NAMES = {
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "big5hkscs": "big5",
    "euc_jp": "euc-jp",
    "iso2022_jp_ext": "iso-2022-jp",
    "iso2022_kr": "iso-2022-kr",
}
_ESCAPED = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_ext"), (b"\x1b(J", "iso2022_jp_ext"))
# A few vendors' characters are in the neighbour of an encoding only.
_NEIGHBOURS = {"euc_jp": "euc_jis_2004", "big5hkscs": "cp950", "cp932": "shift_jis_2004"}
_ASCII = bytes(range(128))
_PIECE = 16_384  # bytes that are read at a time where the text itself is not wanted
_SHORT = 20_000  # a longer page without a single three-byte character is not Chinese
_SURE_UNCLAIMED = 0.7  # of UTF-16's characters; a page's are nearly all frequent or ASCII
_TWO_BYTE_LETTERS = (
    frequent.WESTERN | frequent.CYRILLIC | frequent.GREEK | frequent.ARABIC | frequent.HEBREW
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read in, and whether believing the claims would have spoilt it.

    *utf8* is the text in UTF-8, as parsers want it; most bodies are that already.
    """

    utf8: bytes
    encoding: str
    claimed: tuple[Claim, ...]
    repaired: bool

    @property
    def text(self) -> str:
        """The text, decoded anew at each call: an HTML page needs it never."""
        return self.utf8.decode("utf-8")

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but blanks."""
        return not self.utf8[:_PIECE].decode("utf-8", "ignore").strip() and not self.text.strip()


def decode(body: bytes, content_type: str = "", hint: str = "") -> Decoded:
    """Decode *body*, whatever *content_type* (the header) and *hint* (an encoding's name) claim.

    `repaired` is true when the strongest claim is not the encoding the bytes are in, when nothing
    was claimed for an old encoding, or when broken bytes became U+FFFD. NULs and a byte order mark
    are not part of the text. Linear in `len(body)`; never raises.
    """
    claims = claims_of(body, content_type, hint)
    said = tuple(claim.codec for claim in claims if claim.codec)
    body = without_bom(body)
    utf8, codec, whole = _marked(body, claims) or _strict(body, said) or _loose(body, said)
    name = "ascii" if codec == "utf-8" and body.isascii() else _NAMES.get(codec, codec)
    as_claimed = name == "ascii" or codec == (*said, "utf-8")[0]
    return Decoded(
        utf8=utf8.replace(b"\0", b""),
        encoding=name.replace("cp125", "windows-125"),
        claimed=claims,
        repaired=not (as_claimed and whole),
    )


def _marked(body: bytes, claims: tuple[Claim, ...]) -> tuple[bytes, str, bool] | None:
    """The text behind a UTF-16 or UTF-32 mark, the one claim that no other bytes begin with."""
    codec = claims[0].codec if claims and claims[0].kind == "bom" else None
    if not codec or codec == "utf-8":
        return None
    text = body.decode(codec, "replace")
    return text.encode("utf-8", "replace"), codec, "\ufffd" not in text


def _strict(body: bytes, claims: tuple[str, ...]) -> tuple[bytes, str, bool] | None:
    """The body itself where it is whole UTF-8, as nearly every page is: no sample, no copy."""
    if _wide(body, claims) or (body.isascii() and (b"\x1b" in body or "hz" in claims)):
        return None
    if not _is_utf8(body):
        return _paired(body)
    return None if _short_legacy(body, claims) else (body, "utf-8", True)


def _is_utf8(body: bytes) -> bool:
    """Whether *body* is whole UTF-8.

    In pieces that are thrown away: to allocate a page's text at once costs twice the reading.
    """
    at = 0
    try:
        while at < len(body):
            piece, last = body[at : at + _PIECE], at + _PIECE >= len(body)
            at += _PIECE if piece.isascii() else utf_8_decode(piece, "strict", last)[1]
    except UnicodeDecodeError:
        return False
    return True


def _paired(body: bytes) -> tuple[bytes, str, bool] | None:
    """The text of CESU-8: UTF-8 with surrogate pairs, which old databases write."""
    try:
        wide = body.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return wide.decode("utf-16-le", "replace").encode("utf-8", "replace"), "utf-8", False


def _loose(body: bytes, claims: tuple[str, ...]) -> tuple[bytes, str, bool]:
    """The text and codec of all else, and whether every byte could be read."""
    codec = _wide(body, claims) or _escaped(body, claims) or _evidence(body, claims)
    text = body.decode(codec, "replace")
    other = _NEIGHBOURS.get(codec)
    if other and "\ufffd" in text:
        text = min(text, body.decode(other, "replace"), key=lambda t: t.count("\ufffd"))
    return text.encode("utf-8", "replace"), codec, "\ufffd" not in text


def _escaped(body: bytes, claims: tuple[str, ...]) -> str | None:
    """The seven-bit encodings of mail: their escape sequences occur in no other text."""
    if not body.isascii():
        return None
    codec = next((codec for sign, codec in _ESCAPED if sign in body), None)
    return codec or ("hz" if "hz" in claims else "utf-8")


def _evidence(body: bytes, claims: tuple[str, ...]) -> str:
    """The codec of bytes with something above ASCII, from a sample around the first doubt."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return _legacy(sample_of(body, max(0, error.start - 512)), claims)
    return _short_legacy(body, claims) or "utf-8"


def _legacy(sample: bytes, claims: tuple[str, ...]) -> str:
    """The codec of bytes that are not strict UTF-8: UTF-8 with a few broken ones, or an old one."""
    read = sample.decode("utf-8", "replace")
    broken = read.count("\ufffd")
    whole = sum(character > "\x7f" for character in read) - broken
    # A right UTF-8 reading breaks at a cut character, a wrong one at every second.
    if broken * 10 <= whole:
        return "utf-8"
    best = guess(sample, claims)
    if best is None and broken > whole and claims and claims[0] != "utf-8":
        return claims[0]
    return best or ("utf-8" if broken <= whole or "utf-8" in claims else "cp1252")


def _short_legacy(body: bytes, claims: tuple[str, ...]) -> str | None:
    """An old encoding whose few bytes happen to be valid UTF-8, as GBK's often are in pairs."""
    high = body.translate(None, _ASCII) if len(body) < _SHORT else b""
    if not 0 < len(high) <= 64 or max(high) >= 0xE0:
        return None
    text = high.decode("utf-8")
    if sum(character.lower() in _TWO_BYTE_LETTERS for character in text) * 2 >= len(text):
        return None
    sample = sample_of(body, 0)
    best = guess(sample, claims)
    candidate = next((c for c in CANDIDATES if c.codec == best and not c.single_byte), None)
    return best if candidate and score(sample, candidate) >= SURE else None


def _wide(body: bytes, claims: tuple[str, ...]) -> str | None:
    """UTF-16 or UTF-32: by a claim or by NUL bytes, and only when the text then reads."""
    claimed = [claim for claim in claims if claim in UNICODE and claim != "utf-8"]
    if not claimed and b"\0" not in body[:4096]:
        return None
    shares = {codec: _wide_share(body[:2048], codec) for codec in (*claimed, *UNICODE[1:3])}
    best = max(shares, key=lambda codec: shares[codec])
    return best if shares[best] >= (SURE if best in claimed else _SURE_UNCLAIMED) else None


def _wide_share(sample: bytes, codec: str) -> float:
    text = sample.decode(codec, "replace")
    letters = frequent.CHINESE | frequent.JAPANESE | frequent.KOREAN | _TWO_BYTE_LETTERS
    good = sum(" " <= c <= "~" or c in "\r\n\t" or c.lower() in letters for c in text)
    return good / len(text) if text else 0.0
