"""Show a mail as a light or a dark client would, whatever the looker's own setting is.

A frame does not pass its `color-scheme` on to `prefers-color-scheme` inside it in every browser
(tried in Chromium 156: it does not), so the rules are decided here, in the mail's own style
sheets, and the page says so. Nothing else in the mail is touched.
"""

from __future__ import annotations

import re
from enum import StrEnum

_STYLE = re.compile(r"(<style\b[^>]*>)(.*?)(</style\s*>)", re.IGNORECASE | re.DOTALL)
_MEDIA = re.compile(r"""(\bmedia\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
_META = re.compile(
    r"""<meta\b[^>]*\bname\s*=\s*["']?(?:supported-)?color-schemes?["'\s][^>]*>""", re.IGNORECASE
)
_PREFERS = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_DECLARED = re.compile(r"(?<![\w-])(color-scheme\s*:\s*)([a-z\s]+)", re.IGNORECASE)
_ALWAYS = "(min-width: 0px)"
_NEVER = "(max-width: 0px)"


class Scheme(StrEnum):
    """The colour scheme that a reader's mail client prefers."""

    LIGHT = "light"
    DARK = "dark"


def in_scheme(html: str, scheme: Scheme) -> str:
    """Decide every `prefers-color-scheme` and `color-scheme` of the document for one scheme."""

    def decide(css: str) -> str:
        css = _PREFERS.sub(lambda rule: _ALWAYS if rule[1].lower() == scheme else _NEVER, css)
        return _DECLARED.sub(lambda rule: rule[1] + _chosen(rule[2], scheme), css)

    html = _STYLE.sub(lambda part: part[1] + decide(part[2]) + part[3], html)
    html = _MEDIA.sub(lambda part: part[1] + decide(part[2]), html)
    return _META.sub(
        lambda part: re.sub(
            r"""(content\s*=\s*["'])([^"']*)""",
            lambda content: content[1] + _chosen(content[2], scheme),
            part[0],
            flags=re.IGNORECASE,
        ),
        html,
    )


def knows_dark(html: str) -> bool:
    """Whether the mail brings rules of its own for dark clients."""
    sheets = " ".join(part[2] for part in _STYLE.finditer(html))
    return any(rule[1].lower() == Scheme.DARK for rule in _PREFERS.finditer(sheets))


def _chosen(declared: str, scheme: Scheme) -> str:
    return str(scheme) if scheme in declared.lower().split() else declared
