"""The result of a check: a row of `digest doctor` and of `digest ci check`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Examination:
    """One thing that was looked at; `fix` says what to do when it is not `ok`."""

    name: str
    ok: bool
    words: str
    fix: str = ""

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints."""
        return {"name": self.name, "ok": self.ok, "words": self.words, "fix": self.fix}
