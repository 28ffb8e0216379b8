"""One value, many ways to write it in a sheet's XML: each is read as the XML standard says, or the file is refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pytest
from tests.hostile.parts import HEADER, MAIN, RELATIONS, SHEET, STRINGS, XML, row, sheet, with_strings, xlsx
from tests.intake.helpers import kinds, only, read, texts

from trainingcli.intake.formats.cell_kinds import Kind

NUMBER, TEXT, EMPTY, NO_VALUE, ERROR = Kind.NUMBER, Kind.TEXT, Kind.EMPTY, Kind.NO_VALUE, Kind.ERROR


@dataclass(frozen=True)
class Strange:
    """A cell's attributes and content, and what it holds; `None` for what no reading of it is sure."""

    attributes: str
    content: str
    holds: tuple[str | None, Kind] | None


def digits(text: str, chance: random.Random) -> str:
    """Write characters as themselves, by their number, in CDATA, or parted by comments and instructions."""
    ways: list[Callable[[str], str]] = [
        escape,
        lambda sign: f"&#{ord(sign)};",
        lambda sign: f"&#x{ord(sign):X};",
        lambda sign: f"<![CDATA[{sign}]]>",
        lambda sign: f"<!-- 9 -->{escape(sign)}",
        lambda sign: f"<?nine 9?>{escape(sign)}",
    ]
    return "".join(chance.choice(ways)(sign) for sign in text)


def strange(chance: random.Random) -> Strange:
    number = str(chance.choice([300, 1000, 4000, 150.5, 0]))
    word = chance.choice(["焊工", "A&B", "<x>", "王一", "3 月", "a\tb"])
    white = chance.choice(["", " ", "\n  "])
    formula = chance.choice(["", "<f>1+1</f>", "<f/>", '<f t="shared" si="0">A1&amp;"x"</f>'])
    spelt, spelt_word = digits(number, chance), digits(word, chance)
    run = chance.choice(["<r><t>{}</t></r>", "<r><rPr><b/></rPr><t>{}</t></r>", "<t>{}</t>"])
    phonetic = chance.choice(["", '<rPh sb="0" eb="1"><t>读音</t></rPh><phoneticPr fontId="1"/>'])
    foreign = '<z:v xmlns:z="urn:z">999</z:v>'
    two = f"<v>{number}</v><v>999</v>"
    none = (None, NO_VALUE if formula else EMPTY)
    return chance.choice(
        [
            Strange("", f"{formula}<v>{white}{spelt}{white}</v>", (number, NUMBER)),
            Strange(' t="n"', f"{white}{formula}{white}<v>{spelt}</v>{white}", (number, NUMBER)),
            Strange("", f"<v>{spelt}</v>{foreign}", (number, NUMBER)),
            Strange("", f"{foreign}<v>{spelt}</v>", (number, NUMBER)),
            Strange("", f"<v>{spelt}</v><extLst><ext><v>9</v></ext></extLst>", (number, NUMBER)),
            Strange("", f"{formula}<v>{white}</v>", none),
            Strange("", formula, none),
            Strange(' t="str"', f"{formula}<v>{spelt_word}</v>", (word, TEXT)),
            Strange(' t="str"', f"{formula}<v></v>", (None, EMPTY)),
            Strange(' t="inlineStr"', f"<is>{run.format(spelt_word)}{phonetic}</is>", (word, TEXT)),
            Strange(' t="inlineStr"', f"<is><r><t>{spelt_word}</t></r><r><t>尾</t></r></is>", (word + "尾", TEXT)),
            Strange(' t="e"', f"{formula}<v>#N/A</v>", ("#N/A", ERROR)),
            Strange(' t="b"', "<v>true</v>", ("TRUE", Kind.BOOLEAN)),
            Strange("", two, None),
            Strange("", f"<v>{number}</v><x:v xmlns:x='{MAIN}'>999</x:v>", None),
            Strange("", f"<v>{number[0]}<v>9</v>{number[1:]}</v>", None),
            Strange(' t="s"', "<v>99</v>", None),
            Strange(' t="zz"', f"<v>{number}</v>", None),
            Strange("", f"<is><t>{number}</t></is>", None),
        ]
    )  # fmt: skip


