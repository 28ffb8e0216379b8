"""Which kind of workbook a zip holds: xlsx, xlsb, ods; or what else it is, said by name."""

from __future__ import annotations

from trainingcli.intake.formats.grid import OpenedBook
from trainingcli.intake.gate.bounds import Bounds
from trainingcli.intake.gate.package import Package
from trainingcli.intake.gate.refusal import Refused
from trainingcli.language import Text

_OTHERS = (
    ("word/document.xml", Text("Word 文档（.docx）", "a Word document (.docx)")),
    ("ppt/presentation.xml", Text("PowerPoint 文稿（.pptx）", "a PowerPoint file (.pptx)")),
    ("index/document.iwa", Text("Apple Numbers/Pages 文件", "an Apple Numbers or Pages file")),
    ("index.zip", Text("Apple Numbers/Pages 文件", "an Apple Numbers or Pages file")),
    ("androidmanifest.xml", Text("安卓安装包（.apk）", "an Android package (.apk)")),
    ("meta-inf/manifest.mf", Text("Java 程序包（.jar）", "a Java archive (.jar)")),
)
_NO_SPREADSHEET = Text(
    "是{what}，不是表格；请提供 .xlsx、.xls 或 .csv", "it is {what}, not a spreadsheet; send .xlsx, .xls or .csv"
)


def open_zip(data: bytes, bounds: Bounds) -> OpenedBook:
    """Open a zip by what it holds."""
    package = Package.open(data, bounds)
    workbook = workbook_part(package)
    if workbook.endswith(".bin"):
        from trainingcli.intake.formats.xlsb import open_xlsb

        return open_xlsb(package, workbook, bounds)
    if workbook:
        from trainingcli.intake.formats.xlsx import open_xlsx

        return open_xlsx(package, workbook, bounds)
    if "content.xml" in package and "mimetype" in package:
        from trainingcli.intake.formats.ods import open_ods

        return open_ods(package, bounds)
    for part, what in _OTHERS:
        if part in package:
            raise no_spreadsheet(what)
    if any(name.endswith((".xlsx", ".xls", ".csv", ".et", ".ods")) for name in package.parts):
        raise Refused(
            Text("是压缩包；请先解压，再处理里面的表格", "it is a zip archive; unpack it and give the files in it")
        )
    raise no_spreadsheet(Text("压缩包（.zip）", "a zip archive"))


def workbook_part(package: Package) -> str:
    """Return the part that the package's own relations name as the workbook, else where workbooks have it; else ""."""
    if "_rels/.rels" in package:
        from trainingcli.intake.formats.xlsx import parse_xml, relations

        for part, kind in relations(package, "_rels/.rels", "").values():
            if kind != "officeDocument" or part not in package or part.casefold() in dict(_OTHERS):
                continue
            if part.endswith(".bin") or parse_xml(package, part).tag.rpartition("}")[2] == "workbook":
                return part
    return next((part for part in ("xl/workbook.xml", "xl/workbook.bin") if part in package), "")


def no_spreadsheet(what: Text) -> Refused:
    """Return the refusal of something that is no spreadsheet, by its name."""
    return Refused(_NO_SPREADSHEET.format(what=what))
