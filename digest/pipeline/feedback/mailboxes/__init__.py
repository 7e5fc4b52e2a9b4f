"""The mailboxes that mails come back to: a Maildir, an mbox, a pipe, an IMAP server.

Each yields its mails, a megabyte of each at most, and is told which of them are recorded. So a mail
is marked or moved only after its event is durable: a run that is killed reads it again.
"""
