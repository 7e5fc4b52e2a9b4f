"""Local stand-ins of the e-mail APIs that came later; written like those in fakes.py."""

from __future__ import annotations

import hmac
import json
import re
from base64 import b64decode
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from digest.aws_signature import AwsCredentials, AwsSigner
from digest.sender.providers.brevo import Brevo
from digest.sender.providers.mailersend import Mailersend
from digest.sender.providers.mailjet import Mailjet
from digest.sender.providers.mailtrap import Mailtrap
from digest.sender.providers.mandrill import Mandrill
from digest.sender.providers.postal import Postal
from digest.sender.providers.scaleway import Scaleway
from digest.sender.providers.ses import Ses
from digest.sender.providers.sparkpost import Sparkpost
from tests.sender.providers.fakes import (
    KEY,
    Answer,
    Asked,
    Fake,
    Kept,
    Shape,
    json_answer,
    matches,
    require,
)

MAILBOX: Shape = {"email": str, "name?": str}


# Amazon SES

_SES: Shape = {
    "FromEmailAddress": str,
    "ReplyToAddresses?": [str],
    "ConfigurationSetName?": str,
    "DefaultContent": {
        "Template": {
            "TemplateContent": {"Subject": str, "Html": str, "Text": str},
            "TemplateData": str,
        }
    },
    "BulkEmailEntries": [
        {
            "Destination": {"ToAddresses": [str]},
            "ReplacementTags": [{"Name": str, "Value": str}],
            "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": str}},
            "ReplacementHeaders": [{"Name": str, "Value": str}],
        }
    ],
}
_HANDLEBARS = re.compile(r"\{\{([^{}]*)\}\}")


def _handlebars(text: str, values: dict[str, str]) -> str:
    """Put values in, as SES does: without escaping; anything else in braces is an error."""

    def put(found: re.Match[str]) -> str:
        require(found.group(1) in values, f"a variable without a value: {found.group(1)}")
        return values[found.group(1)]

    return _HANDLEBARS.sub(put, text)


def _require_aws_signature(asked: Asked) -> None:
    """Compute Signature Version 4 anew, from the request as it came."""
    found = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=key/(\d{8})/eu-west-1/ses/aws4_request,"
        r" SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})",
        asked.headers.get("authorization", ""),
    )
    require(found, "no signature")
    assert found is not None
    day, names, given = found.groups()
    require("host" in names.split(";"), "the host is not signed")
    heads = "".join(f"{name}:{asked.headers[name]}\n" for name in names.split(";"))
    digest = sha256(asked.body).hexdigest()
    canonical = f"{asked.method}\n{asked.path}\n\n{heads}\n{names}\n{digest}"
    stamp = asked.headers["x-amz-date"]
    require(stamp.startswith(day), "another day")
    scope = f"{day}/eu-west-1/ses/aws4_request"
    hashed = sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}"
    key = f"AWS4{KEY}".encode()
    for part in (day, "eu-west-1", "ses", "aws4_request"):
        key = hmac.new(key, part.encode(), sha256).digest()
    expected = hmac.new(key, text.encode(), sha256).hexdigest()
    require(hmac.compare_digest(given, expected), "SignatureDoesNotMatch")


def _read_ses(asked: Asked) -> list[Kept]:
    require(asked.path == "/v2/email/outbound-bulk-emails", "wrong path")
    _require_aws_signature(asked)
    body = matches(asked.json, _SES)
    entries = body["BulkEmailEntries"]
    require(len(entries) <= 50, "more than 50 entries")
    template = body["DefaultContent"]["Template"]["TemplateContent"]
    mails = []
    for entry in entries:
        (to,) = entry["Destination"]["ToAddresses"]
        values = json.loads(
            entry["ReplacementEmailContent"]["ReplacementTemplate"]["ReplacementTemplateData"]
        )
        headers = {row["Name"]: row["Value"] for row in entry["ReplacementHeaders"]}
        require(len(headers) <= 15, "more than 15 headers")
        require(all(len(value) <= 870 for value in headers.values()), "a header is too long")
        require("Message-ID" not in headers, "SES writes Message-ID")
        (tag,) = entry["ReplacementTags"]
        put = partial(_handlebars, values=values)
        html, text, subject = (put(template[name]) for name in ("Html", "Text", "Subject"))
        mails.append(Kept(to, subject, html, text, headers, tag["Value"]))
    return mails


