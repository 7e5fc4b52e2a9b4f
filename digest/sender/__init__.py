"""Messages in, receipts out: the transports, and the dispatch that keeps the ledger honest.

    ledger → claims → a transport's connections → receipts → ledger

    dispatch   claims recipients, sends to each, and writes every outcome down
    smtp       the transport over SMTP
    api        the HTTP that all providers share
    providers  one file an e-mail API: calls to requests, responses to receipts, pure
    outbox     the transport that writes files

Nothing in here composes mail, reads the configuration or opens a store: the ledger (a protocol,
ledger.py), the mails and the clock are handed in.

Import each name from its own module: a command that only reads the configuration does not need
the dispatch.
"""
