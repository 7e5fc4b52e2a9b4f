"""Substack's email_list.*.csv, as of November 2026.

email, active_subscription, expiry, plan, email_disabled, created_at, first_payment_at; since 2025
some have name or prefer_digests. active_subscription is about paying: free readers have false.
email_disabled is true for those who get no mail, by their wish or after bounces.
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.standings import LEFT, if_filled

SUBSTACK = ListFormat(
    name="substack",
    title="Substack",
    signs=("email", "active_subscription", "created_at"),
    columns={Field.EMAIL: ("email",), Field.NAME: ("name",), Field.JOINED: ("created_at",)},
    said={"email_disabled": if_filled(LEFT)},
)
