"""The single-byte character set of a text, told by the letters that come out of it.

Each language of the press is tried in the sets that it was written in: the right one yields the
letters that the language has, and its most frequent ones most; a wrong one yields signs, capitals
inside words, and letters of nowhere. The pairs are those of the web: WHATWG Encoding, and the
table of default encodings in HTML (section 13.2.3.2).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple


class Writing(NamedTuple):
    """How a language is written: its sets, its letters beyond ASCII (the frequent ones first)."""

    languages: str
    codecs: tuple[str, ...]
    letters: str
    few: int = 0  # of `letters`: the frequent ones; 0 where all of them are alike


_CYRILLIC = ("cp1251", "koi8_u", "iso8859_5", "cp866")
_CENTRAL = ("cp1250", "iso8859_2")
_BALTIC = ("cp1257", "iso8859_13")
# Of writings that explain a text alike the first wins, so the largest presses come first.
WRITINGS = (
    Writing("de", ("cp1252",), "äöüß"),
    Writing("fr", ("cp1252",), "éèàêçôùâîûïëœüæ"),
    Writing("es gl ca eu ast", ("cp1252",), "óíáéñúüçàèïò·"),
    Writing("pt", ("cp1252",), "ãáçéóêõíàúâôü"),
    Writing("it", ("cp1252",), "àèòùìéî"),
    Writing("sv fi", ("cp1252",), "äåöé"),
    Writing("da nb nn no fo", ("cp1252",), "æøåéò"),
    Writing("nl af", ("cp1252",), "ëéïèöüê"),
    Writing("is", ("cp1252",), "áðéíóúýþæö"),
    Writing("ru be", _CYRILLIC, "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфёъўі", 14),
    Writing("uk", _CYRILLIC, "оаніитвреслкудмпзгябьчйхцїжєшюфщґ", 14),
    Writing("bg", _CYRILLIC, "аоеитнрсвлкдпмъзуяягбчцщжшхйфьюѝ", 14),
    Writing("sr mk", ("cp1251", "iso8859_5"), "аоиенртсјувкдпмлзбгшчцжхљњћђфџќѓѕѐѝ", 14),
    Writing("pl", _CENTRAL, "łąężóśćńź"),
    Writing("cs sk", _CENTRAL, "íáéěýčžřšůúťňóďľôĺŕä"),
    Writing("hu", _CENTRAL, "áéöóőüíúű"),
    Writing("ro", (*_CENTRAL, "iso8859_16"), "ăîâşţșț"),
    Writing("hr sl bs", _CENTRAL, "čšžćđ"),
    Writing("sq", ("cp1250",), "ëç"),
    Writing("tr az", ("cp1254",), "\u0131şüöçğâîû", 6),
    Writing("lt", _BALTIC, "ėšųąįžūčę"),
    Writing("lv", _BALTIC, "āīēšņūļžčģķ"),
    Writing("et", _BALTIC, "äõüöšž"),
    Writing("el", ("cp1253", "iso8859_7"), "ατοειηνσρκπυςλμδθγχόίάέήώύφβξζψϊωϋΐΰ", 14),
    Writing("he yi", ("cp1255", "iso8859_8"), "יוהלאתרבשמנםדעחקפגכטצסזןךףץ", 14),
    Writing("ar ur", ("cp1256", "iso8859_6"), "اليمونرتبةعدفسهكقأحجشصىخطذإضءزثغئظآؤًٌٍَُِّْ", 14),
    Writing("fa", ("cp1256",), "ایرندهموتسشبکزگفعخقجپآحطصچذغضظئثژكيءأؤۀ", 14),
    Writing("th", ("cp874",), "านรกอเ่งมย้วล์ลดสตะทปบคหำแีไจพชซ็ใขโูุึิืัณศผถธษญฐภ๊ฉฟฝฎฏฤฆ๋ฑฬฌฒฮ", 14),
    Writing("vi", ("cp1258",), "àáâãèéêìíòóôùúýăđĩũơư\u0300\u0301\u0303\u0309\u0323"),
)  # fmt: skip
# Signs that every press sets: they speak for no language, and against none.
_SIGNS = frozenset(
    "«»“”„‘’‚‹›–—…•·§°№©®™€£¥¿¡ºª\u00a0\u00ad×½¼¾²³\u200c\u200e\u200f،؛؟ـ"  # noqa: RUF001 - quotes
)
_LANGUAGE = re.compile(
    rb"""(?:<(?:\w{1,10}:)?language>\s*|\blang(?:uage)?["']?\s*[=:]\s*["'])([A-Za-z]{2,3})\b"""
)
_HEAD = 4_000
_SAMPLE = 20_000
_SAID = 0.5  # what the document's own word for its language counts, of 1
_LEAST = 0.5  # below it no writing explains the text
_RARE = 0.3  # a letter beyond the frequent ones
_CAPITAL = 0.8  # most letters are small; sets of one alphabet have them in each other's place


def codec_by_letters(body: bytes) -> str:
    """Return the single-byte set whose letters a text beyond ASCII makes most sense in, or ""."""
    found = _LANGUAGE.search(body[:_HEAD])
    said = found[1].decode("ascii").lower() if found else ""
    counts = Counter(body[:_SAMPLE].translate(None, bytes(range(0x80))))
    if all(bytes([byte]).decode("cp1252", "replace") in _SIGNS for byte in counts):
        return ""  # "£5": signs, as the West sets them
    best, codec = _LEAST, ""
    for writing in WRITINGS:
        more = _SAID if said in writing.languages.split() else 0.0
        for one in writing.codecs:
            score = _sense(counts, one, writing) + more
            if score > best + 1e-9:
                best, codec = score, one
    return codec


def _sense(counts: Counter[int], codec: str, writing: Writing) -> float:
    """Return how well bytes read by `codec` are this writing, from -1 to 1; 0 says nothing."""
    frequent = frozenset(writing.letters[: writing.few or None])
    letters = frozenset(writing.letters)
    worth = seen = 0.0
    for byte, times in counts.items():
        letter = bytes([byte]).decode(codec, "replace")
        if letter in _SIGNS:
            continue
        lower = "\u0131" if letter == "\u0130" else letter.lower()
        full = 1.0 if lower in frequent else _RARE
        small = 1.0 if lower == letter or not writing.few else _CAPITAL
        seen += times
        worth += times * (full * small if lower in letters else -1.0)
    return worth / seen if seen else 0.0
