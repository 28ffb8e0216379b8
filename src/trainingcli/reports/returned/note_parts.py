"""Comments of a sheet: those that the institution's own have, and ours; the two parts that show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from trainingcli.intake.formats.strange_cells import column_of
from trainingcli.reports.returned.xml_form import as_attribute, local, part

_SHAPES = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="1"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>{}</xml>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{}" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;'
    'width:{}px;height:{}px;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{}</x:Row><x:Column>{}</x:Column></x:ClientData></v:shape>"
)
_FIRST = 1025  # the number of a drawing's first shape
_WIDTH, _HEIGHT, _OURS_WIDTH = 144, 79, 320


class Note(NamedTuple):
    """A cell's comment."""

    author: str
    text: str


def notes_of(root: Element) -> dict[str, Note]:
    """Return the comments of a part: reference → comment."""
    groups = {local(group): group for group in root}
    authors = ["".join(author.itertext()) for author in groups.get("authors", ())]
    found = {}
    for comment in groups.get("commentList", ()):
        number = comment.get("authorId", "0")
        author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
        texts = [one for one in comment.iter() if local(one) == "t"]
        found[comment.get("ref", "").replace("$", "")] = Note(author, "".join("".join(one.itertext()) for one in texts))
    return found


def comments_part(notes: Iterable[tuple[str, Note]]) -> bytes:
    """Return the part with the comments' texts."""
    listed = list(notes)
    authors = list(dict.fromkeys(note.author for _, note in listed))
    places = {author: place for place, author in enumerate(authors)}
    named = "".join(f"<author>{as_attribute(author)}</author>" for author in authors)
    shown = cache(as_attribute)  # most of it is said of many cells
    said = "".join(
        f'<comment ref="{as_attribute(reference)}" authorId="{places[note.author]}" shapeId="0"><text><t '
        f'xml:space="preserve">{shown(note.text)}</t></text></comment>'
        for reference, note in listed
    )
    return part("comments", f"<authors>{named}</authors><commentList>{said}</commentList>")


def shapes_part(notes: Mapping[str, Note], ours: str) -> bytes:
    """Return the part with the comments' boxes. `ours`: the author of the larger ones."""
    size = cache(_size)
    shapes = (
        _SHAPE.format(number, *size(note, ours), *(at - 1 for at in place_of(reference)))
        for number, (reference, note) in enumerate(notes.items(), _FIRST)
    )
    return _SHAPES.format("".join(shapes)).encode()


def place_of(reference: str) -> tuple[int, int]:
    """Return a cell's row and column, counted from 1."""
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]), column_of(letters) + 1


def note_size(text: str) -> tuple[int, int]:
    """Return width and height of one of our comments, in pixels."""
    return _OURS_WIDTH, min(60 + 18 * text.count("\n") + len(text), 400)


def _size(note: Note, ours: str) -> tuple[int, int]:
    return note_size(note.text) if note.author == ours else (_WIDTH, _HEIGHT)
