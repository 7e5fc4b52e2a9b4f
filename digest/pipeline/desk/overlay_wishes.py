"""What an editor may change in one issue's overlay: values, in the words of the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from digest.editorial.overlay.names import headline_key, page_key, parameters


@dataclass(frozen=True, slots=True)
class StoryNames:
    """A story: the id it is written by, and all names of its articles that a file may hold."""

    id: str
    names: frozenset[str] = frozenset()

    def is_called(self, name: str) -> bool:
        """Whether an entry's `story` means this one: by id, address or headline."""
        return not _ways(name).isdisjoint(_ways(self.id).union(*map(_ways, self.names)))


@dataclass(frozen=True, slots=True)
class LeadStory:
    """Let a story lead; for readers of its sections, or for everyone."""

    story: StoryNames
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class LetRankLead:
    """Let the ranking choose the lead again."""


@dataclass(frozen=True, slots=True)
class PinStory:
    """Put a story at a place of a section; one that was out comes in, one elsewhere moves."""

    story: StoryNames
    section: str
    place: int = 1


@dataclass(frozen=True, slots=True)
class UnpinStory:
    """Let the ranking place a story again."""

    story: StoryNames


@dataclass(frozen=True, slots=True)
class DropStory:
    """Leave a story out."""

    story: StoryNames
    why: str = ""


@dataclass(frozen=True, slots=True)
class RestoreStory:
    """Take a drop back."""

    story: StoryNames


@dataclass(frozen=True, slots=True)
class ArrangeSection:
    """Show these stories of a section first, in this order."""

    section: str
    stories: tuple[StoryNames, ...]


@dataclass(frozen=True, slots=True)
class RewordStory:
    """New words or a new picture for a story; None leaves its own."""

    story: StoryNames
    headline: str | None = None
    excerpt: str | None = None
    picture: str | None = None
    picture_alt: str | None = None


@dataclass(frozen=True, slots=True)
class MergeStories:
    """Tell two stories as one; the first leads."""

    first: StoryNames
    other: StoryNames


@dataclass(frozen=True, slots=True)
class SplitArticle:
    """Tell one article of a story as a story of its own; `article` has the names of it alone."""

    article: StoryNames


@dataclass(frozen=True, slots=True)
class WriteNote:
    """The editors' note, Markdown; no text takes it away."""

    text: str
    byline: str = ""


@dataclass(frozen=True, slots=True)
class WriteSubject:
    """Subject and preheader of this issue; "" leaves the edition's own."""

    subject: str
    preheader: str


@dataclass(frozen=True, slots=True)
class PutSponsor:
    """A paid slot: a new one, or the changed one of that number (from 0, in the file's order)."""

    text: str
    label: str
    link: str = ""
    picture: str = ""
    picture_alt: str = ""
    section: str = ""
    starts: date | datetime | None = None
    expires: date | datetime | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class PutLink:
    """A link below the stories."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class RemoveEntry:
    """Take away the sponsor or link of that number (from 0, in the file's order)."""

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class OrderHeadings:
    """Show these sections first, in this order; none leaves the edition's own order."""

    sections: tuple[str, ...] = field(default=())


Change = (
    LeadStory
    | LetRankLead
    | PinStory
    | UnpinStory
    | DropStory
    | RestoreStory
    | ArrangeSection
    | RewordStory
    | MergeStories
    | SplitArticle
    | WriteNote
    | WriteSubject
    | PutSponsor
    | PutLink
    | RemoveEntry
    | OrderHeadings
)


def _ways(name: str) -> frozenset[str]:
    """Return the forms in which a name is compared: as it is, as an address, as a headline."""
    asked = "&".join(sorted(f"{key}={value}" for key, value in parameters(name)))
    address = f"{page_key(name)}?{asked}" if "/" in name else ""
    return frozenset({name, address, headline_key(name)} - {""})