def _answer_ses(mails: list[Kept], taken: list[Kept]) -> Answer:
    rows = [
        {"Status": "SUCCESS", "MessageId": f"ses-{one.delivery}"}
        if one in taken
        else {"Status": "MESSAGE_REJECTED", "Error": f"Illegal address {one.to}"}
        for one in mails
    ]
    return json_answer(200, {"BulkEmailEntryResults": rows})


def make_ses(url: str) -> Ses:
    return Ses(url, AwsSigner(AwsCredentials("key", KEY), "eu-west-1", "ses"))


# Brevo

_BREVO: Shape = {
    "sender": {"email": str, "name": str},
    "replyTo?": MAILBOX,
    "subject": str,
    "htmlContent": str,
    "textContent": str,
    "headers": {"idempotencyKey": str},
    "messageVersions": [{"to": [MAILBOX], "params": {"*": str}, "headers": {"*": str}}],
}
_PARAMS = re.compile(r"\{\{params\.([a-z_]+)\}\}")


def _read_brevo(asked: Asked) -> list[Kept]:
    require(asked.path == "/v3/smtp/email", "wrong path")
    require(asked.headers["api-key"] == KEY, "wrong key")
    body = matches(asked.json, _BREVO)
    UUID(body["headers"]["idempotencyKey"])
    versions = body["messageVersions"]
    require(len(versions) <= 1000, "more than 1000 versions")
    sizes = [len(json.dumps(one["params"])) for one in versions]
    require(sum(sizes) <= 1_000_000 and max(sizes) <= 100_000, "params too large")
    mails = []
    for one in versions:
        (to,) = one["to"]
        require(all(value.isascii() for value in one["headers"].values()), "8bit in a header")

        def put(text: str, values: dict[str, str] = one["params"]) -> str:
            text = _PARAMS.sub(lambda found: values[found.group(1)], text)
            require("{{" not in text and "{%" not in text, "a template's tag in a story")
            return text

        headers = dict(one["headers"])
        delivery = headers.pop("X-Mailin-custom")
        html, text = put(body["htmlContent"]), put(body["textContent"])
        mails.append(Kept(to["email"], put(body["subject"]), html, text, headers, delivery))
    return mails


def _answer_brevo(mails: list[Kept], _taken: list[Kept]) -> Answer:
    return json_answer(201, {"messageIds": [f"<br-{one.delivery}>" for one in mails]})


def _known_to_brevo(_same: bool, _answer: Answer) -> Answer:
    """Refuse: Brevo's page on batches says that a key is taken once, and names this code."""
    return json_answer(400, {"code": "duplicate_parameter", "message": "the key is known"})


def _key_of_brevo(asked: Asked) -> str:
    try:
        return str(asked.json["headers"]["idempotencyKey"])
    except (ValueError, KeyError, TypeError):
        return ""


# Mailjet

_MAILJET_BOX: Shape = {"Email": str, "Name?": str}
_MAILJET: Shape = {
    "Messages": [
        {
            "From": _MAILJET_BOX,
            "To": [_MAILJET_BOX],
            "ReplyTo?": _MAILJET_BOX,
            "Subject": str,
            "HTMLPart": str,
            "TextPart": str,
            "Headers": {"*": str},
            "EventPayload": str,
            "TrackOpens": str,
            "TrackClicks": str,
        }
    ]
}
_MAILJETS_OWN = {
    "from", "to", "subject", "date", "message-id", "list-id", "list-unsubscribe", "feedback-id",
}  # fmt: skip


