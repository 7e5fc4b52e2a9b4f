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
def opened(  # noqa: PLR0913, PLR0917 - what is shown, and on which screen
    browser: Browser,
    mail: JudgedMail,
    pictures: Mapping[str, bytes],
    scheme: str,
    width: int,
    density: float = 1,
) -> Iterator[Page]:
    """Show a mail; a picture without a drawing is one that does not load."""
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme=cast("Literal['light', 'dark']", scheme),
        device_scale_factor=density,
    )
    try:
        page.route("**/*", lambda route: _answer(route, pictures))
        page.set_content(mail.html)
        page.add_style_tag(content=_CANVAS)
        yield page
    finally:
        page.close()


def _answer(route: Route, pictures: Mapping[str, bytes]) -> Any:  # noqa: ANN401 - Playwright's own
    drawing = pictures.get(route.request.url)
    if drawing is None:
        return route.abort()
    return route.fulfill(body=drawing, content_type="image/svg+xml")
