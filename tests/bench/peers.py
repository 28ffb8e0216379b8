"""What the whole run is measured against, each as a program of its own: `python peers.py NAME INPUT [OUTPUT]`.

read: python-calamine alone. floor: read, a scan of the raw XML, and the fastest formatted write of the same cells.
usual: what most people would write: pandas.read_excel with openpyxl, pandera, a few rules, openpyxl. Of a roster with
two amount columns both make two lines a row, of 30 cells each.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from rosters import HEADINGS, YEARS_HEADINGS

AMOUNTS = YEARS_HEADINGS[-2:]


def read(source: str) -> list[list[object]]:
    """Read the first sheet's cells."""
    import python_calamine

    return python_calamine.CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python(skip_empty_area=False)


def floor(source: str, target: str) -> None:
    """Do what cannot be left out: read the cells, look at the raw XML once, write as many formatted cells."""
    from rustpy_xlsxwriter import FastExcel

    rows = read(source)
    with zipfile.ZipFile(source) as package:
        data = package.read("xl/worksheets/sheet1.xml")
    found = [data.count(mark) for mark in (b't="e"', b"<f", b'hidden="', b"<mergeCell ")]
    headings = (*HEADINGS, "核定金额", "应补金额", "状态", "补贴对象", "资金来源")
    records = [
        dict(zip(headings, (*row[:24], amount, 800.0, 1000.0, "核定", row[9], "就业补助资金"), strict=True))
        for row in rows[2:]
        for amount in row[24:]
    ]
    FastExcel(target).format(float_format="#,##0.00", bold_headers=True).sheet("明细", records).save()
    print(len(records), found)


def usual(source: str, target: str) -> None:
    """Do the job as a plain script would."""
    import openpyxl
    import pandas as pd
    import pandera.pandas as pandera

    frame = pd.read_excel(source, header=1, dtype=str, engine="openpyxl")
    schema = pandera.DataFrameSchema(
        {"身份证号": pandera.Column(str, pandera.Check.str_matches(r"^\d{17}[\dX]$")), "姓名": pandera.Column(str)}
    )
    schema.validate(frame, lazy=True)
    if AMOUNTS[0] in frame:
        cells = [name for name in frame.columns if name not in AMOUNTS]
        frame = frame.melt(cells, list(AMOUNTS), "补贴项目", HEADINGS[-1]).drop(columns="补贴项目")
    amount = frame[HEADINGS[-1]].astype(float)
    frame["核定金额"] = amount.clip(upper=1000.0)
    frame["应补金额"], frame["状态"] = 1000.0, "核定"
    frame["补贴对象"], frame["资金来源"] = frame["培训机构"], "就业补助资金"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("明细")
    sheet.append(list(frame.columns))
    for row in frame.itertuples(index=False):
        sheet.append(row)
    book.save(target)


if __name__ == "__main__":
    {"read": read, "floor": floor, "usual": usual}[sys.argv[1]](*sys.argv[2:])
    assert len(sys.argv) < 4 or Path(sys.argv[3]).stat().st_size > 0
