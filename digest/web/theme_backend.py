"""The preview of themes: a sample issue in each, rebuilt when a file of theirs is saved.

To the preview's pages a theme is an edition, so light and dark, phone and desktop, the text part
and the size come with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from digest.models.site import Brand
from digest.pipeline.mails.sample import sample, sample_sections
from digest.pipeline.mails.theming import list_themes
from digest.resources import search_path
from digest.web.preview import PreviewEdition, PreviewPage


class ThemePreview:
    """Shows every theme of a folder, the one that was asked for first."""

    def __init__(
        self, folder: Path, first: str, language: str, brand: Callable[[str], Brand | None]
    ) -> None:
        """Take the folder of digest.toml; `brand` gives the newsroom's brand for a theme."""
        self._folder = folder
        self._first = first
        self._language = language
        self._brand = brand

    def editions(self) -> Sequence[PreviewEdition]:
        """Return each theme as an edition of the sample's sections. Raises DigestError."""
        sections = sample_sections(self._language)
        themes = sorted(list_themes(self._folder), key=lambda one: one.name != self._first)
        return [PreviewEdition(one.name, one.title, sections) for one in themes]

    def preview(
        self,
        edition: str,
        sections: frozenset[str],
        slot: str,  # noqa: ARG002 - a sample has one slot
        *,
        again: bool = False,  # noqa: ARG002 - and is never sent
    ) -> PreviewPage:
        """Render the sample issue in the theme of that name. Raises DigestError."""
        shown = sample(self._folder, edition, self._language, self._brand(edition), sections)
        return PreviewPage(
            issue_key=shown.issue.key,
            at=shown.issue.slot.at,
            variant=shown.variant,
            from_header=shown.issue.from_header,
            subject=shown.subject,
            preheader=shown.preheader,
            html=shown.html,
            text=shown.text,
        )

    def stamp(self) -> str:
        """Name the state of every file of every theme, and of digest.toml."""
        files = [file for folder in search_path(self._folder) for file in folder.rglob("*")]
        newest = max((file.stat().st_mtime_ns for file in files), default=0)
        written = self._folder / "digest.toml"
        own = written.stat().st_mtime_ns if written.is_file() else 0
        return f"{len(files)}-{newest}-{own}"
