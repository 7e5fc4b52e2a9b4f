"""A source's excerpt as markup: the one place where words of others become that.

It believes nothing: what it is given is proved again (digest/inline_html.py), and has to say what
the plain excerpt says.
"""

from __future__ import annotations

from markupsafe import Markup

from digest.inline_html import dressed, is_proved, words_of
from digest.render.environment import safe_markup

_LOOK = "ink"


def prose(html: str, excerpt: str) -> Markup:
    """Return the excerpt with its stress and links, these in class "ink".

    Empty where there is no more to it than the plain excerpt, or something is wrong with it: a
    template then shows the plain one.
    """
    if html and is_proved(html) and words_of(html) == excerpt:
        return safe_markup(dressed(html, _LOOK))
    return Markup("")
