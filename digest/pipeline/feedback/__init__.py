"""Reports that come back after a mail has left: proved, read and recorded.

    webhook → the provider's proof and reading → events → store.events, their one consumer

Nothing in here decides what an event does to a reader: the store's ledger does, in one place.
"""
