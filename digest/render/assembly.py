"""Runs → a variant's HTML and text: what many variants share is joined once, the rest is joins.

Subject and preheader are the variant's own. They stand as tokens in what is shared, and are put in
where the tokens are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from digest.render.pieces import Piece, Run
from digest.render.text import Chunk, assembled, chunk, joined
from digest.render.views import VariantView

OWN = ("subject", "preheader")
"""The parts that differ by variant, inside the outermost frame."""


def own_token(name: str, nonce: str) -> str:
    """Return what stands for the variant's own subject or preheader until it is put in."""
    return f"own{nonce}{name}"


class Assembly:
    """Puts the variants of one language together."""

    def __init__(self, cut: Mapping[Piece, str], sources: Mapping[Piece, str], nonce: str) -> None:
        """Take the inlined slices of the HTML, and the text pieces as they were rendered."""
        self._cut = cut
        self._sources = sources
        self._tokens = {name: own_token(name, nonce) for name in OWN}
        self._names = {token: name for name, token in self._tokens.items()}
        self._pages: dict[Run, tuple[str, ...]] = {}
        self._chunks: dict[Run, tuple[Chunk | None, bool]] = {}

    def page(self, runs: Sequence[Run], variant: VariantView) -> str:
        """Return the variant's HTML."""
        return "".join(self.blocks(runs, variant))

    def blocks(self, runs: Sequence[Run], variant: VariantView) -> tuple[str, ...]:
        """Return the variant's HTML as it is joined; a run's is the same text in all variants."""
        return tuple(
            known[0] if len(known) == 1 else self._speaking(known, variant)
            for known in (self._pages.get(run) or self._shared(run) for run in runs)
        )

    def plain(self, runs: Sequence[Run], variant: VariantView) -> str:
        """Return the variant's text part."""
        chunks = []
        for run in runs:
            known = self._chunks.get(run)
            if known is None:
                known = self._chunks[run] = self._tidy(run)
            one, own = known
            if one is None:
                return self._slowly(runs, variant)
            if own:
                one = Chunk(one.before, self._spoken(one.body, variant), one.after)
            chunks.append(one)
        return assembled(chunks)

    def weights(self, runs: Sequence[Run]) -> dict[str, int]:
        """Return what each story of a page weighs there, in bytes of UTF-8."""
        found: dict[str, int] = {}
        for piece in (piece for run in runs for piece in run.pieces):
            if piece.story:
                weight = len(self._cut[piece].encode())
                found[piece.story] = found.get(piece.story, 0) + weight
        return found

    def _shared(self, run: Run) -> tuple[str, ...]:
        """Join the run once; it is cut where tokens of the variant's own texts stand."""
        said = "".join(self._cut[piece] for piece in run.pieces)
        tokens = "|".join(self._tokens.values())
        self._pages[run] = tuple(re.split(f"({tokens})", said))
        return self._pages[run]

    def _speaking(self, known: Sequence[str], variant: VariantView) -> str:
        """Put the variant's own texts in place of their tokens, which are every second part."""
        parts = list(known)
        for index in range(1, len(parts), 2):
            text = getattr(variant, self._names[parts[index]])
            parts[index] = escape(text, quote=False)  # as lxml writes text between tags
        return "".join(parts)

    def _tidy(self, run: Run) -> tuple[Chunk | None, bool]:
        one = chunk("".join(self._sources[piece] for piece in run.pieces))
        return one, one is not None and self._own(one.body)

    def _slowly(self, runs: Sequence[Run], variant: VariantView) -> str:
        """Join as a whole: a line of this theme begins in one run and ends in another."""
        whole = joined(self._sources[piece] for run in runs for piece in run.pieces)
        return self._spoken(whole, variant)

    def _own(self, text: str) -> bool:
        return any(token in text for token in self._tokens.values())

    def _spoken(self, text: str, variant: VariantView) -> str:
        for name, token in self._tokens.items():
            text = text.replace(token, getattr(variant, name))
        return text
