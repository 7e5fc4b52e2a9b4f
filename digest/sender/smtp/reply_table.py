"""The meaning of each reply: one table by codes, and one by words for what codes leave open.

Both are read from the top, and the first row that fits decides; the table by words is asked first.
It has rows only where servers say different things with the same code. A refusal that speaks of
the sender (a quota, a relay, an account, a domain's authentication) pauses the issue. A rate is a
reason to go slower. Only a mailbox that does not exist suppresses a reader; policy and content
never do.

Sources, read in November 2026:

- RFC 5321 4.2.2 and 4.2.3, RFC 3463 3, RFC 4954 6, RFC 7372 (5.7.20 to 5.7.25), RFC 7505 (5.1.10)
- Gmail and Workspace: support.google.com/a/answer/3726730; its relay: answer/6140680
- Amazon SES: docs.aws.amazon.com/ses/latest/dg, manage-sending-quotas-errors
- Exchange Online and Outlook.com: learn.microsoft.com, "Email non-delivery reports", with the
  ranges 4.7.500-699, 4.7.850-899, 5.7.501-515, 5.7.606-649 and 5.7.700-750
- Yahoo and AOL: senders.yahooinc.com/smtp-error-codes
- iCloud: support.apple.com/102322; Rackspace: postmaster.emailsrvr.com
- Postfix: smtpd(8), smtpd_relay_restrictions, smtpd_client_message_rate_limit
- Exim: exim.org, specification 14 (smtp_accept_max_per_connection), tried with 4.96
- The words of these and others, as sisimai (lib/sisimai/rhost, reason) collected them
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from digest.sender.smtp.reply import Phase, Reply, ReplyClass


@dataclass(frozen=True, slots=True)
class _Row:
    """`phases` empty: any; `codes` and `enhanced` are patterns that must match at the start."""

    phases: frozenset[Phase]
    codes: re.Pattern[str]
    enhanced: re.Pattern[str]
    kind: ReplyClass

    def fits(self, phase: Phase, code: int, enhanced: str) -> bool:
        return (
            (not self.phases or phase in self.phases)
            and self.codes.fullmatch(str(code)) is not None
            and self.enhanced.match(enhanced) is not None
        )


def _row(phases: str, codes: str, enhanced: str, kind: ReplyClass) -> _Row:
    which = frozenset(Phase(name) for name in phases.split())
    return _Row(which, re.compile(codes), re.compile(enhanced), kind)


_SESSION = "connect greeting ehlo auth"
_BUSY, _OURS = ReplyClass.SERVER_BUSY, ReplyClass.SENDER_REFUSED
TABLE: tuple[_Row, ...] = (
    # phases           codes        enhanced            kind
    _row("data", "354", "", ReplyClass.ACCEPTED),
    _row("auth", "334", "", ReplyClass.ACCEPTED),
    _row("data", "2..", "", ReplyClass.PROTOCOL_ERROR),
    _row("greeting", "220", "", ReplyClass.ACCEPTED),
    _row("greeting", "2..", "", ReplyClass.PROTOCOL_ERROR),
    _row("", "2..", "", ReplyClass.ACCEPTED),
    # TLS: never plain text instead, but the next run may find it mended.
    _row("starttls", "[45]..", "", ReplyClass.UNAVAILABLE),
    # The session: a 4xx passes, a 5xx is for the operator.
    _row(_SESSION, "4..", "", ReplyClass.UNAVAILABLE),
    _row(_SESSION, "5..", "", _OURS),
    # Whoever asks for a login or refuses the sender means us, in whatever phase.
    _row("", "53[0458]", "", _OURS),
    _row("mail", "5..", "", _OURS),
    _row("", "5..", r"5\.3\.4\b", _OURS),
    # Later, by whose fault. 454 is no reply to a mail in any RFC: SES says by it that we are fast.
    _row("", "42[16]", "", _BUSY),
    _row("rcpt data dot", "454", "", _BUSY),
    # System, network, too many of ours at once (one recipient a mail: 4.5.3 can mean nothing else).
    _row("", "4..", r"4\.(3\.[12]|4\.5|5\.3)\b", _BUSY),
    # Gmail 4.7.23 to 4.7.32: rate limited for what it says; Exchange 4.7.232, 4.7.236, 4.7.500 on.
    _row("", "4..", r"4\.7\.(2[3-9]|3[0-2]|23[26]|[5-9]\d\d)\b", _BUSY),
    _row("mail rcpt dot", "4..", r"4\.1\.[78]\b", _OURS),
    _row("", "4..", r"4\.2\.2\b", ReplyClass.MAILBOX_FULL),
    _row("mail", "4..", "", _BUSY),
    _row("", "4..", "", ReplyClass.GREYLISTED),
    # Our sender address, quota (Gmail 5.4.5, Exchange 5.1.90 and 5.7.232 to 5.7.236).
    _row("rcpt dot", "5..", r"5\.1\.([78]|90)\b", _OURS),
    _row("rcpt data dot", "5..", r"5\.4\.5\b", _OURS),
    _row("rcpt data dot", "5..", r"5\.7\.23[2-6]\b", _OURS),
    # Our domain's authentication or address record: RFC 7372, Gmail 5.7.26 to 5.7.30.
    _row("rcpt data dot", "5..", r"5\.7\.(2[0-9]|30)\b", _OURS),
    # Exchange: not logged in or not as this sender (57, 60, 64, 708, 750), spam from our account
    # (501 to 503, 511, 705), DMARC and our domain (509, 515), our machine (506, 606 to 649).
    _row("rcpt data dot", "5..", r"5\.7\.(57|6[04]|50[123689]|511|515)\b", _OURS),
    _row("rcpt data dot", "5..", r"5\.7\.(60[6-9]|6[1-4]\d|7[0-4]\d|750)\b", _OURS),
    # Never: 5.1.x is the address itself, where x speaks of the mailbox.
    _row("rcpt dot", "55[01346]", r"5\.1\.([1-46]|10)\b", ReplyClass.BAD_ADDRESS),
    _row("", "5..", "", ReplyClass.REFUSED),
)


@dataclass(frozen=True, slots=True)
class _Words:
    """`codes` and `enhanced` as in a _Row; `words` are looked for in the text, in lower case."""

    codes: re.Pattern[str]
    enhanced: re.Pattern[str]
    words: re.Pattern[str]
    kind: ReplyClass

    def fits(self, code: int, enhanced: str, words: str) -> bool:
        return (
            self.codes.fullmatch(str(code)) is not None
            and self.enhanced.match(enhanced) is not None
            and self.words.search(words) is not None
        )


def _words(codes: str, enhanced: str, words: str, kind: ReplyClass) -> _Words:
    return _Words(re.compile(codes), re.compile(enhanced), re.compile(words), kind)


# A mailbox has quotas and rates too: x.2.x is its own. x.1.1 says that there is none.
_NO_MAILBOX, _SOMEBODY = r"(?![45]\.[12]\.)", r"(?![45]\.1\.1\b)"
_QUOTA = (
    r"\b(daily|hourly|monthly)\b.{0,40}\b(limit|quota)"
    r"|\b(sending|relay|outbound)\b.{0,20}\b(limits?|quota)\b.{0,20}\b(exceeded|reached)"
    r"|exceeded the max(imum)? (emails|messages|defers)"
)
_RELAY = (
    r"\brelay(ing)?\b.{0,24}\b(denied|prohibited|refused|not (allowed|permitted))"
    r"|\b(denied|unable|prohibited|not (allowed|permitted|configured)) to relay|no relaying"
    r"|allowed rcpthosts|not an? (open relay|gateway)|invalid credentials for relay"
)
_ACCOUNT = (
    r"\bsending\b.{0,24}\b(denied|disabled|paused|suspended|blocked|shut ?down)"
    r"|(address|identity|domain|sender) (is|are) not verified|failed the check in region"
    r"|client was not authenticated|sender is unauthenticated|unauthenticated e?-?mail"
    r"|unregistered domains?|submission ?quota ?exceeded"
)
_MACHINE = (
    r"client host .{0,60}(rejected|blocked)|client host rejected|(helo|ehlo) command rejected"
    r"|cannot find your (reverse )?hostname|\b(ptr|reverse dns) record"
    r"|not authorized to send .{0,20}mail"
    r"|sender address rejected|sender denied|banned send(er|ing)|will be permanently deferred"
    r"|\b(ip|host|address|network|connections?)\b.{0,80}"
    r"\b(spamhaus|spamcop|(block|black) ?list|rbl)\b"
)
_SLOWER = (
    r"throttl|too (much|many) (e?-?mail|messages|recipients|connections|concurrent)"
    r"|rate.{0,12}limit|(sending|message|connection) rate|slow(er)? down|too (fast|quickly)"
    r"|unusual (rate|volume)|(unexpected|excessive) volume|server busy|limit exceeded"
)
# Exim's "too many messages in this connection", Yahoo's "max message per connection reached".
_SPENT = (
    r"\b(messages?|e?-?mails?|recipients|transactions)\b.{0,24}"
    r"\b(in|on|per|for|over|during|this|one)\b.{0,12}\b(connection|session)\b"
    r"(?!s? (from|rate|limit per))"
)
_NOBODY = (
    # A server that asked the sender's server says there that the sender is unknown.
    r"^(?!.*\b(sender|verif)).*("
    r"\b(user|recipient|mailbox|account)\b.{0,40}\b(unknown|not found|does(n't| not) exist)"
    r"|\b(unknown|no such) (user|recipient|mailbox|person|account)"
    r"|doesn't have an? .{0,40}account)"
)
WORDS: tuple[_Words, ...] = (
    # The rate of a reader's own mailbox concerns no other reader.
    _words("4..", "", r"(user|recipient).{0,60}receiving e?-?mail", ReplyClass.GREYLISTED),
    _words("4..", "", r"peak smtp relay limit", _BUSY),
    _words("[45]..", _NO_MAILBOX, _QUOTA, _OURS),
    _words("[45]..", _SOMEBODY, _RELAY, _OURS),
    _words("[45]..", _SOMEBODY, _ACCOUNT, _OURS),
    _words("4..", "", r"gr[ea]y-?list", ReplyClass.GREYLISTED),
    _words("[45]..", _SOMEBODY, _MACHINE, _OURS),
    _words("[45]..", _NO_MAILBOX, _SPENT, ReplyClass.CONNECTION_SPENT),
    _words("4..", _NO_MAILBOX, _SLOWER, _BUSY),
    # Servers without enhanced codes, or with one that says nothing.
    _words("55[0-4]", r"(5\.[01]\.0)?$", _NOBODY, ReplyClass.BAD_ADDRESS),
)
_IN_A_MAIL = frozenset({Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DOT})


@lru_cache(maxsize=512)
def _by_code(phase: Phase, code: int, enhanced: str) -> ReplyClass:
    for row in TABLE:
        if row.fits(phase, code, enhanced):
            return row.kind
    return ReplyClass.PROTOCOL_ERROR


def _by_words(reply: Reply) -> ReplyClass | None:
    said = reply.text.lower()
    fitting = (row.kind for row in WORDS if row.fits(reply.code, reply.enhanced, said))
    return next(fitting, None)


def classify(phase: Phase, reply: Reply) -> ReplyClass:
    """Say what `reply` means when it answers `phase`."""
    by_code = _by_code(phase, reply.code, reply.enhanced)
    # What needs no words is not asked for them: that a login is wanted, or no sender like ours.
    if phase not in _IN_A_MAIL or by_code in {ReplyClass.ACCEPTED, _OURS}:
        return by_code
    return _by_words(reply) or by_code


def is_busy(reply: Reply) -> bool:
    """Whether a 4xx before any mail says that the server wants fewer connections or mails of us."""
    return classify(Phase.RCPT, reply) is _BUSY
