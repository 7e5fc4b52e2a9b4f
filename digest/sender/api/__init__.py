"""The HTTP that all providers share: one client, one way to split, to wait and to give up.

    call → a provider's request → HTTP → response → a provider's receipts, or what its refusal means

A provider (`digest.sender.providers`) is pure: it writes requests and reads responses. Everything
that waits, repeats or halves a call is here. Nothing in here knows one provider from another.
"""
