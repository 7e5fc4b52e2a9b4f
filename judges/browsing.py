"""A mail opened in Chromium as a mail program would show it; no request leaves the machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, cast

from judges.verdict import JudgedMail

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

SCHEMES = ("light", "dark")
# What a browser paints behind a page without being told; said aloud, so that a judge that asks for
# a computed colour gets the true one in the dark as well.
_CANVAS = "html { background-color: Canvas; color: CanvasText }"


@contextmanager
def opened(browser: Browser, mail: JudgedMail, pictures: Mapping[str, bytes]) -> Iterator[Page]:
    """Show a mail; a picture without a drawing is one that does not load."""
    page = browser.new_page()
    try:
        page.route("**/*", lambda route: _answer(route, pictures))
        page.set_content(mail.html)
        page.add_style_tag(content=_CANVAS)
        yield page
    finally:
        page.close()


def turned(page: Page, scheme: str, width: int) -> None:
    """Look at the page in a scheme, on a screen of that width."""
    page.emulate_media(color_scheme=cast("Literal['light', 'dark']", scheme))
    page.set_viewport_size({"width": width, "height": 900})


def _answer(route: Route, pictures: Mapping[str, bytes]) -> Any:  # noqa: ANN401 - Playwright's own
    drawing = pictures.get(route.request.url)
    if drawing is None:
        return route.abort()
    return route.fulfill(body=drawing, content_type="image/svg+xml")
