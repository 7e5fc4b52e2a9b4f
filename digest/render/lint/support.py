"""The features that mail programs lack: only what breaks a mail that counts on it.

Source: caniemail.com, its data of 2026-06-29; read it again once a year. A client is named where
its entry says "n" for the version people have: gmail (web), apple-mail, outlook (Windows, with
Word's engine), outlook-web (outlook.com and the new Outlook), yahoo (web).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CLIENTS = frozenset({"gmail", "apple-mail", "outlook", "outlook-web", "yahoo"})
SOURCE = "caniemail.com, 2026-06-29"

_GO = frozenset({"gmail", "outlook"})
_OLD = frozenset({"outlook"})
_OY = frozenset({"outlook", "yahoo"})
_WEB = frozenset({"gmail", "outlook", "outlook-web", "yahoo"})
_NOT_GMAIL = frozenset({"outlook", "outlook-web", "yahoo"})


@dataclass(frozen=True, slots=True)
class Feature:
    """A property with a value, as written in a style attribute: `without` are who lacks it."""

    name: str
    prop: str
    value: re.Pattern[str]
    without: frozenset[str]


def _feature(name: str, prop: str, value: str, without: frozenset[str]) -> Feature:
    return Feature(name, prop, re.compile(value), without)


PROPERTIES = (
    _feature("display: flex", "display", r"(inline-)?flex", _OLD),
    _feature("display: grid", "display", r"(inline-)?grid", _OLD),
    _feature("position", "position", r"absolute|fixed|sticky|relative", _GO),
    _feature("background-image", "background(-image)?", r".*url\(", _OLD),
    _feature("linear-gradient()", "background(-image)?", r".*gradient\(", _NOT_GMAIL),
    _feature("float", "float", r"left|right", _OLD),
    _feature("gap", "gap|row-gap|column-gap", r".", _OY),
    _feature("transform", "transform", r".", _WEB),
    _feature("animation", "animation(-name)?", r".", _WEB),
    _feature("filter", "filter", r".", _WEB),
    _feature("clip-path", "clip-path", r".", _WEB),
    _feature("aspect-ratio", "aspect-ratio", r".", _WEB),
    _feature("object-fit", "object-fit", r".", _OY),
    _feature("visibility", "visibility", r"hidden|collapse", _GO),
    _feature("var()", r"[\w-]+", r".*var\(", _WEB),
    _feature("calc()", r"[\w-]+", r".*calc\(", _NOT_GMAIL),
    _feature("clamp()", r"[\w-]+", r".*(clamp|min|max)\(", _NOT_GMAIL),
)

ELEMENTS = {
    "svg": _WEB,
    "video": _WEB,
    "audio": _WEB,
    "picture": _WEB,
    "input": _OLD,
    "canvas": CLIENTS,
}

PICTURES = {".svg": frozenset({"gmail"}), ".webp": _OLD, "data:": frozenset({"gmail"})}
