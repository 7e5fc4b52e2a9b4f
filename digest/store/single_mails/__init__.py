"""Mails outside an issue, and what may be asked for: a queue with the ledger's own states.

`queue` takes a mail in once for one reason, `claiming` lends what is due, `requests` counts what
was asked of the readers' pages.
"""
