"""Pictures, charts and shapes of a sheet, as far as they show nothing but the sheets that go back."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from trainingcli.reports.returned.source_book import SourceBook
from trainingcli.reports.returned.xml_form import HEAD, SPACES, parsed, prefixed, written

_LINKS = ("a:hlinkClick", "a:hlinkHover")
_OUTSIDE = ("c:externalData", "c:userShapes", "c:pivotSource")
_SHOWN = {"xdr:sp", "xdr:cxnSp", "xdr:grpSp", "xdr:pic", "xdr:graphicFrame"}
_PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "bmp": "image/bmp",
             "emf": "image/x-emf", "wmf": "image/x-wmf", "tif": "image/tiff", "tiff": "image/tiff"}  # fmt: skip


@dataclass
class DrawnParts:
    """Parts that drawings need, by their new names; `types`: of pictures the kind by the ending of the name."""

    parts: dict[str, bytes] = field(default_factory=dict)
    relations: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # part → (kind, target)
    types: dict[str, str] = field(default_factory=dict)
    charts: int = 0
    pictures: int = 0

    def add(self, source: SourceBook, part: str, name: str, inside: Callable[[str], bool]) -> bool:
        """Take a drawing over as `name`; False where nothing of it may go back. `inside`: whether a range does."""
        root, related = parsed(source.read(part)), source.related(part)
        targets: list[tuple[str, str]] = []
        for anchor in list(root):
            _clean(anchor)
            if not self._keep(source, anchor, related, targets, inside):
                root.remove(anchor)
        if not len(root):
            return False
        self.parts[name] = _part(root)
        self.relations[name] = targets
        return True

    def _keep(
        self,
        source: SourceBook,
        anchor: Element,
        related: dict[str, tuple[str, str]],
        targets: list[tuple[str, str]],
        inside: Callable[[str], bool],
    ) -> bool:
        if not {prefixed(str(one.tag)) for one in anchor} & _SHOWN:
            return False
        used = [
            (one, key, value) for one in anchor.iter() for key, value in one.items() if prefixed(key).startswith("r:")
        ]
        found = []
        for element, key, value in used:
            part, kind = related.get(value, ("", ""))
            new = self._taken(source, part, kind, inside)
            if new is None:
                return False
            found.append((element, key, kind, new))
        for element, key, kind, new in found:
            targets.append((kind, new))
            element.set(key, f"r{len(targets)}")
        return True

    def _taken(self, source: SourceBook, part: str, kind: str, inside: Callable[[str], bool]) -> str | None:
        ending = posixpath.splitext(part)[1].lower().removeprefix(".")
        if kind == "image" and ending in _PICTURES and part in source.package:
            self.pictures += 1
            name = f"xl/media/image{self.pictures}.{ending}"
            self.parts[name], self.types[ending] = source.read(part), _PICTURES[ending]
            return name
        if kind != "chart" or part not in source.package:
            return None
        root = parsed(source.read(part))
        ranges = ["".join(one.itertext()) for one in root.iter() if prefixed(str(one.tag)) == "c:f"]
        pictures = any(prefixed(key).startswith("r:") for one in root.iter() for key, _ in one.items())
        if pictures or not all(map(inside, ranges)):
            return None
        _clean(root)
        self.charts += 1
        name = f"xl/charts/chart{self.charts}.xml"
        self.parts[name] = _part(root)
        return name


def _clean(root: Element) -> None:
    """Take off what leads elsewhere: links, macros, cells that a shape repeats, data of other files."""
    for element in root.iter():
        for child in list(element):
            name = prefixed(str(child.tag))
            if name in (*_LINKS, *_OUTSIDE) or name.endswith("extLst"):
                element.remove(child)
        for key in ("macro", "textlink"):
            if element.attrib.pop(key, None) is not None and key == "macro":
                element.set(key, "")


def _part(root: Element) -> bytes:
    spaces = "".join(
        f' xmlns:{prefix[:-1]}="{space}"' for space, prefix in SPACES.items() if prefix not in ("", "xml:")
    )
    text = written(root)
    name = re.match(r"<[\w:]+", text)
    at = name.end() if name else 0
    return f"{HEAD}{text[:at]}{spaces}{text[at:]}".encode()
