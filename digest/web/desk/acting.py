"""A form of the desk carried out: what was done, in a sentence, or why it was not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex

from digest.errors import DigestError
from digest.pipeline.desk.overlay_file import OverlayChanged
from digest.web.desk.contract import Asked, DeskAnswers, DeskPage, Sitting
from digest.web.desk.forms import change_asked
from digest.web.desk.letters import differing_lines

_KEPT = 50
_ONLY_LOOKS = "This changes nothing here: you may look, and not change. Start `digest desk`."


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """What became of a form: words, and after a conflict what differs and the form once more.

    `reader` is the public id of a reader whose mail was asked for: it stays on this side.
    """

    words: str = ""
    wrong: bool = False
    differences: tuple[str, ...] = ()
    again: Mapping[str, str] = field(default_factory=dict)
    reader: str = ""


class KeptOutcomes:
    """What is told once the page is back, by names that an address may hold. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: dict[str, FormOutcome] = {}

    def keep(self, told: FormOutcome) -> str:
        """Keep it; return its name."""
        name = token_hex(8)
        with self._lock:
            self._told[name] = told
            while len(self._told) > _KEPT:
                del self._told[next(iter(self._told))]
        return name

    def get(self, name: str) -> FormOutcome:
        """Return what was kept under a name; nothing told if there is none."""
        with self._lock:
            return self._told.get(name, FormOutcome())


class Acting:
    """Carries forms out by the backend's answers; `page` is what the editor looks at."""

    def __init__(self, backend: DeskAnswers, page: Callable[[Asked], DeskPage]) -> None:
        """Take the answers and the page."""
        self._backend = backend
        self._page = page

    def acted(self, asked: Asked, fields: dict[str, str], sitting: Sitting) -> FormOutcome:
        """Do what a form asks, as far as this editor may."""
        action = fields.get("action", "")
        try:
            if action == "reader" and sitting.may_find:
                return FormOutcome(reader=self._backend.reader(fields.get("address", "").strip()))
            if not sitting.may_change:
                return FormOutcome(_ONLY_LOOKS, wrong=True)
            return FormOutcome(self._done(asked, action, fields, sitting))
        except OverlayChanged as error:
            differ = differing_lines(error.seen, error.now.text)
            again = {} if action in {"undo", "redo"} else fields
            return FormOutcome(str(error), wrong=True, differences=differ, again=again)
        except DigestError as error:
            return FormOutcome(str(error), wrong=True)

    def _done(self, asked: Asked, action: str, fields: dict[str, str], sitting: Sitting) -> str:
        """Do it; return a sentence of what was done. Raises DigestError."""
        backend, version = self._backend, fields.get("version", "")
        others: dict[str, Callable[[], str]] = {
            "undo": lambda: f"Undone: {backend.undo(asked, version)}.",
            "redo": lambda: f"Made again: {backend.redo(asked, version)}.",
            "approve": lambda: backend.approve(asked, fields.get("sha256", ""), sitting.who),
            "hold": lambda: backend.hold(asked, sitting.who),
            "release": lambda: backend.release(asked),
            "test": lambda: backend.test(asked, fields.get("to", "").strip()),
            "links": lambda: backend.links(asked),
        }
        if action in others:
            return others[action]()
        wanted = change_asked(action, fields, self._page(asked))
        backend.change(asked, version, wanted.change, wanted.words)
        return f"Done: {wanted.words}."
