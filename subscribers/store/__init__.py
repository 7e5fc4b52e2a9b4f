"""The tables of subscribers, and the only queries that touch them: values in, values out."""

from subscribers.store.store import SubscriberStore

__all__ = ["SubscriberStore"]
