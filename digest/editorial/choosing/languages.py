"""Stories in another language than the edition's, from sources that speak in several.

A source that never speaks the edition's language was chosen with open eyes, or its feed says a
language that it is not in, as many do. So only a source that brings both is looked at: the twin of
an article in the other language is not told beside it.
"""

from __future__ import annotations

from collections.abc import Iterable

from digest.editorial.plan import EditionPlan, SectionPlan
from digest.models.articles import KnownArticle

_ANY = "*"
# Codes of one language (ISO 639, and the older ones that feeds still have).
_SAME = {"iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "tl": "fil", "mo": "ro"}


class SpokenLanguages:
    """The languages of an edition's sources, as their articles tell them."""

    def __init__(self, articles: Iterable[KnownArticle], plan: EditionPlan) -> None:
        """Note which sources have articles in the edition's language."""
        self._own = tongue(plan.language)
        self._sections: dict[str, list[SectionPlan]] = {}
        for section in plan.sections:
            for source in section.sources:
                self._sections.setdefault(source, []).append(section)
        self._speaks_own = {
            source
            for known in articles
            if tongue(known.article.language) == self._own
            for source in known.sources
        }

    def against(self, known: KnownArticle) -> str:
        """Say why an article's language keeps it out; "" if nothing does."""
        language = tongue(known.article.language)
        if not language or language == self._own:
            return ""
        if any(self._wants(source, language) for source in known.sources):
            return ""
        return f"{language}, from a source that also tells news in {self._own}"

    def _wants(self, source: str, language: str) -> bool:
        sections = self._sections.get(source, [])
        if sections and source not in self._speaks_own:
            return True
        return any(
            name == _ANY or tongue(name) == language
            for section in sections
            for name in section.languages
        )


def tongue(language: str) -> str:
    """Return the language of a tag (BCP 47) without script and region: "pt-BR" is "pt"."""
    name = language.replace("_", "-").partition("-")[0].lower()
    return _SAME.get(name, name)
