"""Orders by a person, and questions to the ledger.

    orders (pause, resume, cancel, retry, resolve) · correcting · audience · recipients
    ledger_guard: is this the ledger that is remembered in the mark file, or one to reconcile

Each order is one durable transaction and says what to do next. Nothing in here sends.
"""
