"""Consent is recorded; what makes two addresses the same is their letters' case alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from subscribers.address.spelling import same_by_case

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_IDENTITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_PERSON = sa.table(
    "subscriber", sa.column("id"), sa.column("email", sa.String), sa.column("email_key", sa.String)
)


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("id", _IDENTITY, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "consent",
        sa.Column("id", _IDENTITY, nullable=False),
        sa.Column("subscriber_id", _IDENTITY, nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("wording_id", _IDENTITY, nullable=True),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["wording_id"], ["wording.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_consent_subscriber_id", "consent", ["subscriber_id"])
    op.add_column(
        "suppression",
        sa.Column("folded", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute("UPDATE suppression SET folded = true")
    _write_keys_anew()


def _write_keys_anew() -> None:
    """Keys were fully case-folded: ß became ss, and two people one. Only those not ASCII differ.

    The new key is finer than the old one, so that no two rows meet. A suppression of the old key
    is kept for the new one as well: which spelling it was made for is not known any more.
    """
    connection = op.get_bind()
    pattern = sa.text(
        "email ~ '[^ -~]'" if connection.dialect.name == "postgresql" else "email GLOB '*[^ -~]*'"
    )
    for number, email, old in connection.execute(
        sa.select(_PERSON.c.id, _PERSON.c.email, _PERSON.c.email_key).where(pattern)
    ).all():
        local, _, domain = email.rpartition("@")
        key = f"{same_by_case(local)}@{domain}"
        if key != old:
            connection.execute(
                _PERSON.update().where(_PERSON.c.id == number).values(email_key=key)
            )
            connection.execute(
                sa.text(
                    "INSERT INTO suppression (email_key, reason, detail, created_at, folded)"
                    " SELECT :key, reason, detail, created_at, false FROM suppression"
                    " WHERE email_key = :old"
                ),
                {"key": key, "old": old},
            )
