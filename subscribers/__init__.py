"""Subscribers: people, what they subscribed to, and who must not be written to.

A leaf: it knows nothing of `digest`, and could serve another sender as well.
"""
