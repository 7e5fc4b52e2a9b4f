"""Every error Digest raises on purpose, each with what to do next.

    DigestError                   exit 1   what happened · where · fix
    ├── UsageError                exit 2   the command was called in a way that cannot work
    ├── ConfigError               exit 2   digest.toml, the environment, a template or an overlay
    ├── StoreError                exit 1   the database cannot be opened, read or written
    │   └── StoreRefused          (kept)   it is well, but does not take a row: that row is at fault
    ├── SourceError               (kept)   one source could not be read; the others go on
    │   ├── SourceUnreachable     again    the network, a 5xx, a time-out: the next run tries again
    │   │   └── SourceSilent      again    no connection to its host: no name, no route, no TLS
    │   ├── SourceRefused         again    4xx: the site does not want us, or the address is wrong
    │   │   └── SourceMissing     again    404: nothing is there now
    │   ├── SourceGone            never    410: the site retired this address
    │   ├── SourceUnsafe          never    an address or a size that Digest refuses
    │   └── SourceUnreadable      again    bytes came, but they are not what the source should be
    ├── RenderError               exit 2   a template failed: names template, line and value
    ├── MessageError              exit 4   a compiled message does not read back as it was meant
    ├── TransportError            (typed)  mail could not leave
    │   ├── TransportUnavailable  again    DNS, connect, TLS: no attempt was used up
    │   │   └── ServerBusy        again    the server wants less of us for now
    │   └── TransportRejected     stop     AUTH or a 5xx at greeting or MAIL: ours to mend
    │       └── MailRefused       exit 4   too many mails refused for what they are: held
    ├── GateHeld                  exit 4   feed health, lint or size holds the issue
    │   └── ApprovalMissing       exit 4   frozen, and not to go before an editor approves its hash
    └── LedgerRefused             exit 5   sending would be blind, or somebody else is sending

One refused recipient is a receipt, not an error. Whether to try again is asked of the type,
never of the text.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """The exit code for the shell; other programs rely on these numbers.

    RECIPIENTS: not everybody has the mail, because some were refused or because they still wait.
    """

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    RECIPIENTS = 3
    HELD = 4
    REFUSED = 5


class DigestError(Exception):
    """The root: `what` happened, `where`, and the `fix` a person can carry out."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED
    retryable: ClassVar[bool] = False

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        """Keep the three parts apart, so that `--json` and the terminal can both show them."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        """Read as one line: `where: what. fix`."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head.rstrip('.')}. {self.fix}" if self.fix else head


class UsageError(DigestError):
    """The command was called in a way that cannot work."""

    exit_code = ExitCode.USAGE


class ConfigError(DigestError):
    """The configuration, the environment, a template or an overlay is wrong."""

    exit_code = ExitCode.USAGE


class StoreError(DigestError):
    """The store cannot be opened, read or written."""


class StoreRefused(StoreError):
    """The store is well and does not take a row: others may still be written."""


class SourceError(DigestError):
    """One source could not be read; it is recorded with that source and the others go on."""

    retryable = True


class SourceUnreachable(SourceError):
    """The network, a 5xx answer or a time-out; `retry_after` is in seconds where the site said."""

    def __init__(
        self, what: str, *, where: str = "", fix: str = "", retry_after: float | None = None
    ) -> None:
        """Keep the site's own wish for when to come back."""
        super().__init__(what, where=where, fix=fix)
        self.retry_after = retry_after


class SourceSilent(SourceUnreachable):
    """No connection came about: nothing else of that host can be had at the moment either."""


class SourceRefused(SourceError):
    """The site answered 4xx; `said` is the beginning of what it said beside, if that was read."""

    said = ""


class SourceMissing(SourceRefused):
    """The site answered 404 Not Found (RFC 9110 section 15.5.5)."""


class SourceGone(SourceError):
    """The site answered 410 Gone (RFC 9110 section 15.5.11): this address is retired."""

    retryable = False


class SourceUnsafe(SourceError):
    """A private address, a decompression bomb or another thing Digest refuses to touch."""

    retryable = False


class SourceUnreadable(SourceError):
    """Bytes came, but they are not a feed, or none that can be read."""


class RenderError(DigestError):
    """A template failed; `where` names the template and its line."""

    exit_code = ExitCode.USAGE


class MessageError(DigestError):
    """A compiled message, parsed again, is not what was meant: it must not be sent."""

    exit_code = ExitCode.HELD


class TransportError(DigestError):
    """Mail could not leave."""


class TransportUnavailable(TransportError):
    """DNS, connect or TLS failed: the recipients stay pending and no attempt is used up."""

    exit_code = ExitCode.RECIPIENTS
    retryable = True


class ServerBusy(TransportUnavailable):
    """The server is there and wants less of us for now: a pause may be all it takes."""


class TransportRejected(TransportError):
    """The server refuses us, not a recipient: an operator must mend that before anybody gets it."""

    exit_code = ExitCode.USAGE


class MailRefused(TransportRejected):
    """Too many mails were refused for what they are: the issue is held, and a person decides."""

    exit_code = ExitCode.HELD


class GateHeld(DigestError):
    """A gate holds the issue: nothing was sent, and a person decides."""

    exit_code = ExitCode.HELD


class ApprovalMissing(GateHeld):
    """The issue is frozen, and nobody approved its hash yet: the next run after that sends it."""


class LedgerRefused(DigestError):
    """The ledger refuses: sending now could lose or double a reader."""

    exit_code = ExitCode.REFUSED
