"""Messages in, receipts out: the transports, and the dispatch that keeps the ledger honest.

    ledger → claims → a transport's connections → receipts → ledger

    dispatch   claims recipients, sends to each, and writes every outcome down
    smtp       the transport over SMTP
    outbox     the transport that writes files

Nothing in here composes mail, reads the configuration or opens a store: the ledger (a protocol,
ledger.py), the mails and the clock are handed in.
"""

from digest.sender.dispatch.dispatch import Dispatcher
from digest.sender.dispatch.options import DispatchOptions
from digest.sender.dispatch.report import DispatchReport
from digest.sender.ledger import DispatchLedger
from digest.sender.outbox import Outbox
from digest.sender.smtp.relays import Relays
from digest.sender.smtp.server import SmtpServer
from digest.sender.smtp.transport import Smtp
from digest.sender.transport import Connection, Transport

__all__ = [
    "Connection",
    "DispatchLedger",
    "DispatchOptions",
    "DispatchReport",
    "Dispatcher",
    "Outbox",
    "Relays",
    "Smtp",
    "SmtpServer",
    "Transport",
]
