"""What of an institution's package may go back: its visible sheets, and the parts that they are shown with."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from trainingcli.intake.formats.xlsx import relations
from trainingcli.intake.formats.zip_kinds import workbook_part
from trainingcli.intake.gate.bounds import DEFAULT
from trainingcli.intake.gate.package import Package
from trainingcli.intake.gate.refusal import Refused
from trainingcli.reports.returned.xml_form import Unusual, attribute, local, parsed

_MOST_BYTES = 60_000_000  # of the sheets that go back, inflated: marking takes some ten times that in memory


@dataclass(frozen=True)
class SourceSheet:
    """A visible sheet: its place among all sheets of the workbook, from 0, and its part."""

    name: str
    place: int
    part: str


@dataclass(frozen=True)
class SourceBook:
    """A package that the gate's directory check has passed. `hidden`: sheets that do not go back.

    `dropped`: the parts of all sheets that do not.
    """

    package: Package
    workbook: Element
    sheets: list[SourceSheet]
    dropped: frozenset[str]
    hidden: int
    beside: dict[str, str]  # kind of a part beside the sheets → its name

    def date1904(self) -> bool:
        """Tell whether days are counted from 1904."""
        properties = (one for one in self.workbook if local(one) == "workbookPr")
        return next(properties, self.workbook).get("date1904", "0") in ("1", "true")

    def names(self) -> list[str]:
        """Return the parts, but those of sheets that do not go back."""
        found = (info.filename.replace("\\", "/") for info in self.package.parts.values())
        return [name for name in found if name not in self.dropped]

    def read(self, part: str) -> bytes:
        """Return a part's bytes; `Unusual` where the gate refuses it."""
        try:
            return self.package.read(part, DEFAULT.part_bytes)
        except Refused:
            raise Unusual from None

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Return a part's relations within the package: id → (part, kind)."""
        return _related(self.package, part)


def open_source(data: bytes, ours: set[str]) -> SourceBook:
    """Open a package. `ours`: names of sheets that an earlier return added. Raises `Unusual`."""
    try:
        package = Package.open(data, DEFAULT)
        name = workbook_part(package)
        if not name or name.endswith(".bin"):
            raise Unusual
        workbook = parsed(package.read(name, DEFAULT.part_bytes))
        targets = _related(package, name)
    except Refused:
        raise Unusual from None
    kept: list[SourceSheet] = []
    dropped: set[str] = set()
    hidden = 0
    for place, sheet in enumerate(one for group in workbook if local(group) == "sheets" for one in group):
        part, kind = targets.get(attribute(sheet, "id") or "", ("", ""))
        is_hidden = sheet.get("state", "visible") != "visible"
        if not is_hidden and kind == "worksheet" and part in package and sheet.get("name") not in ours:
            kept.append(SourceSheet(sheet.get("name", ""), place, part))
        elif kind == "worksheet":
            dropped.add(part)
        hidden += is_hidden
    parts = {sheet.part for sheet in kept}
    if sum(map(package.size, parts)) > _MOST_BYTES:
        raise Unusual
    beside = {kind: part for part, kind in targets.values() if part in package}
    return SourceBook(package, workbook, kept, frozenset(dropped - parts), hidden, beside)


def _related(package: Package, part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    found = posixpath.join(folder, "_rels", f"{name}.rels")
    try:
        return relations(package, found, folder) if found in package else {}
    except Refused:
        raise Unusual from None
