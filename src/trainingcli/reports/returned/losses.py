"""What of an institution's workbook is not in its return: found by comparing the two packages, not by guessing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from zipfile import ZipFile

from trainingcli.language import Text, tr

# What it is called, which parts it is, and what is counted in them (nothing: the parts themselves).
_KINDS: tuple[tuple[Text, str, bytes], ...] = (
    (Text("图片", "pictures"), r"xl/media/", b""),
    (Text("图表", "charts"), r"xl/(charts/chart\d|chartsheets/sheet\d|charts/chartEx)", b""),
    (Text("文本框和图形", "text boxes and shapes"), r"xl/drawings/drawing", rb"<xdr:(?:sp|cxnSp|grpSp)\b"),
    (Text("窗体控件", "form controls"), r"xl/(ctrlProps|activeX)/", b""),
    (Text("嵌入的对象", "embedded objects"), r"xl/embeddings/", b""),
    (Text("宏", "macros"), r"xl/(vbaProject\.bin|macrosheets/)", b""),
    (Text("会话批注", "threaded comments"), r"xl/threadedComments/", b""),
    (Text("透视表", "pivot tables"), r"xl/pivotTables/", b""),
    (Text("指向其他工作簿的链接", "links to other workbooks"), r"xl/externalLinks/externalLink", b""),
    (Text("超链接", "hyperlinks"), r"xl/worksheets/sheet", rb"<(?:\w+:)?hyperlink\b"),
    (Text("公式（已改为数值）", "formulas (now values)"), r"xl/worksheets/sheet", rb"<(?:\w+:)?f[\s>/]"),
    (Text("下拉框", "drop-downs"), r"xl/worksheets/sheet", rb"<(?:\w+:)?dataValidation\b"),
    (Text("允许编辑区域", "protected ranges"), r"xl/worksheets/sheet", rb"<(?:\w+:)?protectedRange\b"),
)
_HIDDEN = Text("隐藏的工作表", "hidden sheets")
_MOST_BYTES = 100_000_000  # of a part that is searched


def losses(before: bytes, hidden: int, after: Callable[[], bytes]) -> list[str]:
    """Return one note that lists what is not in the second package, none where all of it is.

    `hidden`: sheets that were taken out before. `after` is asked for only where something else may be lost.
    """
    with ZipFile(io.BytesIO(before)) as package:
        had = [_count(package, parts, what) for _, parts, what in _KINDS]
    kept = had
    if any(had):
        with ZipFile(io.BytesIO(after())) as package:
            kept = [
                _count(package, parts, what) if many else 0 for many, (_, parts, what) in zip(had, _KINDS, strict=True)
            ]
    lost = [str(kind[0]) for kind, many, left in zip(_KINDS, had, kept, strict=True) if many > left]
    lost += [str(_HIDDEN)] if hidden else []
    return [tr(f"注：以下内容没有保留：{'、'.join(lost)}。", f"Note: not kept: {', '.join(lost)}.")] if lost else []


def _count(package: ZipFile, parts: str, what: bytes) -> int:
    found = [info for info in package.infolist() if re.match(parts, info.filename)]
    if not what:
        return len(found)
    return sum(len(re.findall(what, package.read(info))) for info in found if info.file_size <= _MOST_BYTES)
