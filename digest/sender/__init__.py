"""Messages in, receipts out: the transports and the dispatch that keeps the ledger honest.

`dispatch` takes recipients from a ledger and gives each to a transport; `smtp` and `outbox` are
transports. Nothing here composes mail, reads configuration or opens a store: the ledger and the
mails are handed in.
"""

from digest.sender.dispatch import dispatch
from digest.sender.ledger import Ledger
from digest.sender.masking import mask
from digest.sender.outbox import Outbox
from digest.sender.relays import Relays
from digest.sender.report import Report
from digest.sender.server import SmtpServer
from digest.sender.smtp import Smtp
from digest.sender.terms import Terms
from digest.sender.transport import Connection, Transport

__all__ = [
    "Connection",
    "Ledger",
    "Outbox",
    "Relays",
    "Report",
    "Smtp",
    "SmtpServer",
    "Terms",
    "Transport",
    "dispatch",
    "mask",
]
