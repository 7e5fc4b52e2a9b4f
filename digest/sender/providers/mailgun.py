"""Mailgun: one content, up to 1,000 recipients a call, values by recipient-variables.

https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/batch-sending, read
2026-11. Without recipient-variables every recipient would see all others in To.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from digest.extension.secret import Secret
from digest.models.calls import Call, CallLimits, Content, Share
from digest.models.deliveries import Outcome, Receipt
from digest.sender.api.contract import (
    ApiRequest,
    ApiResponse,
    Refusal,
    all_of,
    refusal_by_status,
)
from digest.sender.api.declare import ApiSettings, provider_kind
from digest.sender.api.filling import Bodies, sender, variables, with_variables
from digest.sender.declaration import Opening

_KEY = "DIGEST_MAILGUN_KEY"
_LIMITS = CallLimits(recipients=1000, bytes=25_000_000)
_MARK = "%recipient"


class MailgunSettings(ApiSettings):
    """The table [mailgun]; the EU's base is https://api.eu.mailgun.net."""

    url: str = "https://api.mailgun.net"
    domain: str


@dataclass(frozen=True, slots=True)
class Mailgun:
    """Writes Mailgun's requests and reads its responses."""

    url: str
    domain: str
    key: str = field(repr=False)
    name: str = "mailgun"
    limits: CallLimits = _LIMITS

    def request(self, call: Call) -> ApiRequest:
        """Return POST /v3/{domain}/messages with variables for each recipient."""
        content = _inert(call.content)
        html, text = with_variables(content, _tag)
        values = {share.addr_spec: _values(call, share) for share in call.shares}
        own = {name for share in call.shares for name, _ in share.headers}
        form = [
            ("from", sender(content)),
            *(("to", share.addr_spec) for share in call.shares),
            ("subject", content.subject),
            ("html", html),
            ("text", text),
            ("recipient-variables", json.dumps(values)),
            ("v:delivery", _tag("delivery")),
            ("o:tracking", "no"),
            *((f"h:{name}", value) for name, value in content.headers),
            *((f"h:{name}", _tag(_variable(name))) for name in sorted(own)),
        ]
        if content.reply_to:
            form.append(("h:Reply-To", content.reply_to))
        body = urlencode(form).encode()
        return self._request("POST", f"/v3/{self.domain}/messages", body)

    def receipts(self, call: Call, response: ApiResponse) -> tuple[Receipt, ...]:
        """Return that all are accepted: the answer names no recipient."""
        return all_of(call, Outcome.ACCEPTED, response)

    def refusal(self, response: ApiResponse) -> Refusal:
        """Read the message; the status decides."""
        return refusal_by_status(response, "message")

    def check(self) -> ApiRequest:
        """Return GET /v4/domains/{domain}, which needs the key and changes nothing."""
        return self._request("GET", f"/v4/domains/{self.domain}")

    def _request(self, method: str, path: str, body: bytes = b"") -> ApiRequest:
        login = b64encode(f"api:{self.key}".encode()).decode()
        headers = {
            "Authorization": f"Basic {login}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return ApiRequest(method, self.url + path, headers, body)


def _tag(name: str) -> str:
    return f"{_MARK}.{name}%"


def _variable(header: str) -> str:
    return f"header_{header.lower().replace('-', '_')}"


def _values(call: Call, share: Share) -> dict[str, str]:
    own = {_variable(name): value for name, value in share.headers}
    return variables(call.content, share) | own | {"delivery": share.reference}


def _inert(content: Content) -> Content:
    """Return the content with every "%recipient" of a story made inert: it is no variable."""
    bodies = Bodies(
        content.html.replace(_MARK, "&#37;recipient"), content.text.replace(_MARK, "% recipient")
    )
    subject = content.subject.replace(_MARK, "% recipient")
    return replace(content, html=bodies.html, text=bodies.text, subject=subject)


def _make(opening: Opening[MailgunSettings]) -> Mailgun:
    table = opening.settings
    return Mailgun(table.url.rstrip("/"), table.domain, opening.secrets[_KEY])


TRANSPORT = provider_kind("mailgun", MailgunSettings, [Secret(_KEY, "a sending key")], _make)
