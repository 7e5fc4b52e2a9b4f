"""What ships with Digest beside its code, templates and a table of words, and own themes."""

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


def common_words() -> str:
    """Return the table of words that are common in nine languages (bench/common_words.py)."""
    return (_PACKAGE / "editorial" / "stories" / "common_words.txt").read_text(encoding="utf-8")


def own_themes(folder: Path) -> Path:
    """Name the folder of the newsroom's own themes, beside digest.toml."""
    return folder / "themes"


def search_path(folder: Path) -> list[Path]:
    """Return where themes are looked for: the newsroom's own first."""
    return [own_themes(folder), shipped_themes()]


def shipped_themes() -> Path:
    """Name the folder of the themes that ship with Digest."""
    return templates_folder() / "email"
