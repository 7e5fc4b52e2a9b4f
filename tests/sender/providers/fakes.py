"""Local stand-ins of e-mail APIs, written from the vendors' documentation; each checks strictly.

A fake keeps the mails that it took, as each recipient would get them: that log decides, never our
ledger. What a request must not have, or lacks, is a 400 with the reason.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from digest.sender.api.contract import Provider
from digest.sender.providers.mailgun import Mailgun
from digest.sender.providers.postmark import Postmark
from digest.sender.providers.resend import Resend
from digest.sender.providers.sendgrid import Sendgrid

KEY = "canary-key"


@dataclass(frozen=True)
class Kept:
    """A mail as its recipient gets it."""

    to: str
    subject: str
    html: str
    text: str
    headers: dict[str, str]
    delivery: str


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - what the body holds
        return json.loads(self.body)


class BadRequestError(Exception):
    """What the vendor would refuse the request for."""


def require(found: object, what: str) -> None:
    if not found:
        raise BadRequestError(what)


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Fake:
    """One vendor: reads a request into mails, and answers for those that it takes.

    `partial` says that each mail has an answer of its own, `ids` that the answer at least has an id
    for each. `idempotent` returns a request's key, where the vendor knows keys; `known` is what it
    answers to a key that it has carried out, given whether the body is the same and what it
    answered then. `lists` says that it leaves List-Unsubscribe to us.
    """

    name: str
    make: Callable[[str], Provider]
    read: Callable[[Asked], list[Kept]]
    answer: Callable[[list[Kept], list[Kept]], Answer]
    partial: bool = False
    ids: bool = False
    idempotent: Callable[[Asked], str] | None = None
    known: Callable[[bool, Answer], Answer] = lambda _same, answer: answer
    lists: bool = True
    seen: dict[str, tuple[bytes, Answer]] = field(default_factory=dict)


Shape = Any
# A JSON value's shape: a type, [shape] or {name: shape}; "name?" may be absent, "*" is any name.


def matches(value: Any, shape: Shape, where: str = "body") -> Any:  # noqa: ANN401 - JSON
    """Return the value. Raises BadRequestError where it has another shape, or keys too many."""
    if isinstance(shape, list):
        require(isinstance(value, list) and value, f"{where} is no list")
        for index, one in enumerate(value):
            matches(one, shape[0], f"{where}[{index}]")
    elif isinstance(shape, dict):
        require(isinstance(value, dict), f"{where} is no object")
        known = {name.rstrip("?"): inner for name, inner in shape.items()}
        missing = {name for name in shape if name[-1] not in "?*"} - set(value)
        require(not missing, f"{where} lacks {missing}")
        for name, one in value.items():
            inner = known.get(name, shape.get("*"))
            require(inner is not None, f"{where} has an unknown key {name}")
            matches(one, inner, f"{where}.{name}")
    else:
        require(type(value) is shape, f"{where} is no {shape.__name__}")
    return value


def json_answer(status: int, value: object) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


def _common(fake: Fake, mail: Kept) -> Kept:
    require("@" in mail.to, f"no address: {mail.to}")
    require(mail.subject and mail.html and mail.text, "subject, html or text is empty")
    require(mail.delivery.isdigit(), "no delivery")
    if not fake.lists:
        return mail
    one_click = mail.headers.get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    require(one_click, "no one-click")
    require(mail.headers.get("List-Unsubscribe", "").startswith("<https://"), "no unsubscribe")
    return mail


# Postmark

_POSTMARK_KEYS = {
    "From", "To", "Subject", "HtmlBody", "TextBody", "MessageStream", "Headers", "Metadata",
    "TrackOpens", "TrackLinks", "ReplyTo",
}  # fmt: skip


def _read_postmark(asked: Asked) -> list[Kept]:
    require((asked.method, asked.path) == ("POST", "/email/batch"), "wrong path")
    require(asked.headers["x-postmark-server-token"] == KEY, "wrong token")
    require(len(asked.json) <= 500, "410 too many")
    mails = []
    for one in asked.json:
        require(set(one) <= _POSTMARK_KEYS, f"unknown keys {set(one) - _POSTMARK_KEYS}")
        require(one["MessageStream"] == "broadcast", "no stream")
        headers = {row["Name"]: row["Value"] for row in one["Headers"]}
        require(headers.get("X-PM-KeepID") == "true", "the Message-ID would be changed")
        mails.append(
            Kept(one["To"], one["Subject"], one["HtmlBody"], one["TextBody"], headers,
                 one["Metadata"]["delivery"])
        )  # fmt: skip
    return mails


def _answer_postmark(mails: list[Kept], taken: list[Kept]) -> Answer:
    rows = [
        {"ErrorCode": 0, "Message": "OK", "MessageID": f"pm-{one.delivery}", "To": one.to}
        if one in taken
        else {"ErrorCode": 300, "Message": f"Invalid 'To' address: '{one.to}'."}
        for one in mails
    ]
    return json_answer(200, rows)


# Resend

_RESEND_KEYS = {"from", "to", "subject", "html", "text", "headers", "tags", "reply_to"}


def _read_resend(asked: Asked) -> list[Kept]:
    require((asked.method, asked.path) == ("POST", "/emails/batch"), "wrong path")
    require(asked.headers["authorization"] == f"Bearer {KEY}", "wrong key")
    require(0 < len(asked.headers["idempotency-key"]) <= 256, "no key of the call")
    require(asked.headers.get("x-batch-validation") == "permissive", "strict mode")
    require(len(asked.json) <= 100, "more than 100")
    mails = []
    for one in asked.json:
        require(set(one) <= _RESEND_KEYS, f"unknown keys {set(one) - _RESEND_KEYS}")
        (to,) = one["to"]
        tags = {row["name"]: row["value"] for row in one["tags"]}
        mails.append(
            Kept(to, one["subject"], one["html"], one["text"], one["headers"], tags["delivery"])
        )
    return mails


def _answer_resend(mails: list[Kept], taken: list[Kept]) -> Answer:
    data = [{"id": f"re-{one.delivery}"} for one in mails if one in taken]
    errors = [
        {"index": index, "message": f"Invalid `to`: {one.to}"}
        for index, one in enumerate(mails)
        if one not in taken
    ]
    return json_answer(200, {"data": data} | ({"errors": errors} if errors else {}))


def _known_to_resend(same: bool, answer: Answer) -> Answer:
    """Return what was answered then; another payload under a key is an error (Resend's page)."""
    return answer if same else json_answer(409, {"name": "invalid_idempotent_request"})


# SendGrid

_SENDGRID_KEYS = {
    "from", "subject", "content", "personalizations", "headers", "tracking_settings", "reply_to",
}  # fmt: skip
_RESERVED = {"to", "from", "subject", "reply-to", "cc", "bcc", "received", "dkim-signature"}


def _read_sendgrid(asked: Asked) -> list[Kept]:
    require((asked.method, asked.path) == ("POST", "/v3/mail/send"), "wrong path")
    require(asked.headers["authorization"] == f"Bearer {KEY}", "wrong key")
    body = asked.json
    require(set(body) <= _SENDGRID_KEYS, f"unknown keys {set(body) - _SENDGRID_KEYS}")
    require(1 <= len(body["personalizations"]) <= 1000, "too many personalizations")
    plain, page = body["content"]
    require((plain["type"], page["type"]) == ("text/plain", "text/html"), "order of parts")
    mails = []
    for one in body["personalizations"]:
        (to,) = one["to"]
        require(len(json.dumps(one["substitutions"])) <= 10_000, "substitutions too large")
        headers = body["headers"] | one["headers"]
        require(not {name.lower() for name in headers} & _RESERVED, "a reserved header")

        def put(text: str, values: dict[str, str] = one["substitutions"]) -> str:
            for tag, value in values.items():
                text = text.replace(tag, value)
            return text

        mails.append(
            Kept(to["email"], put(body["subject"]), put(page["value"]), put(plain["value"]),
                 headers, one["custom_args"]["delivery"])
        )  # fmt: skip
    return mails


def _answer_sendgrid(_mails: list[Kept], _taken: list[Kept]) -> Answer:
    return 202, {"X-Message-Id": "sg-1"}, b""


# Mailgun


def _read_mailgun(asked: Asked) -> list[Kept]:
    require((asked.method, asked.path) == ("POST", "/v3/news.example/messages"), "wrong path")
    login = b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
    require(login == f"api:{KEY}", "wrong key")
    form = parse_qsl(asked.body.decode(), keep_blank_values=True, strict_parsing=True)
    one = dict(form)
    to = [value for name, value in form if name == "to"]
    require(len(to) <= 1000, "more than 1000")
    variables = json.loads(one["recipient-variables"])
    require(set(variables) == set(to), "without variables every recipient is shown in To")

    def put(text: str, address: str) -> str:
        for name, value in variables[address].items():
            text = text.replace(f"%recipient.{name}%", value)
        require("%recipient" not in text, "a variable without a value")
        return text

    heads = {name[2:]: value for name, value in form if name.startswith("h:")}
    return [
        Kept(
            address,
            put(one["subject"], address),
            put(one["html"], address),
            put(one["text"], address),
            {name: put(value, address) for name, value in heads.items()},
            put(one["v:delivery"], address),
        )
        for address in to
    ]


def _answer_mailgun(_mails: list[Kept], _taken: list[Kept]) -> Answer:
    return json_answer(200, {"id": "<mg-1@news.example>", "message": "Queued. Thank you."})


FAKES: dict[str, Callable[[], Fake]] = {
    "postmark": lambda: Fake(
        "postmark",
        lambda url: Postmark(url, "broadcast", KEY),
        _read_postmark,
        _answer_postmark,
        partial=True,
    ),
    "resend": lambda: Fake(
        "resend",
        lambda url: Resend(url, KEY),
        _read_resend,
        _answer_resend,
        partial=True,
        idempotent=lambda asked: asked.headers.get("idempotency-key", ""),
        known=_known_to_resend,
    ),
    "sendgrid": lambda: Fake(
        "sendgrid", lambda url: Sendgrid(url, KEY), _read_sendgrid, _answer_sendgrid
    ),
    "mailgun": lambda: Fake(
        "mailgun",
        lambda url: Mailgun(url, "news.example", KEY),
        _read_mailgun,
        _answer_mailgun,
    ),
}


def all_fakes() -> dict[str, Callable[[], Fake]]:
    """Return every vendor's, by name."""
    from tests.sender.providers.more_fakes import MORE

    return FAKES | MORE


def read_strictly(fake: Fake, asked: Asked) -> list[Kept]:
    """Return the mails of a request. Raises BadRequestError for whatever the vendor refuses."""
    try:
        return [_common(fake, mail) for mail in fake.read(asked)]
    except (KeyError, ValueError, TypeError) as error:
        raise BadRequestError(f"{type(error).__name__}: {error}") from error


def path_of(target: str) -> str:
    return urlsplit(target).path
