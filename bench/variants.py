"""What 255 variants of one issue cost against one: python -m bench.variants.

Eight sections with three top and four latest stories each; a variant is every set of them. Each
variant's HTML and text are made and looked at one after the other, as sending does. Prints
processor time, the best of several runs, because other programs share the machine. A command loads
the theme and renders, so both are shown apart and together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import combinations

from digest.models.articles import Article, Picture
from digest.models.compositions import ComposedSection, Composition
from digest.models.issues import Issue, IssueSection, Slot
from digest.models.site import SiteFacts
from digest.models.stories import Story
from digest.render import RenderedIssue, load_theme, render
from digest.resources import templates_folder

_AT = datetime(2026, 11, 23, 7, tzinfo=UTC)
_NONCE = "a1b2c3d4e5f6"
_SECTIONS = 8
_WORDS = "The long way round the harbour is the shorter one when the tide is out, say ferrymen"


def _story(section: int, number: int) -> Story:
    name = f"{section}-{number}"
    article = Article(
        id=name,
        source_id=str(section),
        url=f"https://news.example/2026/11/{name}/the-long-way-round-the-harbour",
        title=f"{_WORDS[: 40 + number * 5]} {name}",
        excerpt=f"{_WORDS}. {_WORDS}. {_WORDS}.",
        author="Maren Holloway",
        published=_AT - timedelta(hours=number),
        picture=Picture(f"https://news.example/{name}.jpg", 1200, 675, "The harbour"),
        reading_minutes=number + 1,
    )
    return Story(name, article, sections=(str(section),))


def _composition(chosen: tuple[int, ...]) -> Composition:
    """Compose as editorial does: the lead is the first section's best, and stands once."""
    stories = {section: [_story(section, number) for number in range(8)] for section in chosen}
    lead = stories[chosen[0]].pop(0)
    parts = [
        ComposedSection(str(key), f"Section {key}", "", tuple(found[:3]), tuple(found[3:7]))
        for key, found in stories.items()
    ]
    name = "+".join(map(str, chosen))
    return Composition(name, "en", name, "More", lead, str(chosen[0]), tuple(parts))


def _issue(whole: Composition) -> Issue:
    site = SiteFacts("News", "https://news.example", "https://news.example", "1 Street")
    sections = tuple(IssueSection(part.id, part.title, "", 3, 4, (), ()) for part in whole.sections)
    slot = Slot("daily", "2026-11-23", _AT)
    return Issue(slot, "Daily", "UTC", "en", "frontpage", site, "", "", "", sections, whole.stories)


def _best(run: Callable[[], object]) -> float:
    """Return the shortest of eight runs in milliseconds of processor time."""
    times = []
    for _ in range(8):
        start = time.process_time()
        run()
        times.append((time.process_time() - start) * 1000)
    return min(times)


def _letters(issue: RenderedIssue) -> int:
    """Put every variant together and count its letters."""
    return sum(len(one.html) + len(one.text) for one in issue.values())


def main() -> None:
    """Measure and print."""
    numbers = range(_SECTIONS)
    sets = [chosen for size in numbers for chosen in combinations(numbers, size + 1)]
    compositions = [_composition(chosen) for chosen in sets]
    whole = compositions[-1]
    issue, folder = _issue(whole), [templates_folder() / "email"]
    theme = load_theme("frontpage", folder)
    size = len(render(issue, [whole], theme, _NONCE)[whole.variant].html.encode())
    one = _best(lambda: _letters(render(issue, [whole], theme, _NONCE)))
    many = _best(lambda: _letters(render(issue, compositions, theme, _NONCE)))
    print(f"stories        {len(whole.stories)}, HTML {size} bytes")
    load = _best(lambda: load_theme("frontpage", folder))
    print(f"load_theme     {load:8.1f} ms")
    print(f"1 variant      {one:8.1f} ms, with the theme {load + one:8.1f} ms")
    print(f"{len(sets)} variants   {many:8.1f} ms, with the theme {load + many:8.1f} ms")
    print(
        f"ratio          {many / one:8.2f},    with the theme {(load + many) / (load + one):8.2f}"
    )


if __name__ == "__main__":
    main()
