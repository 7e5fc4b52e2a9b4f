"""Chromium itself: whether the mail fits every screen, with pictures and without them.

At 320, 375, 600 and 1200 px in both schemes: nothing scrolls sideways, no word sticks out, no
column is too narrow to be read, no letter is below 14 px.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import product

from judges.browsing import SCHEMES, opened, turned
from judges.tools import chromium
from judges.verdict import JudgedMail, Judgement, Verdict

WIDTHS = (320, 375, 600, 1200)
# Gives what is wrong with what is seen, in words.
_LOOK = """() => {
  const wide = document.documentElement.clientWidth, faults = [];
  const told = element => element.textContent.trim().slice(0, 50);
  if (document.documentElement.scrollWidth > wide)
    faults.push(`scrolls sideways: ${document.documentElement.scrollWidth} of ${wide} px`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    const style = getComputedStyle(element);
    if (!node.textContent.trim() || !element.checkVisibility({opacityProperty: true})) continue;
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width && (box.left < -0.5 || box.right > wide + 0.5)) {
        faults.push(`sticks out: "${told(element)}"`);
        break;
      }
    if (parseFloat(style.fontSize) < 14) faults.push(`${style.fontSize}: "${told(element)}"`);
  }
  for (const element of document.querySelectorAll("p, h1, h2, h3, li")) {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    const lines = box.height / parseFloat(style.lineHeight);
    if (element.checkVisibility() && lines > 3.5 && box.width < 8 * parseFloat(style.fontSize))
      faults.push(`a column of ${Math.round(box.width)} px: "${told(element)}"`);
  }
  for (const picture of document.images) {
    const box = picture.getBoundingClientRect();
    if (!picture.checkVisibility() || !picture.naturalWidth) continue;
    const off = box.width / box.height / (picture.naturalWidth / picture.naturalHeight);
    if (Math.abs(off - 1) > 0.03) faults.push(`out of shape: ${picture.alt}`);
  }
  return faults;
}"""


def layout(mails: Sequence[JudgedMail], pictures: Mapping[str, bytes]) -> Judgement:
    """Look at every mail at every width."""
    faults: dict[str, list[str]] = defaultdict(list)
    views = list(product(SCHEMES, WIDTHS))
    with chromium() as browser:
        for mail, shown in product(mails, (pictures, {})):
            with opened(browser, mail, shown) as page:
                for scheme, width in views:
                    turned(page, scheme, width)
                    where = f"{scheme}, {width} px{'' if shown else ', pictures missing'}"
                    faults[mail.name] += [f"{said} ({where})" for said in page.evaluate(_LOOK)]
        version = f"Chromium {browser.version}"
    looks = 2 * len(views)
    return Judgement(
        "layout",
        version,
        "nothing sticks out, is cramped, out of shape or below 14 px, at "
        "320, 375, 600 and 1200 px, light and dark, with and without pictures",
        tuple(
            Verdict(mail.name, f"{looks} views", tuple(dict.fromkeys(faults[mail.name])))
            for mail in mails
        ),
        (f"{looks * len(mails)} views",),
    )
