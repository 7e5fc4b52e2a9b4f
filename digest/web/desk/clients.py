"""The mail as two clients change it: where Gmail clips it, and what Word leaves of it in Outlook.

Word is not run here: what Outlook on Windows shows is approximated by rules of our own, from the
table by which lint warns (digest/render/lint/support.py) and from how Word treats conditional
comments, style sheets and boxes. The page that shows it says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape

from lxml import etree

from digest.plurals import counted
from digest.render.lint.support import ELEMENTS, PICTURES, PROPERTIES
from digest.web.pages import kilobytes
from digest.web.viewer import GMAIL_CLIP_BYTES

_FOR_WORD = re.compile(r"<!--\s*\[if\s+([^\]]*)\]>(.*?)<!\[endif\]-->", re.IGNORECASE | re.DOTALL)
_NOT_FOR_WORD = re.compile(
    r"<!--\s*\[if\s+!\s*mso[^\]]*\]>\s*(?:<!-->|-->)(.*?)<!--\s*<!\[endif\]-->",
    re.IGNORECASE | re.DOTALL,
)
_OTHERS = re.compile(r"!\s*mso|\blt\s+mso|\blte\s+mso", re.IGNORECASE)
_SETTINGS = re.compile(r"<xml\b.*?</xml\s*>", re.IGNORECASE | re.DOTALL)  # of Word, never shown
_FETCHED = re.compile(
    r"""(<img\b[^>]*?\bsrc\s*=\s*["']?|\bbackground\s*=\s*["']?|url\(\s*["']?)https?:[^"'\s)>]*""",
    re.IGNORECASE,
)
_CHOICES = re.compile(r"""\bsrcset\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)
_AT_RULES = re.compile(r"@(?:media|supports|font-face|keyframes|import)\b", re.IGNORECASE)
_DECLARATION = re.compile(r"\s*([\w-]+)\s*:\s*((?:[^;\"'(]|\([^)]*\)|\"[^\"]*\"|'[^']*')+);?")
_OUTLOOK = "outlook"
# What Word ignores wherever it stands, besides what lint's table has: nothing breaks by it.
_IGNORED = frozenset(
    {
        "border-radius", "box-shadow", "max-height", "max-width", "min-height", "min-width",
        "object-position", "opacity", "overflow", "text-shadow", "transition", "word-break",
        "overflow-wrap", "outline", "z-index", "top", "right", "bottom", "left",
    }
)  # fmt: skip
_CELLS = frozenset({"td", "th", "table"})
# Word measures and pads cells; boxes of other kinds it does not.
_CELLS_ONLY = re.compile(r"padding(-\w+)?|width|height")
_INLINE_BLOCK = re.compile(r"inline-(block|table)")


@dataclass(frozen=True, slots=True)
class ClientMail:
    """The HTML that a client makes of a mail, and in words what it did; no words: nothing."""

    html: str
    told: tuple[str, ...] = ()


def clipped_by_gmail(html: str) -> ClientMail:
    """Cut the mail off where Gmail does, with the line that Gmail puts there."""
    whole = html.encode()
    if len(whole) <= GMAIL_CLIP_BYTES:
        return ClientMail(html)
    kept = whole[:GMAIL_CLIP_BYTES].decode("utf-8", "ignore")
    if kept.rfind("<") > kept.rfind(">"):
        kept = kept[: kept.rfind("<")]
    root = _parsed(kept)
    body = root.find(".//body")
    line = etree.SubElement(root if body is None else body, "p")
    line.set("style", "margin:0;padding:14px;font:13px Arial;color:#444;background:#fff")
    line.text = "[Message clipped]  "
    etree.SubElement(line, "u").text = "View entire message"
    hidden = kilobytes(len(whole) - GMAIL_CLIP_BYTES)
    return ClientMail(_written(root), (f"The last {hidden} are hidden behind this link",))


def drawn_by_word(html: str) -> ClientMail:
    """Take away what Word does not draw, and show what stands for Outlook alone."""
    shown = _NOT_FOR_WORD.sub("", html)
    shown = _FOR_WORD.sub(lambda one: "" if _OTHERS.search(one[1]) else one[2], shown)
    root = _parsed(_SETTINGS.sub("", shown))
    lost: Counter[str] = Counter()
    for sheet in root.iter("style"):
        sheet.text = _without_at_rules(sheet.text or "", lost)
    for one in [*root.iter(etree.Element)]:
        _plainer(one, lost)
    told = (f"{name}, {counted(times, 'time')}" for name, times in sorted(lost.items()))
    return ClientMail(_written(root), tuple(told))


def without_pictures(html: str) -> str:
    """Let every picture be one that does not load: its words and its place stay, and no request."""
    return with_pictures(html, {})


def pictures_of(html: str) -> tuple[str, ...]:
    """Return the address of every picture that is fetched from outside, each once, in order."""
    return tuple(dict.fromkeys(map(_address, _FETCHED.finditer(html))))


def with_pictures(html: str, carried: Mapping[str, str]) -> str:
    """Put each picture's own bytes in the place of its address; one that is not there is off."""

    def put(one: re.Match[str]) -> str:
        return one[1] + carried.get(_address(one), "data:,")

    return _CHOICES.sub("", _FETCHED.sub(put, html))


def _address(found: re.Match[str]) -> str:
    """Return the picture's address in a match of _FETCHED."""
    return unescape(found[0][len(found[1]) :])


def _plainer(one: etree._Element, lost: Counter[str]) -> None:
    if _OUTLOOK in ELEMENTS.get(str(one.tag), ()):
        lost[f"<{one.tag}>"] += 1
        _drop(one)
        return
    if one.tag == "img":
        _drawn_picture(one, lost)
    if style := one.get("style"):
        one.set("style", _drawn_style(str(one.tag), style, lost))


def _drop(one: etree._Element) -> None:
    parent, before = one.getparent(), one.getprevious()
    if parent is None:
        return
    if one.tail and before is not None:
        before.tail = (before.tail or "") + one.tail
    elif one.tail:
        parent.text = (parent.text or "") + one.tail
    parent.remove(one)


def _drawn_picture(one: etree._Element, lost: Counter[str]) -> None:
    """Word takes a picture's size from its attributes alone, and lacks some formats."""
    path = one.get("src", "").partition("?")[0].lower()
    if any(path.endswith(end) and _OUTLOOK in who for end, who in PICTURES.items()):
        lost[f"a {path.rpartition('.')[2]} picture"] += 1
        one.attrib.pop("src", None)


def _drawn_style(tag: str, style: str, lost: Counter[str]) -> str:
    kept = []
    for found in _DECLARATION.finditer(style):
        name, value = found[1].lower(), found[2].strip()
        if gone := _lost_to_word(tag, name, value.lower()):
            lost[gone] += 1
        else:
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _lost_to_word(tag: str, name: str, value: str) -> str:
    """Return what is lost of a declaration, in words; "" if Word draws it."""
    for feature in PROPERTIES:
        known = _OUTLOOK not in feature.without or not re.fullmatch(feature.prop, name)
        if not known and feature.value.match(value):
            return feature.name
    if name in _IGNORED:
        return name
    if name == "display" and _INLINE_BLOCK.fullmatch(value):
        return f"display: {value}"
    if tag not in _CELLS and _CELLS_ONLY.fullmatch(name):
        return f"{name} of <{tag}>"
    return ""


def _without_at_rules(css: str, lost: Counter[str]) -> str:
    """Take every at-rule with its block away: Word reads none."""
    kept, at = [], 0
    while found := _AT_RULES.search(css, at):
        kept.append(css[at : found.start()])
        lost[found[0].lower()] += 1
        at = _after_rule(css, found.end())
    return "".join([*kept, css[at:]])


def _after_rule(css: str, at: int) -> int:
    depth = 0
    for place in range(at, len(css)):
        if css[place] == ";" and depth == 0:
            return place + 1
        depth += (css[place] == "{") - (css[place] == "}")
        if css[place] == "}" and depth <= 0:
            return place + 1
    return len(css)


def _parsed(html: str) -> etree._Element:
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8")
    root = etree.fromstring(html.encode("utf-8", "replace") or b"<html></html>", parser)
    return etree.Element("html") if root is None else root


def _written(root: etree._Element) -> str:
    return str(etree.tostring(root, method="html", encoding="unicode", doctype="<!doctype html>"))


CLIENTS: Mapping[str, Callable[[str], ClientMail]] = {
    "gmail": clipped_by_gmail,
    "outlook": drawn_by_word,
}
"""What each client makes of a mail, by the name of its view."""
