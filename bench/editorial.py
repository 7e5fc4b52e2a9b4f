"""Measure choosing: 50,000 articles to an issue, one article more in a day's 2,000, a flood.

Run `python bench/editorial.py`; it prints seconds of processor time, so a busy machine counts
less. Articles are made up: headlines of a few thousand words drawn as unevenly as in real text,
one in ten retold by another source.
"""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from digest.editorial import EditionPlan, Memory, SectionPlan, choose, compose
from digest.models.articles import Article, KnownArticle
from digest.models.issues import Slot
from digest.models.site import SiteFacts

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
SLOT = Slot(edition="daily", key="2026-11-23", at=AT)
NAMES = tuple(f"section{number}" for number in range(8))
RETOLD = 0.1


def main() -> None:
    """Print every figure, one a line."""
    many, day = articles(50_000, seed=1), articles(2_000, seed=2)
    edition = plan()
    print(f"50,000 articles to an issue   {seconds(lambda: pick(many, edition)):8.3f} s")
    print(f"25,000 articles to an issue   {seconds(lambda: pick(many[:25_000], edition)):8.3f} s")
    print(f"2,000 articles to an issue    {seconds(lambda: pick(day, edition)):8.3f} s")
    extra = articles(2_001, seed=2)[-1]
    memory = Memory()
    choose(day, SLOT, edition, memory=memory)
    one_more = seconds(lambda: choose([*day, extra], SLOT, edition, memory=memory), 9)
    print(f"one more in a day's 2,000     {one_more * 1000:8.1f} ms")
    for count in (4_000, 8_000, 16_000):
        spent = seconds(partial(pick, flood(count), edition), 1)
        print(f"{count:6,} made of a hundred words {spent:8.3f} s")
    issue = choose(many, SLOT, edition).issue
    chosen = frozenset(NAMES[:3])
    print(f"composing one set of sections {seconds(lambda: compose(issue, chosen)) * 1000:8.2f} ms")
    for count in (12_500, 25_000, 50_000):
        print(f"peak memory, {count:6,} articles  {peak(many[:count], edition):8.1f} MB")


def pick(many: list[KnownArticle], edition: EditionPlan) -> object:
    """Choose once."""
    return choose(many, SLOT, edition)


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """Return the best of some rounds."""
    spent = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    return min(spent)


def peak(many: list[KnownArticle], edition: EditionPlan) -> float:
    """Return the memory choosing takes at most, in megabytes, the articles themselves apart."""
    tracemalloc.start()
    choose(many, SLOT, edition)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def articles(count: int, seed: int) -> list[KnownArticle]:
    """Make up articles of the last three days."""
    dice = random.Random(seed)  # noqa: S311 - made-up articles, no secret
    words = [word(rank, dice) for rank in range(8_000)]
    heights = [1 / (rank + 10) for rank in range(len(words))]
    made: list[KnownArticle] = []
    for number in range(count):
        told = dice.choice(made).article if made and dice.random() < RETOLD else None
        title = retell(told.title, dice) if told else " ".join(dice.choices(words, heights, k=9))
        excerpt = told.excerpt if told else " ".join(dice.choices(words, heights, k=30))
        source = dice.choice(NAMES)
        published = AT - timedelta(minutes=dice.randint(1, 4_200))
        made.append(
            KnownArticle(
                article=Article(
                    id=f"{seed}-{number:06}",
                    source_id=source,
                    url=f"https://{source}.example/{number}",
                    title=title.capitalize(),
                    excerpt=excerpt.capitalize(),
                    published=published,
                    comments=dice.randint(0, 80),
                ),
                first_seen=published + timedelta(minutes=9),
                sources=(source,),
            )
        )
    return made


def flood(count: int) -> list[KnownArticle]:
    """Make up articles whose headlines and excerpts share a hundred words."""
    dice = random.Random(3)  # noqa: S311 - made-up articles, no secret
    words = [word(100, dice) for _ in range(100)]
    return [
        replace(
            known,
            article=replace(
                known.article,
                title=" ".join(dice.sample(words, k=9)),
                excerpt=" ".join(dice.choices(words, k=30)),
            ),
        )
        for known in articles(count, seed=3)
    ]


def word(rank: int, dice: random.Random) -> str:
    """Make up a word; as in real languages the frequent ones are short."""
    length = dice.randint(2, 5) + min(6, rank.bit_length() // 2)
    return "".join(dice.choices("abcdefghijklmnoprstuvwy", k=length))


def retell(title: str, dice: random.Random) -> str:
    """Swap one word, as another desk would."""
    words = title.split()
    words[dice.randrange(len(words))] = "meanwhile"
    return " ".join(words)


def plan() -> EditionPlan:
    """Return an edition of eight sections of one source each."""
    return EditionPlan(
        id="daily",
        title="Daily briefing",
        timezone="Europe/London",
        language="en",
        theme="frontpage",
        subject="{{ lead.title }}",
        preheader="{{ headlines }}",
        sections=tuple(SectionPlan(id=name, title=name, sources=(name,)) for name in NAMES),
        look_back_hours=72.0,
        site=SiteFacts(
            "Example News",
            "https://news.example",
            "https://digest.news.example",
            "1 Example Street",
        ),
        from_header="Example News <digest@news.example>",
    )


if __name__ == "__main__":
    main()
