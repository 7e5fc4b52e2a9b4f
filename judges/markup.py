"""The Nu HTML checker: whether the page is what the standard calls HTML.

Errors are faults. Of its warnings only those are let be that speak of the attributes by which
Outlook for Windows lays a mail out; any other is a fault too.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from judges.tools import npm_file, npm_version, output, program
from judges.verdict import JudgedMail, Judgement, Verdict

_FOR_OUTLOOK = re.compile(
    r"The “(width|border|cellpadding|cellspacing|align|valign)” attribute on the "
    r"“(table|td)” element is obsolete\."
)


def nu_html_checker(mails: Sequence[JudgedMail], _pictures: Mapping[str, bytes]) -> Judgement:
    """Check every page in one run of the checker."""
    java, jar = program("java", "default-jre-headless"), npm_file("vnu-jar", "build/dist/vnu.jar")
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{mail.name}.html" for mail in mails]
        for file, mail in zip(files, mails, strict=True):
            file.write_text(mail.html, encoding="utf-8")
        said = output([java, "-jar", jar, "--format", "json", "--exit-zero-always", *files])
    faults: dict[str, list[str]] = defaultdict(list)
    let_be: Counter[str] = Counter()
    for one in json.loads(said)["messages"]:
        name = Path(one.get("url", "")).stem
        if one["type"] == "info" and _FOR_OUTLOOK.match(one["message"]):
            let_be[name] += 1
        else:
            faults[name].append(f"{one['type']}: {one['message']} {one.get('extract', '')[:80]!r}")
    return Judgement(
        "Nu HTML checker",
        f"vnu-jar {npm_version('vnu-jar')}",
        "no error; of warnings only those about the table attributes that Outlook needs",
        tuple(
            Verdict(mail.name, f"{len(faults[mail.name])} errors", tuple(faults[mail.name]))
            for mail in mails
        ),
        (f"{sum(let_be.values())} warnings about table attributes, kept for Outlook",),
        tuple(faults[""]),
    )
