"""Ghost's member export (members-csv, versions 5 and 6, read in November 2026).

id, email, name, note, subscribed_to_emails, complimentary_plan, stripe_customer_id, created_at,
deleted_at, labels, tiers (products before 5.0), and gift_id since 6. A member who is not
subscribed_to_emails has switched all newsletters off, or Ghost did after a bounce or complaint.
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.standings import DELETED, LEFT, if_filled, if_not

GHOST = ListFormat(
    name="ghost",
    title="Ghost",
    signs=("email", "subscribed_to_emails", "created_at"),
    columns={Field.EMAIL: ("email",), Field.NAME: ("name",), Field.JOINED: ("created_at",)},
    said={"subscribed_to_emails": if_not(LEFT), "deleted_at": if_filled(DELETED)},
)
