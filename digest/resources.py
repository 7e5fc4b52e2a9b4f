"""Where the files that ship with Digest are: templates now. Looks only; writes nothing."""

from __future__ import annotations

from pathlib import Path

from digest.errors import ConfigError

_PACKAGE = Path(__file__).resolve().parent


def templates_folder() -> Path:
    """Return the folder that holds `email/`, `web/` and `demo/`.

    A wheel carries it inside the package, a checkout beside it. Raises ConfigError when neither
    is there, which means the installation is damaged.
    """
    for folder in (_PACKAGE / "templates", _PACKAGE.parent / "templates"):
        if folder.is_dir():
            return folder
    raise ConfigError(
        "the templates that ship with Digest are missing",
        where=str(_PACKAGE / "templates"),
        fix="Install Digest again.",
    )