def person(number: int, cell: str) -> str:
    """Return a person's row whose amount is written as `cell`."""
    plain = row(number, [f"王{number}", f"{number:018}", "焊工"])
    return plain.replace("</row>", f"{cell}</row>")


@pytest.mark.parametrize("seed", range(60))
def test_a_cell_holds_what_the_standard_says_or_the_file_is_refused(seed):
    chance = random.Random(seed)
    cells = [strange(chance) for _ in range(12)]
    sure = [cell for cell in cells if cell.holds is not None]
    lines = [
        person(n, f'<c r="D{n}"{cell.attributes}>{cell.content}</c>' if chance.random() < 0.8 else
               f"<c{cell.attributes}>{cell.content}</c>") for n, cell in enumerate(sure, 2)
    ]  # fmt: skip
    found = only(xlsx({SHEET: sheet(row(1, HEADER) + "".join(lines))}))
    assert list(zip(texts(found, "claimed"), kinds(found, "claimed"), strict=True)) == [cell.holds for cell in sure]
    for cell in cells:
        if cell.holds is None:
            odd = person(2, f'<c r="D2"{cell.attributes}>{cell.content}</c>')
            assert read(xlsx({SHEET: sheet(row(1, HEADER) + odd)})).error is not None, cell


@pytest.mark.parametrize("seed", range(40))
def test_a_shared_string_is_what_the_standard_says(seed):
    chance = random.Random(seed)
    words = [chance.choice(["焊工", "A&B", "<x>", "", "电 工", "钳工\n二班"]) for _ in range(20)]
    ways: list[Callable[[str], str]] = [
        lambda word: f"<si><t>{escape(word)}</t></si>",
        lambda word: f'<si><t xml:space="preserve">{digits(word, chance)}</t></si>',
        lambda word: f"<si><r><t>{escape(word[:1])}</t></r><r><rPr/><t>{digits(word[1:], chance)}</t></r></si>",
        lambda word: f"<si><t>{escape(word)}</t><rPh><t>读</t></rPh><phoneticPr fontId='1'/></si>",
        lambda word: f"<si><z:t xmlns:z='urn:z'>外</z:t><t>{escape(word)}</t></si>",
        lambda word: f"<si>\n<t >{digits(word, chance)}</t >\n</si>" if word else "<si/>",
    ]
    items = "".join(chance.choice(ways)(word) for word in words)
    cells = [f'<c r="D{n}" t="s"><v>{n - 2}</v></c>' for n in range(2, 22)]
    body = row(1, HEADER) + "".join(person(n, cell) for n, cell in enumerate(cells, 2))
    strings = f'{XML}<sst xmlns="{MAIN}">{items}</sst>'
    found = only(xlsx({RELATIONS: with_strings(), STRINGS: strings, SHEET: sheet(body)}))
    assert texts(found, "claimed") == [word or None for word in words]


@pytest.mark.parametrize("seed", range(30))
def test_people_commented_out_or_behind_the_data_are_none_all_others_are(seed):
    """Rows in the plain form that stand where no row stands, and rows that are odd, among plain ones."""
    chance = random.Random(seed)
    lines, names = [], []
    for number in range(2, 40):
        line = person(number, f'<c r="D{number}"><v>300</v></c>')
        way = chance.randrange(8)
        if way == 0:
            lines.append(f"<!-- {line} -->")
            continue
        if way == 1:
            lines.append(f"<z:row xmlns:z='urn:z'>{line}</z:row>")
            continue
        if way == 2:
            line = line.replace('"', "'")
        if way == 3:
            line = line.replace(f'<row r="{number}"', f'<row spans="1:4" r="{number}"')
        if way == 4:
            line = line.replace(' r="A', " r='a").replace(f"'a{number}\"", f"'a{number}'")
        names.append(f"王{number}")
        lines.append(line)
    if chance.random() < 0.5:  # the usual case: no comment anywhere, so that plain rows are passed by the block
        kept = [line for line in lines if not line.startswith("<!")]
        names = [name for name in names if any(f">{name}<" in line for line in kept)]
        lines = kept
    data = xlsx({SHEET: sheet(row(1, HEADER) + "".join(lines), after=f"<extLst><ext>{person(99, '')}</ext></extLst>")})
    assert texts(only(data), "name") == names
