"""Look at one mail: at phone and desktop width, light and dark, as text, and in numbers.

One component for the editors' preview and the demo's inbox. Its whole state is in the address, so
it needs no script, and a link shows a colleague the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from digest.web.schemes import Scheme, in_scheme, knows_dark

GMAIL_CLIP_BYTES = 102_000
"""Gmail cuts the HTML part off above about this size and hides the rest behind a link."""

BUDGET_BYTES = 90_000
"""The room that an issue may take, so that rewritten links do not push it over the edge."""

ANY_PICTURES = "https: http: data:"
LOOPBACK_PICTURES = "http://127.0.0.1:* http://localhost:* data:"

Choice = TypeVar("Choice", bound=StrEnum)
_HEAD = re.compile(r"<head(?:\s[^>]*)?>", re.IGNORECASE)


class Width(StrEnum):
    """The width at which the mail is shown: as wide as the window, 375, 600 or 740 px, or all."""

    FIT = "fit"
    PHONE = "phone"
    TABLET = "tablet"
    DESKTOP = "desktop"
    ALL = "all"

    @property
    def shown(self) -> tuple[Width, ...]:
        """The widths in the order they are shown."""
        return (Width.PHONE, Width.TABLET, Width.DESKTOP) if self is Width.ALL else (self,)

    @property
    def pixels(self) -> int:
        """The width of a picture of the mail: that of the device, or else a desktop's."""
        return {Width.PHONE: 375, Width.TABLET: 600}.get(self, 740)


class Schemes(StrEnum):
    """The colour schemes that are shown: one, or both beside each other."""

    LIGHT = "light"
    DARK = "dark"
    BOTH = "both"

    @property
    def shown(self) -> tuple[Scheme, ...]:
        """The schemes in the order they are shown."""
        return tuple(Scheme) if self is Schemes.BOTH else (Scheme(self.value),)


@dataclass(frozen=True, slots=True)
class Look:
    """The settings of a look at a mail; `keep` are query fields that every link keeps."""

    view: str = "mail"
    width: Width = Width.FIT
    schemes: Schemes = Schemes.LIGHT
    keep: tuple[tuple[str, str], ...] = ()

    @classmethod
    def asked(
        cls,
        query: Mapping[str, str],
        views: Iterable[tuple[str, str]],
        keep: Iterable[tuple[str, str]] = (),
    ) -> Look:
        """Read the address; what it does not know becomes the default."""
        view = query.get("view", "mail")
        return cls(
            view=view if view in dict(views) else "mail",
            width=_known(Width, query.get("width"), Width.FIT),
            schemes=_known(Schemes, query.get("scheme"), Schemes.LIGHT),
            keep=tuple(keep),
        )

    def href(self, *, view: str = "", width: str = "", schemes: str = "") -> str:
        """Return the link to the same mail, looked at differently: "?view=text"."""
        wanted = replace(
            self,
            view=view or self.view,
            width=Width(width) if width else self.width,
            schemes=Schemes(schemes) if schemes else self.schemes,
        )
        return f"?{wanted.query}"

    @property
    def everything(self) -> str:
        """The link to the same look without the page's own fields; empty if it is the default."""
        return f"?{query}" if (query := replace(self, keep=()).query) else ""

    @property
    def query(self) -> str:
        """The look as a query, without what is the default."""
        fields = [("view", self.view), ("width", self.width), ("scheme", self.schemes)]
        default = {"mail", Width.FIT, Schemes.LIGHT}
        return urlencode([*self.keep, *(field for field in fields if field[1] not in default)])


def _known(choices: type[Choice], value: str | None, default: Choice) -> Choice:
    return choices(value) if value in set(choices) else default


