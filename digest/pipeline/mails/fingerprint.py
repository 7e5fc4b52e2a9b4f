"""The hash that an editor approves: an issue's content and its renderings, whoever its readers are.

It is taken of the mail of all sections and of the mail of each section alone. Every variant is put
together from the blocks of these, so that a reader who chooses other sections changes no hash, and
an issue has its hash before anybody is planned. The figures of the ranking are left out: they move
with the clock, and no mail shows them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from digest.config import Settings
from digest.frozen import freeze
from digest.models.compositions import Composition
from digest.models.issues import Issue, Slot
from digest.pipeline.issue.composing import compose_all
from digest.pipeline.issue.overlays import STANDING
from digest.pipeline.issue.slots import edition_named
from digest.pipeline.mails.budget import Fitted, render_within_budget
from digest.pipeline.mails.rendering import renderer_of
from digest.render import Renderer

_ALL = ""


@dataclass(frozen=True, slots=True)
class HashedIssue:
    """An issue rendered for its hash: every page that the hash was taken of, as it fits.

    `renderer` has all of it ready, for a look at any other variant.
    """

    sha256: str
    nonce_source: str
    fitted: Fitted
    renderer: Renderer


def approval_hash(settings: Settings, issue: Issue) -> str:
    """Return the SHA-256 of content and renderings, in lower-case hexadecimal.

    Raises RenderError as rendering does.
    """
    return proof_of(settings, issue).sha256


def proof_of(settings: Settings, issue: Issue) -> HashedIssue:
    """Render what the hash is taken of, and keep it. Raises RenderError as rendering does."""
    frozen = freeze(_without_figures(issue))
    choices = (_ALL, *(section.id for section in issue.sections))
    pages = {page.variant: page for page in compose_all(issue, choices).values() if page}
    renderer = renderer_of(settings, issue, frozen.sha256)
    fitted = render_within_budget(settings, issue, frozen.sha256, pages.values(), renderer)
    mark = hashlib.sha256(frozen.json.encode())
    for name in sorted(fitted.rendered):
        seen = fitted.rendered[name]
        said = [name, seen.subject, seen.html, seen.text, sorted(seen.holes.items())]
        mark.update(json.dumps(said).encode())
    return HashedIssue(mark.hexdigest(), frozen.sha256, fitted, renderer)


def fitted_alone(settings: Settings, issue: Issue, proof: HashedIssue, page: Composition) -> Fitted:
    """Return one variant as it fits by itself; nothing of the proof is rendered again."""
    shared = proof.fitted
    if page.variant in shared.rendered and shared.left.keys() <= {page.variant}:
        return Fitted(
            {page.variant: shared.compositions[page.variant]},
            shared.rendered.only([page.variant]),
            shared.left,
            shared.max_kb,
        )
    return render_within_budget(settings, issue, proof.nonce_source, [page], proof.renderer)


def inputs_hash(settings: Settings, slot: Slot) -> str:
    """Return the SHA-256 of what editors can change: the slot's overlays and the configuration.

    Keys that stand at their default are left out, so that a new Digest changes nothing.
    """
    edition = edition_named(settings, slot.edition)
    tables = (settings.site, settings.mail, settings.brand, edition, *settings.sections_of(edition))
    mark = hashlib.sha256()
    for table in tables:
        mark.update(table.model_dump_json(exclude_defaults=True).encode())
    for name in (slot.key, STANDING):
        path = settings.folder / "overlays" / slot.edition / f"{name}.toml"
        mark.update(b"\0" + (path.read_bytes() if path.is_file() else b""))
    return mark.hexdigest()


def outline_of(page: Composition) -> dict[str, object]:
    """Return what a mail tells, for a person to compare: its words, and each story by place."""
    return {
        "subject": page.subject,
        "preheader": page.preheader,
        "stories": [list(row) for row in _stories(page)],
    }


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """Say what changed between two outlines; nothing if a reader of all sections sees the same."""
    return tuple(_differences(before, after))


def _differences(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    for name in ("subject", "preheader"):
        if before.get(name) != after.get(name):
            yield f'the {name} "{before.get(name)}" is now "{after.get(name)}"'
    old, new = _by_id(before), _by_id(after)
    yield from (f'new: "{new[one][1]}" ({new[one][0]})' for one in new if one not in old)
    yield from (f'gone: "{old[one][1]}" ({old[one][0]})' for one in old if one not in new)
    for one in new.keys() & old.keys():
        (was, said), (where, says) = old[one], new[one]
        if said != says:
            yield f'"{said}" is now "{says}"'
        if was != where:
            yield f'"{says}" moved from {was} to {where}'
    both = new.keys() & old.keys()
    if [one for one in old if one in both] != [one for one in new if one in both]:
        yield "the order of the stories"


def _by_id(outline: Mapping[str, object]) -> dict[str, tuple[str, str]]:
    rows = outline.get("stories")
    return {row[1]: (row[0], row[2]) for row in rows} if isinstance(rows, list) else {}


def _stories(page: Composition) -> Iterator[tuple[str, str, str]]:
    """Yield each story's place, id and headline, in reading order."""
    if page.lead:
        yield "lead", page.lead.id, page.lead.article.title
    for section in page.sections:
        for story in (*section.top, *section.latest):
            yield section.title, story.id, story.article.title


def _without_figures(issue: Issue) -> Issue:
    return replace(
        issue,
        sections=tuple(replace(section, scores=()) for section in issue.sections),
        stories=tuple(replace(story, score=0.0) for story in issue.stories),
    )
