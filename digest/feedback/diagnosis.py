"""Why a mail was not delivered: by the server's words, its enhanced status code, its reply code.

HARD is the only result that costs a reader the newsletter: what is in doubt is SOFT. A mailbox that
is unknown only once the mail was shown (after DATA) has a filter: that is SOFT too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from digest.feedback.failure_words import FULL, TABLE
from digest.models.feedback import Failure

_LONGEST = 4000
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\w.,:/=\[-])([45]\d\d)(?=[ :\-]|$)(?! ?(?:bytes|kb|mb|seconds|minutes))")
_CONTINUED = re.compile(r"\b([45]\d\d)-(?:[45]\.\d{1,3}\.\d{1,3}\b)?")
_AFTER_DATA = re.compile(
    r"(end of data|data command|command data|>>> data|after data|final data|\[data\])",
    re.IGNORECASE,
)
_REPLY = re.compile(r"(?<![\w.,:/=\[-])[45]\d\d[ -](#?[45]\.\d{1,3}\.\d{1,3})")
_NEXT_REPLY = re.compile(r"<?\S*@\S*>?:? [45]\d\d |[ <]+[45]\d\d[ -](?!5\.)")
_LONGEST_REPLY = 400
_AT_RECIPIENT = re.compile(r"\brcpt\b|rcpt_to|does not like recipient")
_NO_RECIPIENT_LEFT = re.compile(r">>> data.{0,400}<<< 503", re.DOTALL)
# Postfix and sendmail begin the answer to RCPT with the recipient's address.
_NAMES_RECIPIENT = re.compile(r"55\d <?[^\s<>@]+@[^\s<>@]+?>?(\.\.\.|:) ")
# What a notice says of every failure, and Amazon SES before every reply: nothing.
_EMPTY_WORDS = re.compile(
    r"^5\.\d\.\d - [\w ]{1,40} (?=\d{3}-')"
    r"|rejected by (the server for )?the recipient domain|rejected by a remote mail server"
    r"|this is a permanent error; i've given up"
    r"|i'm not going to try again; this message has been in the queue too long"
)

# RFC 3463 section 3, and RFC 7372; the first pattern that fits decides.
_BY_STATUS: tuple[tuple[re.Pattern[str], Failure], ...] = tuple(
    (re.compile(pattern), failure)
    for pattern, failure in (
        (r"5\.1\.([12346]|10)$", Failure.HARD),
        (r"5\.4\.4$", Failure.HARD),
        (r"[45]\.1\.[789]$", Failure.POLICY),
        (r"[45]\.2\.3$|[45]\.3\.4$|5\.6\.\d+$", Failure.CONTENT),
        (r"5\.7\.(13|17)$", Failure.SOFT),
        (r"[45]\.7\.\d+$", Failure.POLICY),
        (r"[45]\.[0-9]+\.", Failure.SOFT),
    )
)
_UNKNOWN_OR_UNAVAILABLE = "5.1.351"  # Exchange Online, of what a server beyond it said
# The sender's address, whatever the words are.
_SAID_BY_STATUS = {"5.1.7": Failure.POLICY, "5.1.8": Failure.POLICY}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The failure, and the codes beside it ("" and 0 where there are none)."""

    failure: Failure
    status: str
    code: int


def diagnose(said: str, notice: str, *, status: str, delayed: bool = False) -> Diagnosis:
    """Say why a mail failed, by the server's own words and, failing those, by the whole notice."""
    plain = _plain(notice)
    reply = _plain(said) or _reply_in(plain)
    words = reply or plain
    best = _status_of(words, status)
    filtered = _is_filtered(f"{_plain(said)} {plain}", best)
    failure = _SAID_BY_STATUS.get(best) or _by_words(words, best, filtered=filtered)
    failure = failure or _by_status(best) or _by_words(plain, best, filtered=filtered)
    # Two voices that disagree are a doubt: a server knows no mailbox, its own notice calls it full.
    if failure is Failure.HARD and (delayed or FULL.search(plain)):
        failure = Failure.SOFT
    code = _CODE.search(words)
    return Diagnosis(failure or Failure.SOFT, best, int(code[1]) if code else 0)


def _is_filtered(words: str, status: str) -> bool:
    """Whether a mailbox that is called unknown was there when the recipient was named.

    5.1.x is a word about the address, whenever it is said. 5.2.x is one about a mailbox that
    exists, unless it answers the recipient's name.
    """
    if status.startswith(("5.1.", "4.1.")) and status != _UNKNOWN_OR_UNAVAILABLE:
        return False
    if status.startswith(("5.2.", "4.2.")):
        return _AT_RECIPIENT.search(words) is None
    if _AFTER_DATA.search(words) is None and _NAMES_RECIPIENT.match(words):
        return False
    return not (_AT_RECIPIENT.search(words) or _NO_RECIPIENT_LEFT.search(words))


def _plain(text: str) -> str:
    """Return text as the tables expect it: lower case, single blanks, one code a reply."""
    short = _EMPTY_WORDS.sub("", " ".join(text[:_LONGEST].lower().split()))
    return " ".join(_CONTINUED.sub(r"\1 ", short).split())


def _reply_in(notice: str) -> str:
    """Return a server's reply that a notice quotes, from its code on."""
    found = _REPLY.search(notice) or _CODE.search(notice)
    if not found:
        return ""
    reply = notice[found.start() : found.start() + _LONGEST_REPLY]
    following = _NEXT_REPLY.search(reply, 3)
    return reply[: following.start()] if following else reply


def _status_of(words: str, status: str) -> str:
    """Return the status within the words, unless it says nothing, else that of the report."""
    named = _STATUS.search(status)
    inline = (one for one in _STATUS.findall(words) if not one.endswith(".0.0"))
    return next(inline, named[1] if named else "")


def _by_words(words: str, status: str, *, filtered: bool) -> Failure | None:
    for name, pattern, failure in TABLE:
        if pattern.search(words):
            doubtful = filtered if name == "nobody" else status.startswith("4.")
            return Failure.SOFT if doubtful and failure is Failure.HARD else failure
    return None


def _by_status(status: str) -> Failure | None:
    """Return what the enhanced status code says; None for one that says nothing (x.0.0)."""
    if status.endswith(".0.0"):
        return None
    return next((failure for pattern, failure in _BY_STATUS if pattern.match(status)), None)
