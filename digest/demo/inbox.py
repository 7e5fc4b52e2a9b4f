"""The demo's inbox: the mails of a receiver, looked at as they arrived.

Pages only; it changes nothing and keeps nothing but what it has read of each mail.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from digest.demo.inbox_mail import InboxMail, read
from digest.web.local_access import LocalAccess
from digest.web.pages import Pages, static_files
from digest.web.server.front import Front
from digest.web.viewer import LOOPBACK_PICTURES, Look, MailSize, ViewerPage, frame_response

if TYPE_CHECKING:
    from starlette.requests import Request

    from digest.demo.receiver import Receiver

_VIEWS = (("mail", "Mail"), ("text", "Plain text"), ("headers", "Headers"), ("source", "Source"))
_REMEMBERED = 512


def make_inbox(receiver: Receiver) -> Front:
    """Build the inbox of one receiver; it may be made before the receiver listens."""
    inbox = _Inbox(receiver)
    app = Starlette(
        routes=[
            Route("/", inbox.newest),
            Route("/list", inbox.listing),
            Route("/mail/{number:int}", inbox.mail),
            Route("/mail/{number:int}/frame", inbox.frame),
            Route("/mail/{number:int}.eml", inbox.download),
            static_files(),
        ],
        exception_handlers={404: inbox.missing},
    )
    return Front(app)


def guarded_inbox(receiver: Receiver) -> Callable[[str], LocalAccess]:
    """Return a maker of the inbox for one address, which answers to no other name or origin."""
    return lambda base_url: LocalAccess(make_inbox(receiver), base_url)


class _Inbox:
    """The inbox's pages, one method each."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._pages = Pages()
        self._read = lru_cache(maxsize=_REMEMBERED)(read)

    def newest(self, request: Request) -> Response:
        """Show the list, and beside it, where there is room, the newest mail."""
        mails = self._mails()
        return self._page(request, mails, mails[0] if mails else None, opened=False)

    def mail(self, request: Request) -> Response:
        """Show one mail."""
        return self._page(request, self._mails(), self._wanted(request), opened=True)

    def listing(self, request: Request) -> Response:
        """Return the list alone, for the page that watches it; 204 when nothing has arrived."""
        mails = self._mails()
        if request.query_params.get("have") == str(len(mails)):
            return Response(status_code=204)
        opened = request.query_params.get("open", "")
        context = {"mails": mails, "open": int(opened) if opened.isdecimal() else 0}
        return self._pages.page("inbox-list.html", context)

    def frame(self, request: Request) -> Response:
        """Serve the mail's own HTML for the viewer's frame."""
        scheme = request.query_params.get("scheme")
        return frame_response(self._wanted(request).html, scheme, LOOPBACK_PICTURES)

    def download(self, request: Request) -> Response:
        """Return the mail byte for byte."""
        mail = self._wanted(request)
        name = f'attachment; filename="digest-{mail.number}.eml"'
        headers = {"Content-Disposition": name}
        return Response(mail.received.raw, media_type="message/rfc822", headers=headers)

    async def missing(self, _request: Request, error: Exception) -> Response:
        """Say that there is no such mail, with the way back."""
        detail = error.detail if isinstance(error, HTTPException) else ""
        return self._pages.page("inbox-missing.html", {"detail": detail}, status=404)

    def _mails(self) -> tuple[InboxMail, ...]:
        return tuple(self._read(mail) for mail in reversed(self._receiver.mails))

    def _wanted(self, request: Request) -> InboxMail:
        number = request.path_params["number"]
        received = self._receiver.mails
        if not 1 <= number <= len(received):
            raise HTTPException(404, f"No mail {number} has arrived.")
        return self._read(received[number - 1])

    def _page(
        self,
        request: Request,
        mails: tuple[InboxMail, ...],
        mail: InboxMail | None,
        *,
        opened: bool,
    ) -> Response:
        context = {
            "mails": mails,
            "mail": mail,
            "open": mail.number if mail else 0,
            "opened": opened,
            "viewer": _viewer(request, mail) if mail else None,
            "address": f"{self._receiver.host}:{self._receiver.port}",
        }
        return self._pages.page("inbox.html", context)


def _viewer(request: Request, mail: InboxMail) -> ViewerPage:
    return ViewerPage(
        look=Look.asked(request.query_params, _VIEWS),
        title=mail.subject,
        page=f"/mail/{mail.number}",
        frame=f"/mail/{mail.number}/frame",
        html=mail.html,
        text=mail.text,
        views=_VIEWS,
        size=MailSize(len(mail.html.encode())),
        headers=mail.headers,
        source=mail.source,
        download=f"/mail/{mail.number}.eml",
    )
