"""Messages in, receipts out: the transports and the dispatch that keeps the ledger honest.

`dispatch` takes recipients from a ledger and gives each to a transport; `smtp` and `outbox` are
transports. Nothing here composes mail, reads configuration or opens a store: the ledger and the
mails are handed in.
"""

from digest.sender.dispatch.report import Report
from digest.sender.dispatch.terms import Terms
from digest.sender.ledger import Ledger
from digest.sender.outbox import Outbox
from digest.sender.smtp.masking import mask
from digest.sender.smtp.relays import Relays
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp
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
    "mask",
]