def _read_mailjet(asked: Asked) -> list[Kept]:
    require(asked.path == "/v3.1/send", "wrong path")
    login = b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
    require(login == f"public:{KEY}", "wrong key")
    messages = matches(asked.json, _MAILJET)["Messages"]
    require(len(messages) <= 50, "more than 50")
    mails = []
    for one in messages:
        (to,) = one["To"]
        require((one["TrackOpens"], one["TrackClicks"]) == ("disabled",) * 2, "it tracks")
        own = {name.lower() for name in one["Headers"]} & _MAILJETS_OWN
        require(not own, f"headers that cannot be set: {own}")
        mails.append(
            Kept(to["Email"], one["Subject"], one["HTMLPart"], one["TextPart"], one["Headers"],
                 one["EventPayload"])
        )  # fmt: skip
    return mails


def _answer_mailjet(mails: list[Kept], taken: list[Kept]) -> Answer:
    rows = [
        {"Status": "success", "To": [{"Email": one.to, "MessageID": int(one.delivery)}]}
        if one in taken
        else {
            "Status": "error",
            "Errors": [
                {
                    "ErrorCode": "mj-0013",
                    "StatusCode": 400,
                    "ErrorMessage": f'"{one.to}" is an invalid email address.',
                    "ErrorRelatedTo": ["To[0].Email"],
                }
            ],
        }
        for one in mails
    ]
    return json_answer(200 if taken == mails else 400, {"Messages": rows})


# SparkPost

_SPARKPOST: Shape = {
    "options": {"open_tracking": bool, "click_tracking": bool, "transactional": bool},
    "content": {
        "from": {"email": str, "name": str},
        "subject": str,
        "html": str,
        "text": str,
        "reply_to?": str,
        "headers": {"*": str},
    },
    "recipients": [
        {
            "address": {"email": str},
            "substitution_data": {"*": str},
            "metadata": {"delivery": str},
        }
    ],
}
_TRIPLE = re.compile(r"\{\{\{([a-z_]+)\}\}\}")


def _read_sparkpost(asked: Asked) -> list[Kept]:
    require(asked.path == "/api/v1/transmissions", "wrong path")
    require(asked.headers["authorization"] == KEY, "wrong key")
    body = matches(asked.json, _SPARKPOST)
    require(not any(body["options"].values()), "it tracks")
    content = body["content"]
    mails = []
    for one in body["recipients"]:

        def put(text: str, values: dict[str, str] = one["substitution_data"]) -> str:
            text = _TRIPLE.sub(lambda found: values[found.group(1)], text)
            require("{{" not in text, "a variable without a value")
            return text

        mails.append(
            Kept(
                one["address"]["email"],
                put(content["subject"]),
                put(content["html"]),
                put(content["text"]),
                {name: put(value) for name, value in content["headers"].items()},
                one["metadata"]["delivery"],
            )
        )
    return mails


def _answer_sparkpost(mails: list[Kept], taken: list[Kept]) -> Answer:
    rejected = [one for one in mails if one not in taken]
    errors = [
        {"code": "5002", "message": "Invalid address", "description": f"address '{one.to}'"}
        for one in rejected
    ]
    counts = {
        "total_rejected_recipients": len(rejected),
        "total_accepted_recipients": len(taken),
        "id": "11668787484950529",
    }
    results = counts | ({"rcpt_to_errors": errors} if errors else {})
    return json_answer(200, {"results": results})


# MailerSend

_MAILERSEND: Shape = [
    {
        "from": {"email": str, "name": str},
        "to": [MAILBOX],
        "reply_to?": MAILBOX,
        "subject": str,
        "html": str,
        "text": str,
        "tags": [str],
        "settings": {"track_clicks": bool, "track_opens": bool, "track_content": bool},
        "list_unsubscribe": str,
        "headers?": [{"name": str, "value": str}],
    }
]


