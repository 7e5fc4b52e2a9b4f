"""What a process imports once, from which others are forked that work as `digest` does."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache

import digest
import subscribers

# Imported by others than Digest, or inside the functions that need them.
_LATE = (
    *("alembic.command", "alembic.config", "anyio._backends._asyncio", "babel.dates"),
    *(
        "cryptography.hazmat.primitives.hashes",
        "cryptography.hazmat.primitives.ciphers.aead",
        "cryptography.hazmat.primitives.kdf.hkdf",
    ),
    *("feedparser", "greenlet", "httpx", "lxml.html", "premailer", "psycopg", "rich.console"),
    *(
        "rich.traceback",
        "structlog",
        "typer._adapters",
        "typer._click.decorators",
        "uvicorn",
        "encodings.utf_8_sig",
        "_strptime",
    ),
)


def import_all() -> None:
    """Import each module of the project and what it imports late, and keep all of it."""
    for name in all_names():
        importlib.import_module(name)
    gc.freeze()  # a fork that looked for garbage among all that would copy it first


@cache
def all_names() -> list[str]:
    """Return the name of each module of the project and of what it imports late."""
    return [*_modules(), *_LATE]


def _modules() -> Iterator[str]:
    """Yield the name of each module, but of those that work when they are imported."""
    for package in (digest, subscribers):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"__main__|migrations", found.name):
                yield found.name
