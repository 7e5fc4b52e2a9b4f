"""The editors' files: overlays/<edition>/<slot>.toml over overlays/<edition>/standing.toml.

Read afresh whenever an issue is composed, so that a wish made a minute before sending counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from digest.editorial import Overlay, parse_overlay
from digest.errors import ConfigError
from digest.models.issues import Slot

STANDING = "standing"


def read_overlay(folder: Path, slot: Slot) -> tuple[Overlay, tuple[str, ...]]:
    """Read both files beside the configuration in `folder`; one that is absent wishes nothing.

    Gives the wishes of what can be read, and every fault of what cannot, with file and line.
    """
    wishes, faults = [], []
    for name in (slot.key, STANDING):
        try:
            wishes.append(read_one(folder, slot.edition, name))
        except ConfigError as error:
            wishes.append(Overlay())
            faults += str(error).splitlines()
    own, standing = wishes
    return own.over(standing), tuple(faults)


def refuse(faults: Iterable[str]) -> None:
    """Raise ConfigError with all these faults, in the order of files and lines, each once."""
    if told := in_order(faults):
        raise ConfigError("\n".join(told))


def in_order(faults: Iterable[str]) -> tuple[str, ...]:
    """Return the faults in the order of files and lines, each once."""
    return tuple(sorted(dict.fromkeys(faults), key=_place))


def _place(fault: str) -> tuple[str, int]:
    file, _, rest = fault.partition(":")
    line = rest.partition(":")[0]
    return file, int(line) if line.isdecimal() else 0


def read_one(folder: Path, edition: str, name: str) -> Overlay:
    """Read the file of a slot's key, or the standing one; ConfigError with every fault of it."""
    path = folder / "overlays" / edition / f"{name}.toml"
    if not path.is_file():
        return Overlay()
    shown = str(path.relative_to(folder))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"not UTF-8 at byte {error.start}", where=shown, fix="Save the file as UTF-8"
        ) from None
    except OSError as error:
        raise ConfigError(
            f"cannot be read ({error.strerror})", where=shown, fix="Check its permissions"
        ) from None
    return parse_overlay(text, shown, standing=name == STANDING)
