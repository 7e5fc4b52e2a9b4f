"""A web page and its style sheets → how the site looks: its logo and its colours.

Only what is said plainly: a colour that is computed, or a logo that mail programs cannot show
(SVG, ICO), is left out, and the newsletter keeps its theme's own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from digest.collector.articles.urls import absolute
from digest.collector.kinds.html_page import read_page
from digest.collector.kinds.json_document import member, objects, text_at
from digest.models.limits import DEFAULT_LIMITS, DocumentLimits

_MAX_STYLE = 400_000
_SHOWN = re.compile(r"\.(?:svg|ico)$", re.IGNORECASE)
_PROPERTY = re.compile(
    r"--([a-z0-9-]{2,60})\s*:\s*(#[0-9a-f]{3,8}|rgb\([\d\s,]{5,20}\))\s*(?:!important)?\s*[;}]",
    re.IGNORECASE,
)
_RGB = re.compile(r"rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)", re.IGNORECASE)
_CHANNEL = 256
# Names that style sheets give to a part, the surest first.
_ACCENTS = (
    "accent", "brand", "brand-color", "color-brand", "primary", "primary-color", "color-primary",
    "accent-color", "color-accent", "main-color", "theme-color", "wp--preset--color--primary",
    "wp--preset--color--accent", "wp--preset--color--accent-1", "ghost-accent-color", "link-color",
)  # fmt: skip
_PAPERS = ("paper", "background", "bg", "background-color", "color-background", "bg-color",
           "wp--preset--color--base", "wp--preset--color--background")  # fmt: skip
_INKS = ("ink", "text", "text-color", "color-text", "foreground", "fg",
         "wp--preset--color--contrast", "wp--preset--color--foreground")  # fmt: skip
_NO_ACCENT = frozenset({"#ffffff", "#000000"})


@dataclass(frozen=True, slots=True)
class SiteStyle:
    """Logo as an absolute URL and colours as "#rrggbb"; "" for what the site does not say."""

    logo: str = ""
    accent: str = ""
    paper: str = ""
    ink: str = ""


def style_sheets(text: str, url: str, limits: DocumentLimits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """Return the addresses of the page's first style sheets."""
    tree = read_page(text, limits)
    found = (
        absolute(node.attributes.get("href") or "", url)
        for node in tree.css("link[rel~=stylesheet][href]")
        if (node.attributes.get("media") or "all") in {"all", "screen"}
    )
    return tuple(dict.fromkeys(filter(None, found)))[: limits.max_stylesheets]


def read_style(
    text: str, url: str, styles: tuple[str, ...] = (), limits: DocumentLimits = DEFAULT_LIMITS
) -> SiteStyle:
    """Read the page at `url` and the texts of its style sheets."""
    tree = read_page(text, limits)
    inline = [node.text() for node in tree.css("style")[:20]]
    named = _properties([*inline, *styles])
    theme = _theme_color(tree)
    return SiteStyle(
        logo=_logo(tree, url),
        accent=next((one for one in (theme, *_picked(named, _ACCENTS)) if _speaks(one)), ""),
        paper=next(_picked(named, _PAPERS), ""),
        ink=next(_picked(named, _INKS), ""),
    )


def _theme_color(tree: LexborHTMLParser) -> str:
    for node in tree.css('meta[name="theme-color"][content]'):
        if "dark" not in (node.attributes.get("media") or ""):
            return hex_color(node.attributes.get("content") or "")
    return ""


def _properties(styles: list[str]) -> dict[str, str]:
    """Collect custom properties with plain colours; the first of a name is the light one."""
    found: dict[str, str] = {}
    for style in styles:
        for name, value in _PROPERTY.findall(style[:_MAX_STYLE]):
            color = hex_color(value)
            if color:
                found.setdefault(name.casefold(), color)
    return found


def _picked(named: dict[str, str], names: tuple[str, ...]) -> Iterator[str]:
    return (named[name] for name in names if name in named)


def _speaks(color: str) -> bool:
    return bool(color) and color not in _NO_ACCENT


def hex_color(text: str) -> str:
    """Return "#rrggbb" for "#abc", "#aabbcc" or "rgb(1, 2, 3)"; "" for anything else."""
    value = text.strip().casefold()
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(digit * 2 for digit in value[1:])
    if re.fullmatch(r"#[0-9a-f]{6}", value):
        return value
    found = _RGB.fullmatch(value)
    channels = [int(channel) for channel in found.groups()] if found else []
    if channels and all(channel < _CHANNEL for channel in channels):
        return "#" + "".join(f"{channel:02x}" for channel in channels)
    return ""


def _logo(tree: LexborHTMLParser, base: str) -> str:
    """Prefer what the site calls its logo; its touch icon is at least its mark."""
    offered = (absolute(url, base) for url in _offered(tree) if url and not url.startswith("data:"))
    return next((url for url in offered if url and not _SHOWN.search(url.partition("?")[0])), "")


def _offered(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css('script[type="application/ld+json"]')[:20]:
        yield from _publisher_logos(node.text())
    for selector in (
        "img.custom-logo", "header img[class*=logo]", "header img[src*=logo]", "img[id*=logo]",
        "[class*=site-logo] img", "[class*=masthead] img[alt]",
    ):  # fmt: skip
        picture = tree.css_first(selector)
        yield (picture.attributes.get("src") or "") if picture else ""
    for node in tree.css("link[rel=apple-touch-icon][href], link[rel~=icon][sizes][href]"):
        yield node.attributes.get("href") or ""


def _publisher_logos(text: str) -> Iterator[str]:
    try:
        said = json.loads(text[:_MAX_STYLE])
    except (ValueError, RecursionError):
        return
    graph = member(said, "@graph")
    for one in [*objects(said), *objects(graph), said]:
        for holder in (one, member(one, "publisher")):
            logo: Any = member(holder, "logo")
            yield logo if isinstance(logo, str) else text_at(logo, "url")
