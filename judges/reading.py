"""axe-core in Chromium: whether everybody can read the mail, in both schemes.

Looked at on a phone and on a desktop; what is serious or critical is a fault.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from judges.browsing import SCHEMES, opened, turned
from judges.tools import chromium, npm_file, npm_version
from judges.verdict import JudgedMail, Judgement, Verdict

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_WIDTHS = (375, 1200)
_GRAVE = {"serious", "critical"}
# Passes are only counted: sending each one's elements over takes longer than finding them.
_RUN = """() => axe.run(document, {resultTypes: ["violations"]}).then(
  ({violations, passes}) => ({violations, passes: passes.map(one => one.id)}))"""


def axe(mails: Sequence[JudgedMail], pictures: Mapping[str, bytes]) -> Judgement:
    """Run every rule of axe on every mail."""
    script = npm_file("axe-core", "axe.min.js").read_text(encoding="utf-8")
    faults: dict[str, list[str]] = defaultdict(list)
    lesser: Counter[str] = Counter()
    passed = 0
    with chromium() as browser:
        for mail in mails:
            for where, found in _asked(browser, mail, pictures, script):
                passed += len(found["passes"])
                for one in found["violations"]:
                    if one["impact"] in _GRAVE:
                        faults[mail.name] += _told(one, where)
                    else:
                        lesser[f"{one['impact']}: {one['id']}"] += 1
        version = f"axe-core {npm_version('axe-core')}, Chromium {browser.version}"
    return Judgement(
        "axe",
        version,
        "nothing serious or critical, light and dark, at 375 and 1200 px",
        tuple(
            Verdict(mail.name, f"{len(faults[mail.name])} serious", tuple(faults[mail.name]))
            for mail in mails
        ),
        (
            f"{passed} checks passed",
            *(f"{name}, {count} times" for name, count in sorted(lesser.items())),
        ),
    )


def _asked(
    browser: Browser, mail: JudgedMail, pictures: Mapping[str, bytes], script: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    with opened(browser, mail, pictures) as page:
        page.evaluate(script)
        for scheme, width in product(SCHEMES, _WIDTHS):
            turned(page, scheme, width)
            yield f"{scheme}, {width} px", page.evaluate(_RUN)


def _told(violation: Mapping[str, Any], where: str) -> Iterator[str]:
    for node in violation["nodes"]:
        yield f"{violation['impact']}: {violation['id']} ({where}) {node['html'][:140]!r}"
