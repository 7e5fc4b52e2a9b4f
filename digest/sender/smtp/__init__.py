"""The transport over SMTP (RFC 5321), from a host name to a receipt for each recipient.

    transport: DNS, TLS, EHLO, AUTH → connection: envelope, DATA, dot → reply: code → meaning

`wire` turns bytes into replies and keeps the time-outs; `envelope` writes MAIL and RCPT; `relays`
makes one transport of several servers. Nothing in here knows of the ledger, or looks at the words
of a reply.
"""
