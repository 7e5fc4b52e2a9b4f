"""The words around authors' names in the languages of the press: "By", "Von", "Автор:", "文/"."""

from __future__ import annotations

import re

# Before a colon stands what somebody did; this they did to a picture.
_PICTURED = re.compile(
    r"(?:photos?|fotos?|fotograf\w*|bild(?:er)?|pictures?|images?|zdj\u0119ci[ae]|\u0444\u043e\u0442\u043e|"
    r"foto\u011fraf|\u5199\u771f|\u56fe|\u56fe\u7247|\u6444\u5f71|\u651d\u5f71|\u64ae\u5f71|\uc0ac\uc9c4|"
    r"\u0635\u0648\u0631\u0629|\u0639\u06a9\u0633|\u05e6\u05d9\u05dc\u05d5\u05dd)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^([^\W\d][\w. ]{0,24}?)\s*[:\uff1a]\s*(?=\S)")
_BY = re.compile(
    r"^(?:(?:written|posted|reported|words|text|story|by)\s+)?"
    r"(?:by|text|texte|tekst|autor|author|auteur|par|por|oleh|penulis|szerz\u0151|\u00edrta|yazan|"
    r"a cura di|opr\.?|oprac\.?|zpracoval|"
    r"\u0430\u0432\u0442\u043e\u0440|\u0442\u0435\u043a\u0441\u0442|\u0643\u062a\u0628|\u0643\u062a\u0628\u062a|\u0628\u0642\u0644\u0645|"
    r"\u0646\u0648\u06cc\u0633\u0646\u062f\u0647|\u05de\u05d0\u05ea|\u0e42\u0e14\u0e22)"
    r"(?![\w'\u2019])\s*:?\s+(?=\S)"
    r"|^(?:Von|Af|Av|Door|Yazan|Di|Da)\s+(?=\S+\s+\S)"
    r"|^di\s+(?=\S)",
    re.IGNORECASE,
)
_EASTERN = re.compile(
    r"^(?:\u53d6\u6750\u30fb\u6587|\u64b0\u6587|\u4f5c\u8005|\u6587)\s*[\u30fb/\uff0f=\uff1d:\uff1a]\s*(?=\S)"
)


def without_byline(text: str) -> str:
    """Return a name without the words that say it wrote; "" where it took the picture."""
    if found := _LABEL.match(text):
        return "" if _PICTURED.fullmatch(found[1].strip()) else text[found.end() :]
    return _EASTERN.sub("", _BY.sub("", text))
