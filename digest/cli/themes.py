"""The looks of mails: the themes there are, a look at one, a copy to change."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from digest.cli.output import emit, say, table
from digest.cli.session import Json

if TYPE_CHECKING:
    from digest.config import Settings
    from digest.models.site import Brand

themes = typer.Typer(name="theme", help="How mails look.", no_args_is_help=True)
ThemeName = Annotated[str, typer.Argument(metavar="NAME", help="A theme of digest theme list.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(themes)


@themes.command("list")
def list_all(context: typer.Context, json: Json = False) -> None:
    """List the themes that ship with Digest and those in ./themes."""
    from digest.pipeline.mails.theming import list_themes

    found = list_themes(_folder(context))
    if json:
        emit({"themes": [theme.as_json() for theme in found]})
        return
    table(
        ("name", "title", "about", "whose"),
        ((theme.name, theme.title, theme.about, theme.origin()) for theme in found),
    )


@themes.command()
def preview(
    context: typer.Context,
    name: ThemeName = "frontpage",
    language: Annotated[str, typer.Option("--language", help="As in en, de, ar, ja.")] = "en",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write NAME.html and NAME.txt instead."),
    ] = None,
    port: Annotated[int, typer.Option("--port", help="Port on 127.0.0.1; 0 takes a free one.")] = (
        8027
    ),
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open it in the browser.")
    ] = False,
    json: Json = False,
) -> None:
    """Show a sample issue in a theme.

    The page renews itself when a file of the theme is saved.
    """
    from digest.pipeline.mails.sample import sample

    shown = sample(_folder(context), name, language, _brand(context, name))
    if out is not None:
        written = _write(out, {f"{name}.html": shown.html, f"{name}.txt": shown.text})
        if json:
            emit({"files": written, "html_bytes": len(shown.html.encode())})
        for file in () if json else written:
            say(f"wrote {file}")
        return
    _serve(context, name, language, port, open_browser=open_browser, json=json)


@themes.command()
def eject(
    context: typer.Context,
    name: ThemeName,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]…", help="Only these: blocks/footer.html. All if none."),
    ] = None,
    rename: Annotated[
        str, typer.Option("--as", metavar="NEW", help="Make a theme of this name of it.")
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over files of yours.")] = False,
    json: Json = False,
) -> None:
    """Copy a theme, or single files of it, to make it yours.

    They land in ./themes, where yours win over the shipped ones.
    """
    from digest.pipeline.mails.theming import eject as copy

    written = [str(file) for file in copy(_folder(context), name, files or (), rename, force=force)]
    if json:
        emit({"files": written})
        return
    for file in written:
        say(f"wrote {file}")


def _serve(
    context: typer.Context, name: str, language: str, port: int, *, open_browser: bool, json: bool
) -> None:
    from digest.cli.stopping import wait_for_stop
    from digest.web.local_access import LocalAccess
    from digest.web.preview import make_preview
    from digest.web.server.serving import serving
    from digest.web.theme_backend import ThemePreview

    backend = ThemePreview(_folder(context), name, language, lambda theme: _brand(context, theme))
    app = make_preview(backend)
    with serving(lambda base: LocalAccess(app, base), port=port) as address:
        if json:
            emit({"url": address})
        else:
            say(f"{name} at {address} — Ctrl-C ends it.")
        if open_browser:
            typer.launch(address)
        wait_for_stop()


def _folder(context: typer.Context) -> Path:
    """Return the folder of digest.toml, which need not be there to look at a theme."""
    path: Path = context.obj
    return path.parent


def _brand(context: typer.Context, theme: str) -> Brand | None:
    """Return the newsroom's brand, where there is a configuration."""
    from digest.pipeline.issue.brand import brand_of

    settings = _settings(context)
    return brand_of(settings, theme) if settings else None


def _settings(context: typer.Context) -> Settings | None:
    from digest.pipeline.configured.loading import load_settings

    path: Path = context.obj
    return load_settings(path, os.environ) if path.is_file() else None


def _write(folder: Path, files: dict[str, str]) -> list[str]:
    from digest.errors import UsageError

    if folder.exists() and not folder.is_dir():
        raise UsageError("is a file", where=str(folder), fix="Name a folder with --out")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [str(folder / name) for name in files]
