"""axe-core on a page that is open: what is serious or critical, in words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_RUN = """() => axe.run(document, {resultTypes: ["violations"], iframes: false})
  .then(({violations}) => violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`)))"""
LOOKS = ((320, "dark"), (1280, "light"))
"""Widths in pixels, each with a colour scheme."""


@cache
def _script() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def grave_faults(page: Page) -> list[str]:
    """Return each serious or critical finding of the page, without those in its frames.

    A mail in a frame is looked at by `make judge`; no script runs there.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_script())
    found: list[str] = page.evaluate(_RUN)
    return found


def in_scheme(page: Page, scheme: str) -> None:
    """Let the browser prefer "light" or "dark"; a colour on its way to another is no fault."""
    page.emulate_media(
        color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
    )


def looked_at(page: Page) -> list[str]:
    """Return what is wrong with the open page in each of LOOKS: axe, or scrolling sideways."""
    found = []
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 860})
        in_scheme(page, scheme)
        where = f"{page.url} at {width} px, {scheme}"
        found += [f"{where}: {one}" for one in grave_faults(page)]
        if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
            found.append(f"{where}: scrolls sideways")
    return found
