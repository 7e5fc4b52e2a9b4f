"""The clothes that a sheet gave the looks of earlier issues, so that premailer is seldom asked.

The look of an element and the sheet alone decide what it ends up with. A desk builds the same mail
again and again, and a newsroom the same kind of mail every day; so looks are known for as long as
the process lives, and by the next one from the user's cache.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from digest import __version__
from digest.user_cache import user_cache

Look = tuple[str, str, str]
"""Tag, class names and style: where selectors speak of the element alone, all that they see."""

Clothes = dict[Look, tuple[str, str]]
"""Class names and style that every element of a look ends up with."""

_MOST = 2_000  # a theme has some hundred; one that writes figures into styles has ever new ones


class KnownLooks:
    """The looks that one sheet has dressed, with the class names that the theme keeps."""

    def __init__(self, inline_css: str, kept_classes: frozenset[str]) -> None:
        """Take what the user's cache has."""
        said = f"{inline_css}\0{' '.join(sorted(kept_classes))}"
        self._name = f"{sha256(said.encode()).hexdigest()}.looks"
        found = user_cache.read(self._name, _inliner())
        rows = json.loads(found) if found is not None else ()
        self._clothes: Clothes = {tuple(look): tuple(worn) for look, worn in rows}

    def clothes(self) -> Clothes:
        """Return a copy of what is known."""
        return dict(self._clothes)

    def add(self, clothes: Clothes) -> None:
        """Remember what is new."""
        if not clothes.keys() <= self._clothes.keys() and len(clothes) <= _MOST:
            self._clothes = {**self._clothes, **clothes}
            rows = list(self._clothes.items())
            user_cache.write(self._name, json.dumps(rows).encode(), _inliner())


@lru_cache(maxsize=16)
def known_looks(inline_css: str, kept_classes: frozenset[str]) -> KnownLooks:
    """Return the looks known of a sheet; they are shared by all issues of this process."""
    return KnownLooks(inline_css, kept_classes)


@cache
def _inliner() -> str:
    """Name what makes clothes: the libraries, Digest, and the module that asks them."""
    mark = sha256(Path(__file__).with_name("html.py").read_bytes())
    libraries = (f"{name} {version(name)}" for name in ("premailer", "cssutils", "cssselect"))
    return " ".join((__version__, mark.hexdigest(), *libraries))
