"""SpamAssassin: whether a filter that knows only the mail itself takes it for spam.

Local rules only (`-L`), as they ship; no address of ours, nothing learnt, no network.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from judges.tools import output, program
from judges.verdict import JudgedMail, Judgement, Verdict

_LIMIT = 0.5
_STATUS = re.compile(
    r"^From (\S+) .*?^X-Spam-Status: \w+, score=(-?[\d.]+) required=[\d.]+ tests=(\S*)",
    re.MULTILINE | re.DOTALL,
)
_BODY_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_SETTINGS = "use_bayes 0\nuse_auto_whitelist 0\nfold_headers 0\n"


def spamassassin(mails: Sequence[JudgedMail], _pictures: Mapping[str, bytes]) -> Judgement:
    """Ask about all mails at once, as one mailbox."""
    tool = program("spamassassin", "spamassassin")
    with tempfile.TemporaryDirectory() as folder:
        box, settings = Path(folder) / "mails.mbox", Path(folder) / "settings.cf"
        box.write_bytes(b"".join(_in_a_box(mail) for mail in mails))
        settings.write_text(_SETTINGS, encoding="utf-8")
        command = [tool, "-t", "-L", "-x", "-p", str(settings), "--mbox", str(box)]
        said = output(command).decode("utf-8", "replace")
    found = {name: (score, tests) for name, score, tests in _STATUS.findall(said)}
    if unheard := [mail.name for mail in mails if mail.name not in found]:
        raise RuntimeError(f"spamassassin said nothing about {', '.join(unheard)}")
    return Judgement(
        "SpamAssassin",
        " ".join(output([tool, "-V"]).decode().split()[:3]),
        f"a score of {_LIMIT} at most, with -t -L",
        tuple(_verdict(mail.name, *found[mail.name]) for mail in mails),
    )


def _in_a_box(mail: JudgedMail) -> bytes:
    """Return the mail as mbox holds it: under a line that names it, lines that look so quoted."""
    lines = _BODY_FROM.sub(rb">\1", mail.data.replace(b"\r\n", b"\n"))
    return f"From {mail.name} Mon Nov 23 07:00:00 2026\n".encode() + lines + b"\n"


def _verdict(mail: str, score: str, tests: str) -> Verdict:
    over = float(score) > _LIMIT
    return Verdict(mail, score, (f"{score}: {tests}",) if over else ())
