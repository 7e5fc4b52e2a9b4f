"""Issue → HTML and text, once for all readers. Knows no recipient, no store, no network.

    compositions → flow (which pieces) → each piece rendered once → one document → premailer once
                 → cut → each variant is its pieces joined, what variants share joined once

What differs by recipient is a hole: a token that is replaced when the mail's bytes are joined.
docs/rendering.md tells a designer how a theme is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import partial

from digest.errors import RenderError
from digest.models.compositions import Composition, Rendered
from digest.models.issues import Issue
from digest.render.assembly import OWN, Assembly, own_token
from digest.render.environment import safe_markup
from digest.render.flow import Flow, Kind
from digest.render.html import Slicer
from digest.render.pieces import Run
from digest.render.rendered import DraftPage, RenderedIssue
from digest.render.theme import Theme, load_theme, themes_in
from digest.render.views import Viewer
from digest.templating.budget import for_mails, on_budget

__all__ = ["DraftPage", "RenderedIssue", "Renderer", "Theme", "load_theme", "render", "themes_in"]

_NONCE_LENGTH = 8
_KINDS: tuple[Kind, ...] = ("html", "txt")


class Renderer:
    """Renders one issue; asked again for other compositions of it, it renders what is new.

    `nonce` (letters and digits, not to be guessed by those who write feeds) makes the holes'
    tokens. Raises RenderError that names template, line and value.
    """

    def __init__(self, issue: Issue, theme: Theme, nonce: str) -> None:
        """Take the issue in its theme, to which its brand is applied here."""
        _check_nonce(nonce, repr(issue))
        self._issue = issue
        self._theme = theme.in_brand(issue.site.brand)
        self._nonce = nonce
        self._voices: dict[str, _Voice] = {}

    def render(self, compositions: Sequence[Composition]) -> RenderedIssue:
        """Render each composition; the same bytes for the same input, whatever was before."""
        rendered = RenderedIssue()
        with self._metered(compositions):
            for voice, spoken in self._by_voice(compositions):
                voice.render(spoken, rendered)
        return rendered

    def drafts(self, compositions: Sequence[Composition]) -> dict[str, DraftPage]:
        """Return variant → its HTML as `render` would have it; nothing is made of the text."""
        with self._metered(compositions):
            return {
                draft.variant: draft
                for voice, spoken in self._by_voice(compositions)
                for draft in voice.drafts(spoken)
            }

    def _metered(self, compositions: Sequence[Composition]) -> AbstractContextManager[None]:
        """Return the budget of what templates do, once the nonce is known to mark these."""
        _check_nonce(self._nonce, *(f"{part.subject} {part.preheader}" for part in compositions))
        return on_budget(for_mails(len(self._issue.stories) + len(compositions)))

    def _by_voice(
        self, compositions: Sequence[Composition]
    ) -> Iterator[tuple[_Voice, list[Composition]]]:
        for language in sorted({composition.language for composition in compositions}):
            if language not in self._voices:
                viewer = Viewer(self._issue, language)
                self._voices[language] = _Voice(viewer, self._theme, self._nonce)
            spoken = [part for part in compositions if part.language == language]
            yield self._voices[language], spoken


def render(
    issue: Issue, compositions: Sequence[Composition], theme: Theme, nonce: str
) -> RenderedIssue:
    """Render each composition of an issue, once; as `Renderer` does."""
    return Renderer(issue, theme, nonce).render(compositions)


def hole_tokens(theme: Theme, nonce: str) -> dict[str, str]:
    """Return name → token: ASCII letters and digits only, so that it survives every encoding."""
    return {name: f"digesthole{nonce}{name.replace('_', '')}" for name in theme.holes}


class _Voice:
    """The renderings of one issue in one language."""

    def __init__(self, viewer: Viewer, theme: Theme, nonce: str) -> None:
        values = _values(viewer, theme, nonce)
        self._viewer = viewer
        self._page, self._plain = (Flow(theme, kind, values, f"inside{nonce}") for kind in _KINDS)
        self._slicer = Slicer(theme, nonce)
        self._assembly = Assembly(self._slicer.cut, self._plain.sources, nonce)
        self._holes = {token: name for name, token in hole_tokens(theme, nonce).items()}

    def render(self, compositions: Sequence[Composition], rendered: RenderedIssue) -> None:
        """Put the compositions' variants into `rendered`."""
        drafts = self.drafts(compositions)
        texts = [self._plain.runs(draft.view) for draft in drafts]
        for draft, text_runs in zip(drafts, texts, strict=True):
            rendered.put(draft.variant, partial(self._made, draft, text_runs))

    def drafts(self, compositions: Sequence[Composition]) -> list[DraftPage]:
        """Return the compositions' pages; what is new in them is inlined in one go."""
        views = [self._viewer.variant(part) for part in compositions]
        pages = [self._page.runs(view) for view in views]
        self._slicer.take(self._page.taken(), self._page.sources)
        return [
            DraftPage(view, runs, self._assembly, self._holes)
            for view, runs in zip(views, pages, strict=True)
        ]

    def _made(self, draft: DraftPage, text_runs: Sequence[Run]) -> Rendered:
        blocks = draft.blocks()
        return Rendered(
            variant=draft.variant,
            language=self._viewer.edition.language,
            subject=draft.view.subject,
            html="".join(blocks),
            text=self._assembly.plain(text_runs, draft.view),
            holes=dict(self._holes),
            blocks=blocks,
        )


def _values(viewer: Viewer, theme: Theme, nonce: str) -> dict[str, object]:
    """Return what every template of the issue may use."""
    head = {name: safe_markup(css) for name, css in theme.head_css.items()}
    return {
        "edition": viewer.edition,
        "words": viewer.words,
        "css": head.__getitem__,
        "colour": theme.palette,
        "hole": hole_tokens(theme, nonce),
        **{name: own_token(name, nonce) for name in OWN},
    }


def _check_nonce(nonce: str, *said: str) -> None:
    """Refuse a nonce in the text: a source that knew it could pass for a reader's address."""
    if not (nonce.isascii() and nonce.isalnum() and len(nonce) >= _NONCE_LENGTH):
        raise RenderError(
            f'"{nonce}" cannot mark holes', where="render", fix="Use 8 or more letters and digits"
        )
    if any(nonce in text for text in said):
        raise RenderError(
            "the issue itself holds the nonce", where="render", fix="Use another nonce"
        )
