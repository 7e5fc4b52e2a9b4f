"""The editors' files: overlays/<edition>/<slot>.toml over overlays/<edition>/standing.toml.

Read afresh whenever an issue is composed, so that a wish made a minute before sending counts.
"""

from __future__ import annotations

from pathlib import Path

from digest.editorial import Overlay, parse_overlay
from digest.errors import ConfigError
from digest.models import Slot

_STANDING = "standing"


def read_overlay(folder: Path, slot: Slot) -> Overlay:
    """Read both files beside the configuration in `folder`; one that is absent wishes nothing.

    Raises ConfigError that names file and line.
    """
    own = _read(folder, slot.edition, slot.key)
    return own.over(_read(folder, slot.edition, _STANDING))


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
