"""Alembic's environment and one file a schema version; found by its path, in versions/.

A version that has been released is never edited. Nothing in here imports the tables: a migration
says what the schema was then.
"""
