"""Complaints: abuse reports (ARF, RFC 5965) and the opt-outs that come in the same form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digest.feedback.parts import MimePart, fields_of

# RFC 5965 7.3, RFC 6430, RFC 6591: a report of a broken signature is no reader's complaint.
_OPT_OUT = frozenset({"opt-out", "opt-out-list"})
_NO_COMPLAINT = frozenset({"auth-failure", "dmarc", "not-spam"}) | _OPT_OUT
_OUTLOOK = re.compile(r"complaint about message from \S", re.IGNORECASE)


def feedback_type(parts: Sequence[MimePart]) -> str:
    """Return the Feedback-Type of an abuse report in lower case; "" if the mail is none."""
    for part in parts:
        if part.content_type == "message/feedback-report":
            named = dict(fields_of(part.text.encode("utf-8", "replace")))
            return named.get("feedback-type", "abuse").strip().lower() or "abuse"
    return ""


def is_opt_out(parts: Sequence[MimePart]) -> bool:
    """Whether a mailbox reports that its reader wants no more of this list."""
    return feedback_type(parts) in _OPT_OUT


def is_complaint(parts: Sequence[MimePart]) -> bool:
    """Whether a reader's mailbox reports that the reader called the mail spam."""
    kind = feedback_type(parts)
    return kind not in _NO_COMPLAINT if kind else _is_of_outlook(parts)


def _is_of_outlook(parts: Sequence[MimePart]) -> bool:
    """Whether Outlook.com's Junk Mail Reporting Program wrote it: it has no ARF part."""
    top = parts[0]
    sent_back = any(part.content_type == "message/rfc822" for part in parts)
    return sent_back and _OUTLOOK.match(top.first("subject")) is not None
