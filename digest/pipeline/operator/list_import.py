"""Lists of readers: checked against the configuration, taken in, and told line by line."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO, TypeAlias

from digest.config import Settings
from digest.errors import ExitCode, UsageError
from digest.pipeline.issue.slots import edition_named
from digest.pipeline.operator.audience import translated
from digest.plurals import counted
from digest.store import Store
from subscribers.lists.contract import Field
from subscribers.lists.encodings import WESTERN
from subscribers.lists.reading import ListFile, open_list
from subscribers.lists.spreadsheets import safe, safe_address
from subscribers.lists.terms import ListTerms
from subscribers.values import Enrolled, ImportReport, RejectedLine, RowVerdict

_KEPT = 1_000  # lines that a report names one by one; --rejects and --dry-run have them all
LineTold: TypeAlias = Callable[[str], None]
_OUTCOMES = {
    Enrolled.ADDED: "added, active",
    Enrolled.PENDING: "added, pending until they confirm",
    Enrolled.PAUSED: "added, paused",
    Enrolled.CONFIRMED: "confirmed",
    Enrolled.UNCHANGED: "here already, unchanged",
    Enrolled.LEFT: "left, gets no mail",
    Enrolled.SUPPRESSED: "suppressed, gets no mail",
}
_SAID = {
    "unsubscribed": "unsubscribed",
    "pending": "pending",
    "paused": "paused",
    "hard_bounce": "bounced",
    "complaint": "complained",
    "blocked": "blocked",
    "by_hand": "suppressed by hand",
    "deleted": "deleted",
    "erasure": "erased",
}


@dataclass(frozen=True, slots=True)
class ListImport:
    """An operator's word on a list: `edition` "" lets each line name its own.

    `words` are where and when they agreed; `columns` those that `--map` names, by field; `rejects`
    is a file to write what was not taken in to; `told` hears of every line.
    """

    file: Path
    now: datetime
    edition: str = ""
    confirmed: bool = False
    words: str = ""
    format: str = ""
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    rehearsal: bool = False
    rejects: Path | None = None
    told: LineTold | None = None


@dataclass(slots=True)
class Noticed:
    """Lines that an operator should look at, as far as they are kept; all are counted."""

    faults: list[RejectedLine] = field(default_factory=list)
    odd: list[tuple[int, str]] = field(default_factory=list)
    oddities: int = 0

    def notice(self, result: RowVerdict | RejectedLine) -> None:
        """Keep a fault, or what is odd about an address that was taken in."""
        if isinstance(result, RejectedLine):
            if not result.other and len(self.faults) < _KEPT:
                self.faults.append(result)
        elif result.row.odd:
            self.oddities += 1
            if len(self.odd) < _KEPT:
                self.odd.append((result.row.line, result.row.odd))


@dataclass(frozen=True, slots=True)
class ImportedList:
    """The result of an import, or of its rehearsal."""

    title: str
    edition: str
    ignored: tuple[str, ...]
    guessed_encoding: str
    counts: ImportReport
    noticed: Noticed
    rehearsal: bool
    rejects: Path | None

    @property
    def exit_code(self) -> ExitCode:
        """Return RECIPIENTS when a line was left out for what is wrong with it."""
        return ExitCode.RECIPIENTS if self.counts.rejected else ExitCode.DONE

    def as_json(self) -> dict[str, object]:
        """Return what `--json` prints; of very many faults, the first thousand."""
        return {
            **asdict(self.counts),
            "lines": self.counts.lines,
            "format": self.title,
            "ignored_columns": list(self.ignored),
            "guessed_encoding": self.guessed_encoding,
            "dry_run": self.rehearsal,
            "rejects": str(self.rejects or ""),
            "faults": [{"line": one.line, "what": one.what} for one in self.noticed.faults],
            "odd": [{"line": line, "what": what} for line, what in self.noticed.odd],
            "oddities": self.noticed.oddities,
        }

    def sentences(self) -> list[str]:
        """Say it to a person, a sentence a line."""
        counts = self.counts
        told = {
            "added": counts.added,
            "pending": counts.pending,
            "paused": counts.paused,
            "unchanged": counts.unchanged,
            "left": counts.left,
            "suppressed": counts.suppressed,
            "rejected": counts.rejected,
            "of other editions": counts.other,
        }
        parts = ", ".join(f"{count} {name}" for name, count in told.items() if count)
        lead = "It would be: " if self.rehearsal else ""
        head = f"{counted(counts.lines, 'line')} ({self.title}): {lead}"
        return [f"{head}{parts or 'nothing to import'}.", *self._beside()]

    def _beside(self) -> list[str]:
        counts, lines = self.counts, list[str]()
        if counts.said:
            said = ", ".join(f"{count} {_SAID[name]}" for name, count in counts.said.items())
            lines.append(f"The list itself says of these: {said}.")
        if counts.lowered:
            had = counted(counts.lowered, "reader")
            lines.append(f"{had} had mail until now, and get none any more.")
        if counts.pending:
            lines.append(
                "Who is pending gets no mail until they confirm. If they agreed elsewhere, say"
                f" so: `digest subscribers confirm --edition {self.edition or 'EDITION'}"
                " --consent WHERE-AND-WHEN`."
            )
        if self.guessed_encoding:
            lines.append(
                f"It is not UTF-8, and was read as {self.guessed_encoding}. If names look wrong,"
                " say another --encoding."
            )
        if self.ignored:
            lines.append(f"Columns that are ignored: {', '.join(self.ignored)}.")
        if self.rejects is not None:
            lines.append(f"What was rejected stands in {self.rejects}: mend it and import that.")
        return lines


def look_at_list(settings: Settings, store: Store, wish: ListImport) -> ListFile:
    """Open a list and say what it is. UsageError: it cannot be read, or in more ways than one."""
    if wish.edition:
        edition_named(settings, wish.edition)
    if wish.rejects is not None and wish.rejects.exists():
        raise UsageError(
            "this file is there already",
            where=str(wish.rejects),
            fix="Name another one for --rejects: rejected lines that were mended may be in it.",
        )
    sections = {
        edition.id: {one.id: one.title for one in settings.sections_of(edition)}
        for edition in settings.edition
    }
    network = store.subscribers.pseudonyms.network
    terms = ListTerms(
        sections, wish.edition, wish.format, wish.columns, encoding=wish.encoding, network=network
    )
    with translated():
        return open_list(wish.file, terms)


def import_list(store: Store, found: ListFile, wish: ListImport) -> ImportedList:
    """Take a list in; wrong lines are reported and the good ones imported."""
    noticed = Noticed()
    with ExitStack() as stack:
        rejects = _Rejects(found, wish.rejects, stack)

        def told(result: RowVerdict | RejectedLine) -> None:
            noticed.notice(result)
            if isinstance(result, RejectedLine) and not result.other:
                rejects.write(result)
            if wish.told is not None:
                wish.told(_line(result))

        with translated():
            counts = store.subscribers.import_rows(
                found.rows(),
                edition=wish.edition,
                confirmed=wish.confirmed,
                now=wish.now,
                told=told,
                words=wish.words,
                rehearsal=wish.rehearsal,
            )
    title, ignored = found.layout.format.title, found.layout.ignored
    return ImportedList(
        title,
        wish.edition,
        ignored,
        _guessed(found),
        counts,
        noticed,
        wish.rehearsal,
        rejects.written,
    )


def _guessed(found: ListFile) -> str:
    return "Windows-1252" if found.encoding == WESTERN and not found.terms.encoding else ""


def _line(result: RowVerdict | RejectedLine) -> str:
    if isinstance(result, RejectedLine):
        return f"{result.line}: {'left out' if result.other else 'rejected'}: {result.what}"
    row = result.row
    said = f" ({row.odd})" if row.odd else ""
    mail = ", had mail until now" if result.lowered else ""
    return f"{row.line}: {row.address.addr_spec}: {_OUTCOMES[result.outcome]}{mail}{said}"


class _Rejects:
    """Writes rejected lines to a file that is made with the first of them, for its owner only."""

    def __init__(self, found: ListFile, path: Path | None, stack: ExitStack) -> None:
        self._header = found.header
        self._email = found.layout.fields[Field.EMAIL]
        self._path = path
        self._stack = stack
        self._stream: TextIO | None = None

    @property
    def written(self) -> Path | None:
        return self._path if self._stream is not None else None

    def write(self, fault: RejectedLine) -> None:
        if self._path is None:
            return
        if self._stream is None:
            self._stream = self._made(self._path)
            csv.writer(self._stream).writerow([*self._header, "line", "problem"])
        cells = [
            safe_address(cell) if place == self._email else safe(cell)
            for place, cell in enumerate(fault.cells[: len(self._header)])
        ]
        cells += [""] * (len(self._header) - len(cells))
        csv.writer(self._stream).writerow([*cells, str(fault.line), safe(fault.what)])

    def _made(self, path: Path) -> TextIO:
        try:
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise UsageError(
                f"it cannot be written ({error.strerror})",
                where=str(path),
                fix="Name another file.",
            ) from None
        return self._stack.enter_context(os.fdopen(number, "w", encoding="utf-8", newline=""))
