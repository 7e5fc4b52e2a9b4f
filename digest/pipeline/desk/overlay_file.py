"""One issue's overlay on disk: read with its version, written whole or not at all, undone, redone.

A version is the SHA-256 of the file's bytes. A change names the version that its editor saw; where
the file is another by now, it is refused, whoever wrote it: a second editor, an editor's program,
git. A file is written beside the old one and takes its name at once (rename(2)), so that a kill
leaves the old file or the new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from digest.editorial import parse_overlay
from digest.errors import ConfigError, DigestError, UsageError
from digest.models.issues import Slot
from digest.pipeline.desk.overlay_wishes import (
    Change,
)

_KEPT = 200


@dataclass(frozen=True, slots=True)
class OverlayState:
    """The text of an overlay and its version; a file that is not there has "" and a version too."""

    text: str
    version: str


class OverlayChanged(DigestError):
    """The file is not the one that the editor saw: `seen` and `now` are both texts."""

    def __init__(self, shown: str, seen: str, now: OverlayState) -> None:
        """Keep both texts, so that a page can show them."""
        super().__init__(
            "somebody changed the overlay since you looked; your change was not made",
            where=shown,
            fix="Look at what changed, and make yours again if it is still right",
        )
        self.seen = seen
        self.now = now


@dataclass(frozen=True, slots=True)
class _Step:
    before: OverlayState
    after: OverlayState
    words: str


@dataclass(slots=True)
class _History:
    done: list[_Step] = field(default_factory=list)
    undone: list[_Step] = field(default_factory=list)


class OverlayFiles:
    """The overlays of a newsroom's folder, with the steps that were made here."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of digest.toml."""
        self._folder = folder
        self._histories: dict[Path, _History] = {}
        self._seen: dict[str, str] = {}

    def state(self, slot: Slot) -> OverlayState:
        """Return the file as it is now. Raises ConfigError if it cannot be read."""
        found = _read(self._path(slot), self._shown(slot))
        self._seen[found.version] = found.text
        while len(self._seen) > _KEPT:
            del self._seen[next(iter(self._seen))]
        return found

    def change(self, slot: Slot, version: str, change: Change, words: str) -> OverlayState:
        """Make one change to the file that has this version.

        Raises OverlayChanged if it has another by now, ConfigError if the result would be at fault
        (nothing is written then), and UsageError if the change cannot be made.
        """
        from digest.pipeline.desk.overlay_changes import changed  # brings tomlkit; most only look

        def make(before: OverlayState) -> str:
            text = changed(before.text, change)
            parse_overlay(text, self._shown(slot))
            return text

        return self._write(slot, version, make, words)

    def undo(self, slot: Slot, version: str) -> str:
        """Take the last step back; return its words. UsageError if there is none."""
        history = self._history(slot)
        if not history.done:
            raise UsageError("there is nothing to undo")
        step = history.done[-1]
        self._exchange(slot, version, step.after, step.before)
        history.undone.append(history.done.pop())
        return step.words

    def redo(self, slot: Slot, version: str) -> str:
        """Make the step again that was undone last; return its words. UsageError if there is none.

        Any other change forgets what was undone.
        """
        history = self._history(slot)
        if not history.undone:
            raise UsageError("there is nothing to redo")
        step = history.undone[-1]
        self._exchange(slot, version, step.before, step.after)
        history.done.append(history.undone.pop())
        return step.words

    def steps(self, slot: Slot) -> tuple[str, str]:
        """Name what `undo` and `redo` would do now, in words; "" is nothing.

        A step cannot be undone once the file was changed by other hands.
        """
        history, now = self._history(slot), self.state(slot)
        undo = history.done[-1] if history.done else None
        redo = history.undone[-1] if history.undone else None
        return (
            undo.words if undo and undo.after.version == now.version else "",
            redo.words if redo and redo.before.version == now.version else "",
        )

    def shown(self, slot: Slot) -> str:
        """Return the file's name as people read it: "overlays/daily/2026-11-23.toml"."""
        return self._shown(slot)

    def _exchange(self, slot: Slot, version: str, old: OverlayState, new: OverlayState) -> None:
        with _locked(self._path(slot).parent):
            now = self.state(slot)
            if now.version not in {version, old.version} or now.version != old.version:
                raise OverlayChanged(self._shown(slot), old.text, now)
            _replace(self._path(slot), new.text)

    def _write(
        self, slot: Slot, version: str, make: Callable[[OverlayState], str], words: str
    ) -> OverlayState:
        path, history = self._path(slot), self._history(slot)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.parent):
            before = self.state(slot)
            if before.version != version:
                raise OverlayChanged(self._shown(slot), self._seen.get(version, ""), before)
            text = make(before)
            if text == before.text:
                return before
            _replace(path, text)
            after = self.state(slot)
        history.done.append(_Step(before, after, words))
        history.undone.clear()
        del history.done[:-_KEPT]
        return after

    def _history(self, slot: Slot) -> _History:
        return self._histories.setdefault(self._path(slot), _History())

    def _path(self, slot: Slot) -> Path:
        return self._folder / "overlays" / slot.edition / f"{slot.key}.toml"

    def _shown(self, slot: Slot) -> str:
        return str(self._path(slot).relative_to(self._folder))


def _read(path: Path, shown: str) -> OverlayState:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        content, text = b"", ""
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"not UTF-8 at byte {error.start}", where=shown, fix="Save the file as UTF-8"
        ) from None
    except OSError as error:
        raise ConfigError(
            f"cannot be read ({error.strerror})", where=shown, fix="Check its permissions"
        ) from None
    return OverlayState(text, hashlib.sha256(content).hexdigest())


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other desks out for as long as a file is read, changed and written (flock(2))."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(path: Path, text: str) -> None:
    """Put the new text in the file's place; no text takes the file away."""
    target = path.resolve()  # a link stays a link
    for left in target.parent.glob(f".{target.name}.*.part"):  # of a desk that was killed
        left.unlink(missing_ok=True)
    if not text:
        target.unlink(missing_ok=True)
    else:
        _write_beside(target, text)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_beside(target: Path, text: str) -> None:
    number, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    with open(number, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - it is open already
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if target.exists():
        shutil.copymode(target, name)
    else:
        Path(name).chmod(0o644)
    Path(name).replace(target)
