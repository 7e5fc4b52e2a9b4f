"""A source's excerpt as markup: the one place where words of others become that.

It believes nothing: what it is given is proved again (digest/inline_html.py), and has to say what
the plain excerpt says.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from digest.inline_html import dressed, is_proved, words_of
from digest.render.environment import safe_markup
from digest.render.plaintext import cased

_LOOK = "ink"
_SLANTED = re.compile(r"<(/?)(?:em|i)>")
"""Stress that mail programs slant. A script without italics is stressed by weight."""


def prose(html: str, excerpt: str) -> Markup:
    """Return the excerpt with its stress and links, these in class "ink".

    Empty where there is no more to it than the plain excerpt, or something is wrong with it: a
    template then shows the plain one.
    """
    if html and is_proved(html) and words_of(html) == excerpt:
        upright = html if cased(excerpt) else _SLANTED.sub(r"<\1strong>", html)
        return safe_markup(dressed(upright, _LOOK))
    return Markup("")
