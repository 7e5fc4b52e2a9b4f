"""A newsroom before it sends: from a site to a configuration, and what is still missing.

    exploring (a site) → skeleton (digest.toml, .env, folders) · feed_lists (OPML) · doctor

Nothing in here changes the ledger or sends a mail to a reader.
"""
