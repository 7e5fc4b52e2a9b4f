"""The circumstances of one choice: the editors' wishes, and the stories told before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from digest.editorial.overlay.wishes import Overlay
from digest.models.articles import KnownArticle
from digest.models.issues import Telling


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that choosing is told besides articles, slot and plan; empty for a first issue.

    `shown` are the ids of articles that count as told to everybody: a story with one of them is not
    told again. `recent` is what issues told to some readers and not to others. `told_in` names the
    issue of another edition that told an article, for the words of a verdict. `led` names the issue
    of another edition that an article led so shortly before that it must not lead this one too.
    `withdrawn` are ids of articles that their site took back. `beyond` are articles that are known
    but outside this slot's look-back: a wish for one is answered with the reason.
    """

    overlay: Overlay = Overlay()  # noqa: RUF009 - frozen and empty
    shown: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    led: Mapping[str, str] = field(default_factory=dict)
    recent: tuple[Telling, ...] = ()
    told_in: Mapping[str, str] = field(default_factory=dict)
    beyond: tuple[KnownArticle, ...] = ()
