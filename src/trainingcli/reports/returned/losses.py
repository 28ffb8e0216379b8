"""What of an institution's workbook is not in its return: found by comparing the two packages, not by guessing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from trainingcli.language import Text, tr

_SHEET = ("xl/worksheets/sheet",)
# What it is called, how the names of its parts begin, which elements are counted in them (none: the parts themselves).
_KINDS: tuple[tuple[Text, tuple[str, ...], tuple[bytes, ...]], ...] = (
    (Text("图片", "pictures"), ("xl/media/",), ()),
    (Text("图表", "charts"), ("xl/charts/chart", "xl/chartsheets/sheet"), ()),
    (Text("文本框和图形", "text boxes and shapes"), ("xl/drawings/drawing",), (b"sp", b"cxnSp", b"grpSp")),
    (Text("窗体控件", "form controls"), ("xl/ctrlProps/", "xl/activeX/"), ()),
    (Text("嵌入的对象", "embedded objects"), ("xl/embeddings/",), ()),
    (Text("宏", "macros"), ("xl/vbaProject.bin", "xl/macrosheets/"), ()),
    (Text("会话批注", "threaded comments"), ("xl/threadedComments/",), ()),
    (Text("透视表", "pivot tables"), ("xl/pivotTables/",), ()),
    (Text("指向其他工作簿的链接", "links to other workbooks"), ("xl/externalLinks/externalLink",), ()),
    (Text("超链接", "hyperlinks"), _SHEET, (b"hyperlink",)),
    (Text("公式（已改为数值）", "formulas (now values)"), _SHEET, (b"f",)),
    (Text("下拉框", "drop-downs"), _SHEET, (b"dataValidation",)),
    (Text("允许编辑区域", "protected ranges"), _SHEET, (b"protectedRange",)),
)
_HIDDEN = Text("隐藏的工作表", "hidden sheets")


def losses(before: Iterable[str], read: Callable[[str], bytes], hidden: int, after: Mapping[str, bytes]) -> list[str]:
    """Return one note that lists what is not in the second package, none where all of it is.

    `before`: the first's parts; `hidden`: sheets that were taken out before.
    """
    names = list(before)
    lost = [
        str(kind)
        for kind, parts, what in _KINDS
        if (had := _count(names, read, parts, what)) and had > _count(after, after.__getitem__, parts, what)
    ]
    lost += [str(_HIDDEN)] if hidden else []
    return [tr(f"注：以下内容没有保留：{'、'.join(lost)}。", f"Note: not kept: {', '.join(lost)}.")] if lost else []


def _count(names: Iterable[str], read: Callable[[str], bytes], parts: tuple[str, ...], what: Sequence[bytes]) -> int:
    found = [name for name in names if name.startswith(parts)]
    return sum(_within(read(name), what) for name in found) if what else len(found)


def _within(data: bytes, what: Sequence[bytes]) -> int:
    """Count elements of a part; most sheets have none, which a search for the name tells in a tenth of the time."""
    if not any(b"<" + name in data or b":" + name in data for name in what):
        return 0
    return len(re.findall(rb"<(?:\w+:)?(?:" + b"|".join(what) + rb")[\s>/]", data))
