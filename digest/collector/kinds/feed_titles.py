"""A feed's name, and the section that the name is about: "Site » World Feed" → "World".

Pure. Themes, content systems and languages all put the site's name and the word for feed around
the one word that a reader knows.
"""

from __future__ import annotations

import json
import re

from digest.collector.articles.text import clip, plain

_NAME_LENGTH = 60
# Words around a section's name, in the languages of the press. Anchored at an end each.
_ENDINGS = re.compile(
    r"\s*[-\u2013\u2014|:\u00bb>/]*\s*\b(?:category|tag|archives?|kategorie[- ]?|cat[\u00e9e]gorie|"
    r"categor[i\u00ed]a|categoria)?[\s-]*"
    r"(?:(?:rss|atom|xml|json)[\s.\d-]*)?(?:feeds?|rss|atom|flux|canal|fil rss|kanal|syndication)"
    r"(?:\s*\(?(?:rss|atom|xml|json)[\s.\d]*\)?)?$",
    re.IGNORECASE,
)
# The same where no blank stands before the word: "国際 のフィード", "World 피드".
_ENDINGS_ABROAD = re.compile(
    "[\\s\u00b7\u30fb|\u00bb>-]*(?:"
    "(?:\u306e)?(?:RSS|Atom)?\\s*\u30d5\u30a3\u30fc\u30c9|\u306eRSS|"
    "(?:\u7684)?(?:RSS|Atom)?\\s*(?:\u8ba2\u9605|\u8a02\u95b1|\u6e90|\u4f9b\u7a3f|"
    "\u8cc7\u8a0a\u63d0\u4f9b)|"
    "\ud53c\ub4dc|"
    "(?:RSS[- ]?)?(?:\u043b\u0435\u043d\u0442\u0430|\u0441\u0442\u0440\u0456\u0447\u043a\u0430|"
    "\u043a\u0430\u043d\u0430\u043b|\u0435\u043c\u0438\u0441\u0438\u044f)|"
    "\u062e\u0644\u0627\u0635\u0629(?: RSS)?|\u062e\u0648\u0631\u0627\u06a9|"
    "\u05e4\u05d9\u05d3|\u03c1\u03bf\u03ae|(?:RSS )?ak\u0131\u015f\u0131|beslemesi|"
    "fl\u00f6de|sy\u00f6te|str\u00f8m|zdroj|umpan|h\u00edrcsatorna|"
    "kana\u0142(?: z wpisami)?|d\u00f2ng th\u00f4ng tin|agr\u00e9g\u00e9|nieuwsfeed|"
    "fuente(?: RSS)?"
    ")$",
    re.IGNORECASE,
)
_BEGINNINGS = re.compile(
    r"^(?:(?:rss|atom)[\s.\d]*(?:feed|flux|kanal)?|feeds?|flux(?: rss)?|subscribe to)\b"
    r"(?:\s+(?:for|of|de|von|f\u00fcr|pour))?\s*[-\u2013\u2014|:\u00bb>]*\s*",
    re.IGNORECASE,
)
_CATEGORY = re.compile(
    r"\s+(?:rss de la )?"
    r"(?:category|categories|tag|archives?|kategorie|categor[i\u00ed]a|etiqueta)$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s+[-\u2013\u2014|\u00bb>\u203a/]+\s+|\s*[\u00bb\u203a|]\s*|:\s+")
_COMMENTS = re.compile(
    r"\b(?:comments?|kommentare?|commentaires|comentarios|coment\u00e1rios|commenti|reacties|"
    r"kommentarer|yorumlar)\b|[\u8bc4\u8a55]\u8bba|\u30b3\u30e1\u30f3\u30c8",
    re.IGNORECASE,
)
# What the feed of the whole site is called once its name is off.
_WHOLE = frozenset(
    {
        "", "all", "all content", "all posts", "all articles", "all news", "all stories",
        "articles", "blog",
        "everything", "front page", "home", "homepage", "latest", "latest articles", "latest news",
        "main", "news feed", "posts", "recent posts", "rss", "site", "startseite", "stories",
        "top", "feed", "rss 2.0", "atom", "alle artikel", "accueil", "portada", "inicio",
    }
)  # fmt: skip


def is_about_comments(title: str) -> bool:
    """Tell a feed of readers' comments by its title."""
    return bool(_COMMENTS.search(title))


def section_title(title: str, site: str) -> str:
    """Return the section in a feed's title; "" where it is the feed of the whole site."""
    text = _BEGINNINGS.sub("", title.strip())
    text = _ENDINGS_ABROAD.sub("", _ENDINGS.sub("", _CATEGORY.sub("", text)))
    text = _CATEGORY.sub("", text).strip(" -\u2013\u2014|:\u00bb>")
    parts = [part.strip() for part in _BETWEEN.split(text)]
    kept = [part for part in parts if part and not _names(part, site)]
    if not kept or _letters(" ".join(kept)) == _letters(site):
        return ""
    if len(kept) == len(parts):
        # The site's name is not in it, so that a ":" or "-" may belong to the section's own name.
        return "" if text.casefold() in _WHOLE else text
    found = kept[0] if len(kept) == 1 else " - ".join(kept)
    return "" if found.casefold() in _WHOLE else found


def _names(part: str, site: str) -> bool:
    return bool(site) and _letters(part) in {_letters(site), "the" + _letters(site)}


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def feed_name(text: str) -> str:
    """Return the title of a feed by a look at its beginning; "" where that says none."""
    start = text[:20_000]
    if start.lstrip("\ufeff \t\r\n").startswith("{"):
        found = re.search(r'"title"\s*:\s*("(?:[^"\\]|\\.){0,300}")', start)
        try:
            return clip(plain(json.loads(found[1])), _NAME_LENGTH) if found else ""
        except ValueError:
            return ""
    found = re.search(
        r"<title\b[^>]{0,200}>\s*(?:<!\[CDATA\[)?([^<\]]{0,300})", start, re.IGNORECASE
    )
    return clip(plain(found[1]), _NAME_LENGTH) if found else ""
