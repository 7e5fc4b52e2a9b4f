"""Issue → HTML and text, once for all readers. Knows no recipient, no store, no network.

    compositions → flow (which pieces) → each piece rendered once → one document → premailer once
                 → cut → each variant is its pieces joined, what variants share joined once

What differs by recipient is a hole: a token that is replaced when the mail's bytes are joined.
docs/rendering.md tells a designer how a theme is made.
"""

from __future__ import annotations

from collections.abc import Sequence

from digest.errors import RenderError
from digest.models import Composition, Issue, Rendered
from digest.render.assembly import OWN, Assembly, own_token
from digest.render.environment import safe_markup
from digest.render.flow import Flow, Kind
from digest.render.html import slices
from digest.render.theme import Theme, load_theme, themes_in
from digest.render.views import Viewer

__all__ = ["Theme", "load_theme", "render", "themes_in"]

_NONCE_LENGTH = 8
_KINDS: tuple[Kind, ...] = ("html", "txt")


def render(
    issue: Issue, compositions: Sequence[Composition], theme: Theme, nonce: str
) -> dict[str, Rendered]:
    """Render each composition; variant → Rendered, the same bytes for the same input.

    `nonce` (letters and digits, not to be guessed by those who write feeds) makes the holes'
    tokens. Raises RenderError that names template, line and value.
    """
    _check_nonce(nonce, issue, compositions)
    theme = theme.in_brand(issue.site.brand)
    languages = sorted({composition.language for composition in compositions})
    rendered: dict[str, Rendered] = {}
    for language in languages:
        spoken = [part for part in compositions if part.language == language]
        rendered |= _render_language(Viewer(issue, language), spoken, theme, nonce)
    return {part.variant: rendered[part.variant] for part in compositions}


def hole_tokens(theme: Theme, nonce: str) -> dict[str, str]:
    """Give name → token: ASCII letters and digits only, so that it survives every encoding."""
    return {name: f"digesthole{nonce}{name.replace('_', '')}" for name in theme.holes}


def _render_language(
    viewer: Viewer, compositions: Sequence[Composition], theme: Theme, nonce: str
) -> dict[str, Rendered]:
    values = _values(viewer, theme, nonce)
    page, plain = (Flow(theme, kind, values, f"inside{nonce}") for kind in _KINDS)
    variants = [viewer.variant(part) for part in compositions]
    pages = [page.runs(variant) for variant in variants]
    texts = [plain.runs(variant) for variant in variants]
    cut = slices(theme, page.fresh, page.sources, nonce)
    assembly = Assembly(cut, plain.sources, nonce)
    holes = {token: name for name, token in hole_tokens(theme, nonce).items()}
    return {
        variant.variant: Rendered(
            variant=variant.variant,
            language=viewer.edition.language,
            subject=variant.subject,
            html=assembly.page(html_runs, variant),
            text=assembly.plain(text_runs, variant),
            holes=dict(holes),
        )
        for variant, html_runs, text_runs in zip(variants, pages, texts, strict=True)
    }


def _values(viewer: Viewer, theme: Theme, nonce: str) -> dict[str, object]:
    """Give what every template of the issue may use."""
    head = {name: safe_markup(css) for name, css in theme.head_css.items()}
    return {
        "edition": viewer.edition,
        "words": viewer.words,
        "css": head.__getitem__,
        "colour": theme.palette,
        "hole": hole_tokens(theme, nonce),
        **{name: own_token(name, nonce) for name in OWN},
    }


def _check_nonce(nonce: str, issue: Issue, compositions: Sequence[Composition]) -> None:
    """Refuse a nonce in the text: a source that knew it could pass for a reader's address."""
    if not (nonce.isascii() and nonce.isalnum() and len(nonce) >= _NONCE_LENGTH):
        raise RenderError(
            f'"{nonce}" cannot mark holes', where="render", fix="Use 8 or more letters and digits"
        )
    spoken = (repr(issue), *(f"{part.subject} {part.preheader}" for part in compositions))
    if any(nonce in text for text in spoken):
        raise RenderError(
            "the issue itself holds the nonce", where="render", fix="Use another nonce"
        )
