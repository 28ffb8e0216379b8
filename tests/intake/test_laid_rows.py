"""A large sheet's plain rows are laid out without calamine: whatever stands in them, it would have given the same."""

from __future__ import annotations

import random
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from tests.hostile.parts import MAIN, RELATIONS, SHEET, STRINGS, STYLES, XML, relations, sheet, workbook, xlsx

from trainingcli.intake.formats.grid import letter
from trainingcli.intake.formats.laid_rows import LaidRows
from trainingcli.intake.formats.open_book import open_book
from trainingcli.intake.gate.bounds import DEFAULT
from trainingcli.intake.gate.refusal import Refused

CODES = (
    "", "General", "0.00", "@", "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "[$-804]yyyy/m/d;@", "[h]:mm", "h:mm", '"d"0',
    r"\d0", "0.0E+00", "#,##0.00;[Red]-#,##0.00", "上午/下午h", '"yyyy', 'yyyy"年"m"月";@', "[Red]0", "_y0",
    '0"元"', r"yyyy\-mm",
)  # fmt: skip
USUAL = ("王一", "a b", "140105199001011234", "A&amp;B")
TEXTS = (
    *USUAL,
    "尾 ",
    "&lt;x&gt;",
    "一&#10;二",
    "一\n二",
    "一\r\n二",
    "_x0041_",
    "a_x",
    "#N/A",
    "x&amp;lt;",
    "𠮷",
    " 头",
    "",
)
NUMBERS = (
    "1",
    "0",
    "-0",
    "1.50",
    "1e5",
    "1E-3",
    "44000",
    "44000.5",
    "60",
    "61",
    "9999",
    "10000",
    "99999",
    "123456789",
    "007",
)
RELATED = relations(
    (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml"))
)
KEPT = ' xml:space="preserve"'


def cell(chance: random.Random, place: str, plain: bool) -> str:
    style = chance.choice(["", f' s="{chance.randrange(len(CODES) + 1)}"'])
    text, kept = (chance.choice(USUAL), "") if plain else (chance.choice(TEXTS), chance.choice(["", KEPT]))
    forms = [
        f'<c r="{place}"{style} t="inlineStr"><is><t{kept}>{text}</t></is></c>',
        f'<c r="{place}"{style}><v>{chance.choice(NUMBERS)}</v></c>',
        f'<c r="{place}"{style} t="s"><v>{chance.randrange(len(USUAL) if plain else len(TEXTS))}</v></c>',
        f'<c r="{place}"{style}/>',
        "",
    ]
    strange = [
        f'<c r="{place}"{style} t="e"><v>#REF!</v></c>',
        f'<c r="{place}"{style} t="b"><v>1</v></c>',
        f'<c r="{place}"{style} t="str"><f>A1</f><v>{text or "x"}</v></c>',
        f'<c r="{place}"{style}><f>A1+1</f><v>3</v></c>',
        f'<c r="{place}"{style}><f>A1+1</f></c>',
        f"<c r='{place}'{style}><v>3</v></c>",
    ]
    return chance.choice(forms if plain or chance.random() < 0.8 else strange)


def rows(chance: random.Random) -> str:
    """Write rows with gaps, of several widths, some hidden, some empty, some of strange cells."""
    number, written, odd = chance.choice([0, 0, 3]), [], chance.choice([0, 0.05, 0.5])
    for _ in range(chance.randrange(1, 30)):
        number += chance.choice([1, 1, 1, 1, 2, 5])
        plain = chance.random() >= odd
        columns = range(chance.choice([0, 0, 2]), chance.choice([1, 4, 6]))
        cells = "".join(cell(chance, f"{letter(column)}{number}", plain) for column in columns)
        said = chance.choice(["", "", ' hidden="1"', ' spans="1:6"'])
        written.append(f'<row r="{number}"{said}>{cells}</row>' if cells else f'<row r="{number}"{said}/>')
    return "".join(written)


def book(chance: random.Random) -> bytes:
    codes = "".join(f"<numFmt numFmtId='{at}' formatCode={quoteattr(code)}/>" for at, code in enumerate(CODES, 170))
    formats = "".join(f'<xf numFmtId="{at if code else 0}"/>' for at, code in enumerate(CODES, 170))
    styles = f'{XML}<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts><cellXfs>{formats}</cellXfs></styleSheet>'
    texts = [text for text in TEXTS if chance.random() < 0.9 or text in USUAL]
    texts += ["王"] * (len(TEXTS) - len(texts) - chance.randrange(2))
    strings = "".join(f"<si><t{chance.choice(['', KEPT])}>{text}</t></si>" for text in texts)
    parts = {RELATIONS: RELATED, STYLES: styles, SHEET: sheet(rows(chance))}
    before = chance.choice(["", "", '<workbookPr date1904="1"/>'])
    return xlsx(
        {**parts, STRINGS: f'{XML}<sst xmlns="{MAIN}">{strings}</sst>', "xl/workbook.xml": workbook(before=before)}
    )


def given(data: bytes, laid_bytes: int) -> Any:
    """Return all that a book's grids say, or the word that it is refused."""
    try:
        grids = open_book(data, None, DEFAULT._replace(laid_bytes=laid_bytes)).grids
        return [(repr([list(row) for row in grid.rows]), grid.marks, grid.specials, grid.hidden) for grid in grids]
    except Refused:
        return "refused"


@pytest.mark.parametrize("seed", range(12))
def test_it_gives_what_calamine_gives(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, laid = random.Random(seed), 0
    lay = LaidRows.lay

    def counted(self: LaidRows, *found: Any) -> bool:
        nonlocal laid
        done = lay(self, *found)
        laid += done
        return done

    monkeypatch.setattr(LaidRows, "lay", counted)
    for _ in range(40):
        data = book(chance)
        assert given(data, 0) == given(data, 1 << 40)
    assert laid > 100  # else nothing is shown
