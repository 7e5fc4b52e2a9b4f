"""The parts that every readers' page shares: name, words, problems, the way up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException

from digest.errors import RenderError
from digest.web.pages import Pages
from digest.web.readers.contract import LinkProblem, WishRefused
from digest.web.readers.speech import Speech
from digest.web.server.security import PAGE_POLICY

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, Response

PRIVATE = {"X-Robots-Tag": "noindex, nofollow"}
"""No search engine lists the page of one reader."""

_TOO_LARGE = 413
_KNOWN_LANGUAGES = 64
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class MastheadLogo:
    """A logo at an absolute URL of the newsroom's, its size in pixels."""

    url: str
    width: int
    height: int

    @property
    def origin(self) -> str:
        """The source that a content security policy has to allow for it."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class ReadersSite:
    """Whose pages they are; `style` is a sheet with the newsroom's colours, or "".

    Without a logo the pages bear the name in letters; `logo_dark` is the one of dark schemes.
    """

    name: str
    url: str
    language: str = "en"
    privacy_url: str = ""
    style: str = ""
    archive: bool = False
    signup: bool = False
    logo_light: MastheadLogo | None = None
    logo_dark: MastheadLogo | None = None

    @property
    def policy(self) -> str:
        """The content security policy of the pages: pictures only from here and of the logo."""
        logos = {one.origin for one in (self.logo_light, self.logo_dark) if one}
        pictures = " ".join(["img-src 'self'", *sorted(logos)])
        return PAGE_POLICY.replace("img-src 'self'", pictures)


class Desk:
    """Fills pages for one site."""

    def __init__(self, site: ReadersSite) -> None:
        """Raise RenderError for a site's language (BCP 47) that is none."""
        self.site = site
        self.pages = Pages()
        self._policy = site.policy
        self._speeches = {"": Speech(site.language)}

    def speech(self, locale: str) -> Speech:
        """Return the words of a reader's language; the site's where that is none."""
        if locale not in self._speeches:
            if len(self._speeches) > _KNOWN_LANGUAGES:
                return self._speeches[""]
            try:
                self._speeches[locale] = Speech(locale)
            except RenderError:
                return self._speeches[""]
        return self._speeches[locale]

    def page(
        self,
        request: Request,
        template: str,
        context: Mapping[str, object],
        *,
        locale: str = "",
        status: int = 200,
    ) -> HTMLResponse:
        """Answer with one filled template."""
        shared = {"site": self.site, "words": self.speech(locale), "up": up(request)}
        answer = self.pages.page(template, {**shared, **context}, status=status)
        answer.headers.update(PRIVATE)
        answer.headers["Content-Security-Policy"] = self._policy
        return answer

    async def problem(self, request: Request, error: Exception) -> Response:
        """Say in plain words what is wrong with a link or a wish, and what to do."""
        status, why = _told(error)
        return self.page(
            request, "readers-problem.html", {"status": status, "why": why}, status=status
        )


class LinkRefused(HTTPException):
    """A token that opens nothing."""

    def __init__(self, problem: LinkProblem) -> None:
        """Answer with the problem's own status."""
        super().__init__(problem.status)
        self.problem = problem


def opened(found: _Value | LinkProblem) -> _Value:
    """Return what a token opened. Raises LinkRefused."""
    if isinstance(found, LinkProblem):
        raise LinkRefused(found)
    return found


def up(request: Request) -> str:
    """Return the relative way to the top of the pages, whatever path they are served under."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return "../" * (raw.count(b"/") - 1)


def _told(error: Exception) -> tuple[int, str]:
    if isinstance(error, WishRefused):
        return error.status, error.why
    if isinstance(error, LinkRefused):
        return error.status_code, str(error.problem)
    status = error.status_code if isinstance(error, HTTPException) else 500
    why: Literal["form", "fault", "unknown"] = "unknown"
    if status == _TOO_LARGE:
        why = "form"
    elif status >= 500:  # noqa: PLR2004 - RFC 9110 section 15.6
        why = "fault"
    return status, why
