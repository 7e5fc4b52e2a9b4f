"""The issue for one choice of sections: composed, then rendered."""

from __future__ import annotations

from dataclasses import dataclass, field

from digest.models.stories import Story


@dataclass(frozen=True, slots=True)
class ComposedSection:
    """A section as one variant shows it; never empty."""

    id: str
    title: str
    url: str
    top: tuple[Story, ...]
    latest: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """The issue as composing gave it for one chosen set of sections: each story once.

    `variant` names it ("all", "tech+world"); `subject` and `preheader` are finished text.
    """

    variant: str
    language: str
    subject: str
    preheader: str
    lead: Story | None
    lead_section: str
    sections: tuple[ComposedSection, ...]

    @property
    def stories(self) -> tuple[Story, ...]:
        """Every story in reading order."""
        rest = (story for part in self.sections for story in (*part.top, *part.latest))
        return (*((self.lead,) if self.lead else ()), *rest)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One variant as HTML and text. `holes` maps each hole's token to its name.

    A token is plain ASCII letters and digits, stands verbatim in `html` and `text`, and is
    replaced by bytes for each recipient: never by a template. `blocks` are the HTML cut where its
    blocks meet, so that what variants share is looked at once; none where that is not known.
    """

    variant: str
    language: str
    subject: str
    html: str
    text: str
    holes: dict[str, str] = field(default_factory=dict)
    blocks: tuple[str, ...] = field(default=(), compare=False, repr=False)
