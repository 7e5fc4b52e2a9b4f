"""The names that sites give to what they put forward: "Most popular", "Our picks", "Featured".

A name stands over a block of a page, or among an article's categories. It has to be the whole of
it: an article about "the most popular dogs" is put forward by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_LISTED = (
    # English
    "breaking|breaking news|editor's choice|editor's pick|editor's picks|editors' choice|"
    "editors' pick|editors' picks|editors choice|editors picks|featured|featured news|"
    "featured post|featured posts|featured stories|featured story|in the spotlight|most commented|"
    "most discussed|most popular|most popular posts|most read|most shared|most viewed|must read|"
    "must reads|our best|our pick|our picks|our top stories|popular|popular now|popular posts|"
    "popular stories|spotlight|staff picks|sticky|top news|top post|top posts|top stories|"
    "top story|top stories today|trending|trending now|what readers like|"
    # German, Dutch
    "am häufigsten gelesen|aufmacher|empfehlungen der redaktion|meistgelesen|meist gelesen|"
    "meistgelesene artikel|meistgeklickt|top-themen|topthemen|top-artikel|unsere empfehlungen|"
    "beliebt|im fokus|best gelezen|meest gelezen|uitgelicht|"
    # French
    "à la une|a la une|les plus lus|le plus lu|les plus lues|les plus populaires|articles à la une|"
    "la sélection de la rédaction|sélection de la rédaction|notre sélection|les plus partagés|"
    # Spanish, Portuguese, Catalan
    "destacado|destacada|destacados|destacadas|lo más leído|las más leídas|lo más visto|"
    "más leídas|más leídos|más leído|lo más popular|destaque|destaques|mais lidas|mais lidos|"
    "mais vistas|as mais lidas|em destaque|el més llegit|"
    # Italian, Romanian
    "in evidenza|i più letti|più letti|le più lette|in primo piano|primo piano|cele mai citite|"
    # Polish, Czech, Russian, Ukrainian
    "najczęściej czytane|najpopularniejsze|polecane|nejčtenější|самое читаемое|популярное|"
    "главное|выбор редакции|найпопулярніше|головне|вибір редакції|"
    # Swedish, Danish, Norwegian, Finnish
    "mest läst|mest læst|mest læste|mest lest|luetuimmat|"
    # Turkish, Arabic, Hindi, Chinese, Japanese
    "en çok okunanlar|öne çıkanlar|manşet|الأكثر قراءة|الأكثر مشاهدة|مختارات|सबसे ज्यादा पढ़ी गई|"  # noqa: RUF001 - Turkish
    "热门|热门文章|最多阅读|编辑推荐|头条|人気記事|アクセスランキング|注目記事|おすすめ"
)
_NAMES = frozenset(_LISTED.split("|"))
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'"})
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_LONGEST = 40


def promotion(name: str) -> str:
    """Return the name, in one line, if it says that a site puts something forward; else ""."""
    if len(name) > 2 * _LONGEST:
        return ""
    line = " ".join(name.translate(_QUOTES).split())
    bare = _AROUND.sub("", line.casefold())
    return line.strip(" :\u00bb\u203a>") if bare in _NAMES or f"{bare}'" in _NAMES else ""


def first_promotion(names: Iterable[str]) -> str:
    """Return the first of the names that says so, or ""."""
    return next(filter(None, map(promotion, names)), "")