@dataclass(frozen=True, slots=True)
class MailSize:
    """The HTML part's size in bytes, against where Gmail clips."""

    html_bytes: int
    limit: int = GMAIL_CLIP_BYTES

    @property
    def verdict(self) -> str:
        """One of "fits", "tight" (over our budget), "clipped"."""
        if self.html_bytes > self.limit:
            return "clipped"
        return "tight" if self.html_bytes > BUDGET_BYTES else "fits"

    @property
    def share(self) -> int:
        """The share of the limit that is used, in per cent, at most 100."""
        return min(100, round(100 * self.html_bytes / self.limit))

    @property
    def words(self) -> str:
        """The verdict as a sentence."""
        return {
            "fits": "Gmail shows all of it.",
            "tight": "Close to where Gmail clips: leave room for rewritten links.",
            "clipped": "Gmail clips this mail: the end is hidden behind a link.",
        }[self.verdict]


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One header field: decoded for people, and raw as it stands in the mail."""

    name: str
    value: str
    raw: str

    @property
    def is_encoded(self) -> bool:
        """Whether the raw form says the same in other characters (RFC 2047)."""
        return " ".join(self.raw.split()) != " ".join(self.value.split())


@dataclass(frozen=True, slots=True)
class ViewerPage:
    """The values that `viewer.html` shows.

    `page` is the address of the page it stands on, `frame` that of the mail's own HTML. `headers`,
    `source` and `download` are for mails that exist as bytes. `mark` names what the frame shows,
    where the same address may show another mail later. `clients` are the views that show the mail
    as a client changes it, each with its notes; `reachable` frames can be read by the page.
    """

    look: Look
    title: str
    page: str
    frame: str
    html: str
    text: str
    size: MailSize
    views: tuple[tuple[str, str], ...]
    headers: tuple[HeaderLine, ...] = ()
    source: str = ""
    download: str = ""
    mark: str = ""
    clients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reachable: bool = False

    @property
    def is_drawn(self) -> bool:
        """Whether the mail itself is shown, as it is or as a client changes it."""
        return self.look.view == "mail" or self.look.view in self.clients

    @property
    def sandbox(self) -> str:
        """The value of a frame's sandbox attribute."""
        return sandbox(reachable=self.reachable)

    @property
    def head(self) -> str:
        """The header section as it stands in the source."""
        return self.source.partition("\n\n")[0]

    @property
    def has_dark_rules(self) -> bool:
        """Whether the dark picture shows the mail's own rules."""
        return knows_dark(self.html)

    def frame_href(self, scheme: Scheme) -> str:
        """Return the address of the mail's HTML in one scheme."""
        fields = [*self.look.keep, ("scheme", scheme)]
        if self.look.view in self.clients:
            fields.append(("view", self.look.view))
        if self.mark:
            fields.append(("mark", self.mark))
        return f"{self.frame}?{urlencode(fields)}"


def sandbox(*, reachable: bool) -> str:
    """Return what a mail's frame may: open links elsewhere, and never run a script.

    A `reachable` one is of the page's own origin, so that the page's script can scroll it. Without
    allow-scripts nothing in the frame runs (HTML Standard, "sandboxed scripts").
    """
    return f"allow-popups allow-popups-to-escape-sandbox{' allow-same-origin' * reachable}"


def frame_response(
    html: str, scheme: str | None, pictures: str, *, reachable: bool = False
) -> HTMLResponse:
    """Serve a mail's own HTML for a frame: no script, no form, no style sheet from elsewhere.

    The sandbox is in the header too, so that opening the address by itself is as harmless. Links
    open in a new tab. `pictures` are the sources of the policy's img-src.
    """
    shown = in_scheme(html, _known(Scheme, scheme, Scheme.LIGHT))
    policy = (
        f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "
        f"sandbox {sandbox(reachable=reachable)}"
    )
    return HTMLResponse(_links_leave_the_frame(shown), headers={"Content-Security-Policy": policy})


def _links_leave_the_frame(html: str) -> str:
    """Add `<base target>` at the head's beginning, so that a target of the mail's own wins."""
    return _HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', html, count=1)
