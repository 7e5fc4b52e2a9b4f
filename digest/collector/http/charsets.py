"""Character sets: labels as the web reads them, and whether the bytes agree with a label.

Labels are those of the WHATWG Encoding standard, section 4.2.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from digest.collector.http.alphabets import codec_by_letters

# Python's own codecs that are no character sets of the web.
_NOT_CHARSETS = frozenset(
    {
        "idna",
        "punycode",
        "unicode_escape",
        "raw_unicode_escape",
        "utf_7",
        "undefined",
        "mbcs",
        "oem",
    }
)
# What the web reads a label as, by Python's name of the label's own codec.
_READ_AS = {
    "iso8859_1": "cp1252", "latin_1": "cp1252", "ascii": "cp1252", "iso8859_9": "cp1254",
    "iso8859_11": "cp874", "tis_620": "cp874", "shift_jis": "cp932", "gb2312": "gb18030",
    "gbk": "gb18030", "hz": "gb18030", "euc_kr": "cp949", "big5": "big5hkscs",
    "utf_16": "utf_16_le", "koi8_r": "koi8_u",
}  # fmt: skip
_NAMES = {
    "x-sjis": "cp932", "windows-31j": "cp932", "ms932": "cp932", "x-gbk": "gb18030",
    "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1252": "cp1252", "ks_c_5601-1987": "cp949",
    "x-euc-jp": "euc_jp", "x-mac-roman": "mac_roman", "macintosh": "mac_roman",
    "unicode": "utf_16_le",
    "win-1251": "cp1251", "iso-8859-8-i": "iso8859_8", "dos-874": "cp874", "windows-874": "cp874",
}  # fmt: skip
_EAST = ("euc_jp", "cp932", "gb18030", "cp949", "big5hkscs")
_WESTERN = "cp1252"
_LOOKED_AT = 100_000
# A few bad bytes, in a text that is cut or mended by hand, do not disprove its label.
_TOLERATED = 0.1
_KANA = re.compile("[\u3041-\u30fa]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
# The Chinese characters that are met most, both scripts: a tenth to a fifth of a text.
_FREQUENT = frozenset(
    "的一是不了在人有我他这這中大来來上国國个個到说說们們为為子和地出也时時年得就要下以生会會自去之"
    "过過家学學对對可后後小多天而能好都日于於发發成事只作当當想看文开開用主行方如前所本经經面公同"
    "三已从從动動两兩长長市定决決周週二月冬新民政府部分全区區"
)


def codec_of(label: str) -> str:
    """Return Python's codec for a label, as the web reads it; "" where it is none."""
    try:
        name = _NAMES.get(label.strip().lower()) or codecs.lookup(label).name.replace("-", "_")
        "".encode(name)  # refuses base64, zip and the like
    except (LookupError, ValueError):
        return ""
    return "" if name in _NOT_CHARSETS else _READ_AS.get(name, name)


def likeliest(body: bytes, labels: Sequence[str]) -> str:
    """Return the codec of a body that is not valid UTF-8; `labels` are what was said, best first.

    A server's Western default does not overrule what the document says of itself.
    """
    start = body[:_LOOKED_AT]
    agreed = [codec for codec in labels if _faults(start, codec) <= _TOLERATED]
    own = [codec for codec in agreed if codec != _WESTERN]
    if "utf_8" not in agreed and _faults(start, "utf_8") <= _TOLERATED / 2:
        return "utf_8"
    return own[0] if own else _detected(start)


def _faults(body: bytes, codec: str) -> float:
    """Return the share of characters beyond ASCII that a codec cannot read."""
    text = body.decode(codec, "replace")
    beyond = sum(not letter.isascii() for letter in text)
    # C1 controls are in no text, but in every text that is read by a wrong codec.
    bad = text.count("\ufffd") + sum("\x80" <= letter <= "\x9f" for letter in text)
    return bad / beyond if beyond else 0.0


def _detected(body: bytes) -> str:
    """Return what the bytes look like: an eastern set, an alphabet of its own, or Western."""
    shares = {codec: _eastern(body, codec) for codec in _EAST}
    eastern = max(shares, key=shares.__getitem__)
    if shares[eastern] > 0:
        return eastern
    return codec_by_letters(body) or _WESTERN


def _eastern(body: bytes, codec: str) -> float:
    """Return how much a body looks like text of that set, 0 where it does not at all."""
    # For Korean the plain set: the larger one has a syllable for nearly every pair of bytes.
    text = body.decode("euc_kr" if codec == "cp949" else codec, "replace")
    beyond = [letter for letter in text if not letter.isascii()]
    if len(beyond) < 4 or text.count("\ufffd") > _TOLERATED * len(beyond):  # noqa: PLR2004 - letters
        return 0.0
    if codec in {"euc_jp", "cp932"}:
        share = len(_KANA.findall(text)) / len(beyond)
        return share if share > 0.15 else 0.0  # noqa: PLR2004 - half of a Japanese text is kana
    if codec == "cp949":
        share = len(_HANGUL.findall(text)) / len(beyond)
        return share if share > 0.7 else 0.0  # noqa: PLR2004 - nearly all of a Korean text
    share = sum(letter in _FREQUENT for letter in beyond) / len(beyond)
    return share if share > 0.08 else 0.0  # noqa: PLR2004 - see _FREQUENT
