"""Bounces: delivery reports (RFC 3464), and the notices in servers' own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from digest.feedback.addresses import addresses_in
from digest.feedback.delivery_reports import ReportedRecipient, reported_recipients
from digest.feedback.diagnosis import diagnose
from digest.feedback.notices import notice_of
from digest.feedback.parts import MimePart, decoded
from digest.models.feedback import FailedRecipient

_GOOD = frozenset({"delivered", "relayed", "expanded", "deliverable"})
_DAEMON = re.compile(
    r"\b(mailer[-_ ]?daemon|mail[-_ ]?daemon|postmaster|mail delivery (system|sub ?system|service)"
    r"|mailerdaemon|mail-?deliver\w*|post_master|mmdf|uucp|bounces?|microsoft exchange"
    r"|system administrator)\b|^\s*<>",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|returned (e?-?mail|to sender)|(mail|message|delivery)[\w ]{0,20}fail|fail(ure"
    r"|ed)[\w ]{0,20}"
    r"(notice|mail|deliver|notif)|deliver\w*[\w ]{0,20}(status|problem|error|report|notif"
    r"|delay|impossible)"
    r"|could ?n[o']t be (delivered|sent)|mail (system )?error|message (status|blocked)|(not"
    r"|un)[\w ]{0,12}deliver"
    r"|delayed mail|(warning|notification).{0,20}(message|mail|deliver)|permanent error"
    r"|rejected|unzustellbar"
    r"|non remis|non-?remis|rückläufer|配信|送信|エラー|undelivered",
    re.IGNORECASE,
)
_LONGEST_OPENING = 3000
_FAILED = re.compile(
    r"(could ?n[o']t|cannot|can't|unable to|not|un)[\w ]{0,20}deliver|did not reach|undeliver"
    r"|deliver\w* [\w ]{0,30}(fail|problem|error|impossible)|(mail|message)[\w ]{0,20}(failed"
    r"|rejected)"
    r"|permanent (fatal )?error|user unknown|returned to (you|sender)|\b5\d\d[ -]5\.\d\.\d|^error:",
    re.IGNORECASE | re.MULTILINE,
)


def bounced_recipients(parts: Sequence[MimePart]) -> tuple[FailedRecipient, ...]:
    """Return the recipients whose mail did not arrive; () if this is no bounce."""
    reported = reported_recipients(parts)
    notice = notice_of(parts)
    if reported:
        return tuple(_reported(one, notice) for one in reported if one.action not in _GOOD)
    if _is_notice(parts, notice):
        return tuple(_in_words(parts, notice))
    return ()


def is_delivered(parts: Sequence[MimePart]) -> bool:
    """Whether every recipient of a delivery report has had the mail."""
    reported = reported_recipients(parts)
    return bool(reported) and all(one.action in _GOOD for one in reported)


def _is_notice(parts: Sequence[MimePart], notice: str) -> bool:
    """Whether a mail system wrote it: two of three must say so."""
    top = parts[0]
    if top.all("x-failed-recipients") or top.content_type == "multipart/report":
        return True
    null_path = any(value.strip() == "<>" for value in top.all("return-path"))
    daemon = any(
        _DAEMON.search(decoded(value)) for value in top.all("from") + top.all("return-path")
    )
    subject = _SUBJECT.search(decoded(top.first("subject"))) is not None
    if not (null_path or daemon):
        return False
    failed = _FAILED.search(notice[:_LONGEST_OPENING]) is not None
    return null_path + daemon + subject + failed > 1


def _reported(one: ReportedRecipient, notice: str) -> FailedRecipient:
    delayed = one.action == "delayed"
    found = diagnose(one.said, notice, status=one.status, delayed=delayed)
    said = one.said or notice[:500]
    return FailedRecipient(
        one.addresses, found.failure, found.status, found.code, said, delayed=delayed
    )


def _in_words(parts: Sequence[MimePart], notice: str) -> Iterator[FailedRecipient]:
    top = parts[0]
    own = set(addresses_in([*top.all("to"), *top.all("from"), *top.all("return-path")]))
    named = addresses_in([*top.all("x-failed-recipients"), *top.all("x-actual-recipients"), notice])
    found = diagnose("", notice, status="")
    kept = tuple(address for address in named if address not in own)
    yield FailedRecipient(kept, found.failure, found.status, found.code, notice[:500])
