"""A PostgreSQL database that is emptied for the next test."""

from __future__ import annotations

from collections.abc import Sequence

_LITTLE_BYTES = 256 * 1024
_EMPTIED = """\
DO $$
DECLARE
    name text;
    has_rows boolean;
BEGIN
    IF (SELECT max(pg_relation_size(quote_ident(t)::regclass)) FROM unnest({tables}) AS t) > {most}
    THEN
        TRUNCATE {names} RESTART IDENTITY CASCADE;
    ELSE
        FOREACH name IN ARRAY {tables} LOOP
            EXECUTE 'SELECT EXISTS (SELECT FROM ' || quote_ident(name) || ')' INTO has_rows;
            IF has_rows THEN
                EXECUTE 'DELETE FROM ' || quote_ident(name);
            END IF;
        END LOOP;
        PERFORM setval(quote_ident(sequencename)::regclass, 1, false)
            FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
    END IF;
END $$"""


def empty_all(tables: Sequence[str]) -> str:
    """Return the statement that empties the tables, which refer to earlier ones, and their numbers.

    TRUNCATE makes each file of each table and index anew, hundreds; few tests leave many rows. What
    was deleted stays in a table's file, so one that has grown is truncated all the same.
    """
    backwards = ", ".join(f"'{name}'" for name in reversed(tables))
    return _EMPTIED.format(
        tables=f"ARRAY[{backwards}]", names=", ".join(tables), most=_LITTLE_BYTES
    )
