"""listmonk's subscriber export (cmd/subscribers.go, versions 2 to 5, read in November 2026).

uuid, email, name, attributes (JSON), status, created_at, updated_at. The status is of the person:
enabled, disabled, blocklisted. The lists that they left are not in the file.
"""

from subscribers.lists.contract import Field, ListFormat
from subscribers.lists.standings import by_word

LISTMONK = ListFormat(
    name="listmonk",
    title="listmonk",
    signs=("uuid", "email", "attributes", "status"),
    columns={Field.EMAIL: ("email",), Field.NAME: ("name",), Field.JOINED: ("created_at",)},
    said={"status": by_word},
)
