"""Judges that are not ours: `make judge` puts the mails of every theme before them.

For development only. Their tools come from npm and Debian (docs/rendering.md says which), none of
them is needed to run Digest, and nothing here reaches a network. The mails are made by the
product's own code, from the sample issue; a judge gets them as a mailbox or a browser would.
"""
