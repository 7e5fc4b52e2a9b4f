"""The brand of [brand] as an issue carries it: frozen with its content, checked for contrast.

What was approved is what is sent, whatever digest.toml says by then. Colours are checked here,
because configuration and theme meet here.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from digest.config import Settings
from digest.config.brand import BrandSettings, LogoSettings
from digest.config.lines import line_of
from digest.errors import ConfigError
from digest.models.articles import Picture
from digest.models.site import Brand, SocialLink
from digest.render.brand import Unreadable, unreadable
from digest.render.sharing import SERVICES
from digest.render.theme import load_palette
from digest.resources import search_path


def brand_of(settings: Settings, theme: str) -> Brand:
    """Return the brand of [brand] for an issue in this theme.

    Raises ConfigError that names key, line and the nearest colour that can be read.
    """
    written = settings.brand
    brand = _brand(written)
    if brand == Brand():
        return brand
    faults = [*_unknown_services(written)]
    if written.accent or written.accent_dark or written.paper or written.ink:
        palette = load_palette(theme, search_path(settings.folder))
        faults += [_too_faint(one, theme) for one in unreadable(palette, brand)]
    if faults:
        text = settings.path.read_text(encoding="utf-8-sig") if settings.path.is_file() else ""
        raise ConfigError(
            "\n".join(f"{_place(settings.path, text, key)}: {said}" for key, said in faults)
        )
    return brand


def _brand(written: BrandSettings) -> Brand:
    return Brand(
        logo_light=_logo(written.logo_light),
        logo_dark=_logo(written.logo_dark),
        accent=written.accent or "",
        accent_dark=written.accent_dark or "",
        paper=written.paper or "",
        ink=written.ink or "",
        serif=written.serif,
        sans=written.sans,
        footer=written.footer,
        social=tuple(SocialLink(one.title, one.url) for one in written.social),
        share=written.share,
    )


def _logo(logo: LogoSettings | None) -> Picture | None:
    """Return the logo; without words of its own it is called by the site's name."""
    return Picture(logo.url, logo.width, logo.height) if logo else None


def _unknown_services(written: BrandSettings) -> Iterator[tuple[str, str]]:
    for name in written.share:
        if name not in SERVICES:
            close = difflib.get_close_matches(name, SERVICES, n=1)
            hint = f'Did you mean "{close[0]}"?' if close else f"Known: {', '.join(SERVICES)}."
            yield "share", f'there is no service "{name}". {hint}'


def _too_faint(one: Unreadable, theme: str) -> tuple[str, str]:
    return one.key, (
        f"{one.colour} on {one.ground} has a contrast of {one.contrast:.1f} to 1 in the theme "
        f'"{theme}", and text needs 4.5 to 1. The nearest that can be read is "{one.nearest}".'
    )


def _place(path: Path, text: str, key: str) -> str:
    line = line_of(text, ("brand", key))
    return f'{path}:{line} [brand] "{key}"' if line else f'{path} [brand] "{key}"'
