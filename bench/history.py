"""What a history for each choice of sections costs: python -m bench.history [ARTICLES].

Eight sections, 255 choices, four slots one after another, each composed for all choices with what
the slots before told whom; then the same without that history. Then what reading it costs after a
year of issues. Prints processor time.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.editorial import AT, NAMES, articles, plan, seconds
from digest.editorial import Choice, Circumstances, choose, compose
from digest.frozen import freeze
from digest.models.articles import KnownArticle
from digest.models.compositions import Composition
from digest.models.issues import IssueState, Slot, Telling
from digest.store import NewIssue, Store, open_store

CHOICES = ("", *(",".join(some) for size in range(1, 8) for some in combinations(NAMES, size)))
SLOTS, YEAR, TOLD = 3, 365, 20


def main() -> None:
    """Print a line for each slot, then what the store's look takes."""
    many = articles(int(sys.argv[1]) if len(sys.argv) > 1 else 300, seed=1)
    for line in slots(many):
        print(line)
    for variants in (1, 10, 100):
        with TemporaryDirectory() as folder, open_store("sqlite:///x.db", Path(folder)) as store:
            fill(store, variants)
            slot = Slot("daily", "next", AT)
            look = partial(store.issues.history, slot, AT - timedelta(hours=72))
            took = seconds(look)
            print(f"a year of issues in {variants:3} variants is read in {took * 1000:6.1f} ms")


def slots(many: list[KnownArticle]) -> Iterator[str]:
    """Compose some days in turn; each line says what the last one came to."""
    edition, tellings = plan(), list[Telling]()
    for day in range(1 - SLOTS, 1):
        slot = Slot("daily", str(day), AT + timedelta(days=day))
        desk = Circumstances(recent=tuple(tellings))
        with_it = partial(choose, many, slot, edition, desk)
        choice = with_it()
        pages = every(choice)
        without = partial(choose, many, slot, edition)
        spent = [seconds(work) * 1000 for work in (with_it, without, partial(every, choice))]
        yield (
            f"slot {day}: choosing {spent[0]:.0f} ms (without history {spent[1]:.0f}), "
            f"{len(CHOICES)} choices {spent[2]:.0f} ms, {len(choice.issue.told)} stories told to "
            f"some readers, {len(freeze(choice.issue).json) / 1000:.0f} KB"
        )
        tellings.append(told(slot, pages))


def every(choice: Choice) -> dict[str, Composition | None]:
    """Compose for every choice."""
    return {
        text: compose(choice.issue, frozenset(filter(None, text.split(",")))) for text in CHOICES
    }


def told(slot: Slot, pages: dict[str, Composition | None]) -> Telling:
    """Remember who was told what."""
    shown = {
        page.variant: frozenset(
            one.id for part in page.stories for one in (part.article, *part.also)
        )
        for page in pages.values()
        if page
    }
    variants = {text: page.variant if page else None for text, page in pages.items()}
    return Telling(slot.issue_key, variants, shown)


def fill(store: Store, variants: int) -> None:
    """Make a year of daily issues that each told every variant so many stories."""
    names = [f"variant-{number:03}" for number in range(variants)]
    for day in range(YEAR):
        at = AT - timedelta(days=day + 1)
        shown = {
            name: tuple(f"{day:016}{(number * 7 + place) % 60:016}" for place in range(TOLD))
            for number, name in enumerate(names)
        }
        slot = Slot("daily", f"{at:%Y-%m-%d}", at)
        store.issues.create(NewIssue(slot, "{}", "", shown), IssueState.FINISHED, at)


if __name__ == "__main__":
    main()
