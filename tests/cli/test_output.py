"""What errors print: never an address, whoever wrote their words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from digest.cli.output import unexpected
from digest.store import open_store
from digest.store.database.tables import SUPPRESSION

ADDRESS = "canary.reader@inbox.example"


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_nobody_foresaw_is_told_without_addresses(
    capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    """On stdout and on stderr; the kind is still there to be reported."""
    assert unexpected(ValueError(f"no idea what <{ADDRESS}> is."), as_json=as_json) == 1
    out, err = capsys.readouterr()
    assert ADDRESS not in out + err
    assert "unexpected ValueError: no idea what <c…@inbox.example> is. This is" in err
    assert bool(out) is as_json


def test_a_databases_own_words_are_told_without_addresses(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """PostgreSQL quotes the key that stands twice, and SQLAlchemy the row: neither is printed."""
    row = insert(SUPPRESSION).values(email_key=ADDRESS, reason="erased", detail="")
    with open_store(store_url, tmp_path) as store:
        engine = store._engine  # noqa: SLF001 - a fault that the store itself would never make
        with engine.begin() as connection, pytest.raises(IntegrityError) as fault:
            connection.execute(row)
    unexpected(fault.value, as_json=True)
    out, err = capsys.readouterr()
    assert ADDRESS not in out + err
    assert "IntegrityError" in err
