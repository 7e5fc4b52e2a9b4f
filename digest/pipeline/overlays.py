"""The editors' files: overlays/<edition>/<slot>.toml over overlays/<edition>/standing.toml.

Read afresh whenever an issue is composed, so that a wish made a minute before sending counts.
"""

from __future__ import annotations

import difflib
from datetime import datetime, timedelta
from pathlib import Path

from digest import schedule
from digest.config import Settings
from digest.editorial import Overlay, parse_overlay
from digest.errors import ConfigError, UsageError
from digest.models import Slot

_STANDING = "standing"


def read_overlay(folder: Path, slot: Slot) -> Overlay:
    """Read both files beside the configuration in `folder`; one that is absent wishes nothing.

    Raises ConfigError that names file and line.
    """
    own = _read(folder, slot.edition, slot.key)
    return own.over(_read(folder, slot.edition, _STANDING))


def check_overlays(settings: Settings, now: datetime) -> str:
    """Read every file there is, and say in words how many.

    Raises ConfigError for one that cannot be read, and for one that no issue will ever look at:
    its folder is no edition, or its name no slot to come.
    """
    editions = {edition.id: edition for edition in settings.edition}
    files = sorted((settings.folder / "overlays").glob("*/*.toml"))
    for file in files:
        edition = editions.get(file.parent.name)
        shown = str(file.relative_to(settings.folder))
        if edition is None:
            close = difflib.get_close_matches(file.parent.name, editions, n=1)
            raise ConfigError(
                f'there is no edition "{file.parent.name}"',
                where=shown,
                fix=f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(editions)}",
            )
        _read(settings.folder, edition.id, file.stem)
        if file.stem != _STANDING and file.stem >= (now - timedelta(days=2)).date().isoformat():
            try:
                schedule.slot_named(edition.id, edition.schedule, edition.timezone, file.stem)
            except UsageError as error:
                raise ConfigError(error.what, where=shown, fix=error.fix) from None
    return f"{len(files)} files" if files else "none"


def _read(folder: Path, edition: str, name: str) -> Overlay:
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
    return parse_overlay(text, shown, standing=name == _STANDING)