def _read_mailersend(asked: Asked) -> list[Kept]:
    require(asked.path == "/v1/bulk-email", "wrong path")
    require(asked.headers["authorization"] == f"Bearer {KEY}", "wrong token")
    rows = matches(asked.json, _MAILERSEND)
    require(len(rows) <= 500, "more than 500")
    mails = []
    for one in rows:
        (to,) = one["to"]
        require(not any(one["settings"].values()), "it tracks")
        # MailerSend writes the field, and one-click with it.
        headers = {row["name"]: row["value"] for row in one.get("headers", ())}
        headers |= {
            "List-Unsubscribe": f"<{one['list_unsubscribe']}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        (tag,) = one["tags"]
        delivery = tag.removeprefix("delivery-")
        mails.append(Kept(to["email"], one["subject"], one["html"], one["text"], headers, delivery))
    return mails


def _answer_mailersend(_mails: list[Kept], _taken: list[Kept]) -> Answer:
    return json_answer(202, {"message": "The bulk email is being processed.", "bulk_email_id": "b"})


# Mailtrap

_MAILTRAP: Shape = {
    "base": {"from": {"email": str, "name": str}, "subject": str, "reply_to?": MAILBOX},
    "requests": [
        {
            "to": [MAILBOX],
            "html": str,
            "text": str,
            "headers": {"*": str},
            "custom_variables": {"delivery": str},
        }
    ],
}


def _read_mailtrap(asked: Asked) -> list[Kept]:
    require(asked.path == "/api/batch", "wrong path")
    require(asked.headers["authorization"] == f"Bearer {KEY}", "wrong token")
    body = matches(asked.json, _MAILTRAP)
    require(1 <= len(body["requests"]) <= 500, "more than 500")
    mails = []
    for one in body["requests"]:
        (to,) = one["to"]
        mails.append(
            Kept(to["email"], body["base"]["subject"], one["html"], one["text"], one["headers"],
                 one["custom_variables"]["delivery"])
        )  # fmt: skip
    return mails


def _answer_mailtrap(mails: list[Kept], taken: list[Kept]) -> Answer:
    rows = [
        {"success": True, "message_ids": [f"mt-{one.delivery}"]}
        if one in taken
        else {"success": False, "errors": [f"'to' address is invalid: {one.to}"]}
        for one in mails
    ]
    return json_answer(200, {"success": True, "responses": rows})


# Mandrill

_MANDRILL: Shape = {
    "key": str,
    "async": bool,
    "message": {
        "from_email": str,
        "from_name": str,
        "to": [{"email": str, "type": str}],
        "subject": str,
        "html": str,
        "text": str,
        "headers": {"*": str},
        "metadata": {"delivery": str},
        "preserve_recipients": bool,
        "merge": bool,
        "track_opens": bool,
        "track_clicks": bool,
        "auto_text": bool,
        "inline_css": bool,
    },
}


def _read_mandrill(asked: Asked) -> list[Kept]:
    require(asked.path == "/api/1.0/messages/send.json", "wrong path")
    body = matches(asked.json, _MANDRILL)
    require(body["key"] == KEY, "wrong key")
    one = body["message"]
    on = [name for name, value in one.items() if value is True]
    require(not on, f"switched on: {on}")
    (to,) = one["to"]
    return [
        Kept(to["email"], one["subject"], one["html"], one["text"], one["headers"],
             one["metadata"]["delivery"])
    ]  # fmt: skip


def _answer_mandrill(mails: list[Kept], taken: list[Kept]) -> Answer:
    rows = [
        {"email": one.to, "status": "sent", "_id": f"ma-{one.delivery}", "reject_reason": None}
        if one in taken
        else {"email": one.to, "status": "invalid", "_id": "x", "reject_reason": None}
        for one in mails
    ]
    return json_answer(200, rows)


# Scaleway

_SCALEWAY: Shape = {
    "project_id": str,
    "from": {"email": str, "name": str},
    "to": [MAILBOX],
    "subject": str,
    "html": str,
    "text": str,
    "additional_headers": [{"key": str, "value": str}],
}


def _read_scaleway(asked: Asked) -> list[Kept]:
    require(asked.path == "/emails", "wrong path")
    require(asked.headers["x-auth-token"] == KEY, "wrong token")
    one = matches(asked.json, _SCALEWAY)
    require(one["project_id"] == "project", "wrong project")
    require(min(len(one["html"]), len(one["text"])) >= 10, "a body is too short")
    (to,) = one["to"]
    headers = {row["key"]: row["value"] for row in one["additional_headers"]}
    # It has no metadata; what names the delivery for this log is the reader's own link.
    delivery = to["email"].removeprefix("reader").partition("@")[0]
    return [
        Kept(to["email"], one["subject"], one["html"], one["text"], headers,
             delivery if delivery.isdigit() else "1")
    ]  # fmt: skip


def _answer_scaleway(mails: list[Kept], taken: list[Kept]) -> Answer:
    rows = [
        {"id": f"sc-{one.delivery}", "mail_rcpt": one.to, "status": "new"}
        if one in taken
        else {"id": "x", "mail_rcpt": one.to, "status": "failed", "status_details": "bad rcpt"}
        for one in mails
    ]
    return json_answer(200, {"emails": rows})


# Postal

_POSTAL: Shape = {
    "from": str,
    "to": [str],
    "subject": str,
    "html_body": str,
    "plain_body": str,
    "headers": {"*": str},
    "tag": str,
    "reply_to?": str,
}


def _read_postal(asked: Asked) -> list[Kept]:
    require(asked.path == "/api/v1/send/message", "wrong path")
    require(asked.headers["x-server-api-key"] == KEY, "wrong key")
    one = matches(asked.json, _POSTAL)
    (to,) = one["to"]
    delivery = one["tag"].removeprefix("delivery-")
    return [Kept(to, one["subject"], one["html_body"], one["plain_body"], one["headers"], delivery)]


def _answer_postal(mails: list[Kept], taken: list[Kept]) -> Answer:
    (one,) = mails
    if one in taken:
        messages = {one.to: {"id": int(one.delivery), "token": "t"}}
        data: dict[str, Any] = {"message_id": "m@rp.example", "messages": messages}
        return json_answer(200, {"status": "success", "data": data})
    data = {"code": "NoRecipients", "message": f"no recipient is valid: {one.to}"}
    return json_answer(200, {"status": "error", "data": data})


MORE: dict[str, Callable[[], Fake]] = {
    "ses": lambda: Fake("ses", make_ses, _read_ses, _answer_ses, partial=True),
    "brevo": lambda: Fake(
        "brevo",
        lambda url: Brevo(url, KEY),
        _read_brevo,
        _answer_brevo,
        ids=True,
        idempotent=_key_of_brevo,
        known=_known_to_brevo,
    ),
    "mailjet": lambda: Fake(
        "mailjet",
        lambda url: Mailjet(url, "public", KEY),
        _read_mailjet,
        _answer_mailjet,
        partial=True,
        lists=False,
    ),
    "sparkpost": lambda: Fake(
        "sparkpost",
        lambda url: Sparkpost(url, KEY),
        _read_sparkpost,
        _answer_sparkpost,
        partial=True,
    ),
    "mailersend": lambda: Fake(
        "mailersend",
        lambda url: Mailersend(url, KEY, headers=True),
        _read_mailersend,
        _answer_mailersend,
    ),
    "mailtrap": lambda: Fake(
        "mailtrap",
        lambda url: Mailtrap(url, KEY),
        _read_mailtrap,
        _answer_mailtrap,
        partial=True,
    ),
    "mandrill": lambda: Fake(
        "mandrill",
        lambda url: Mandrill(url, KEY),
        _read_mandrill,
        _answer_mandrill,
        partial=True,
    ),
    "scaleway": lambda: Fake(
        "scaleway",
        lambda url: Scaleway(url, "project", KEY),
        _read_scaleway,
        _answer_scaleway,
        partial=True,
    ),
    "postal": lambda: Fake(
        "postal", lambda url: Postal(url, KEY), _read_postal, _answer_postal, partial=True
    ),
}
