"""Mails that come back, read into values. Pure: no store, no configuration, no input or output.

    bytes → parts → automatic? complaint? bounce? → recipients → diagnosis → a MailReading

Everything is bounded: a mail's first megabyte, a depth, a number of parts, lines and addresses.
No input raises. Nothing in here believes a mail: it returns what the mail says, and the pipeline
asks for a seal of ours (a reverse path, a token) before anything is recorded of a reader.
"""
