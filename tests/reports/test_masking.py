"""What is shown of personal data."""

import datetime as dt
import hashlib
import random
import re
import unicodedata

import pyarrow as pa
import pytest

from trainingcli import masking

CASES = {
    masking.mask_id: {
        "140105198501011234": "140105********1234",
        "14010519850101123X": "140105********123X",
        "140105850101123": "14********23",
        "1401051985010112345": "14********45",
        "A12345678": "****",
        "": "",
    },
    masking.mask_phone: {"13800001234": "138****1234", "0351-7654321": "****21", "110": "****"},
    masking.mask_account: {"6222020502001234567": "****4567", "12345": "****"},
    masking.mask_name: {"王小明": "王*", "王": "王*", "𠮷田": "𠮷*", "Li\nMing": "L*"},
}


@pytest.mark.parametrize("mask", CASES)
def test_a_text_and_a_column_are_masked_alike(mask):
    texts = list(CASES[mask])
    assert [mask(text) for text in texts] == list(CASES[mask].values())
    assert mask(pa.array([*texts, None])).to_pylist() == [*CASES[mask].values(), None]
    assert mask(pa.chunked_array([texts])).to_pylist() == list(CASES[mask].values())


def test_an_odd_id_shows_at_most_four_of_its_characters():
    for length in range(1, 40):
        if length != 18:
            shown = masking.mask_id("9" * length)
            assert shown.count("9") <= 4
            assert length >= 13 or "9" not in shown


def test_numbers_inside_a_sentence_are_masked():
    text = "证件 14010519850101123X，电话 13800001234，账号 6222020502001234567，金额 300.00，第 5 行"
    shown = "证件 140105********123X，电话 138****1234，账号 6222********4567，金额 300.00，第 5 行"
    assert masking.mask_numbers(text) == shown
    assert masking.mask_numbers(pa.array([text]))[0].as_py() == masking.mask_numbers(text)
    for number in ("14010519850101123X", "13800001234", "6222020502001234567", "140105850101123"):
        assert number not in masking.mask_numbers(f"x{number}y")


IN_GROUPS = {
    "140105198501014321": ("140105 19850101 4321", "140105-19850101-4321", "140105.1985.0101.4321"),
    "13912345678": ("139 1234 5678", "139-1234-5678", "139 12345678"),
    "6222020502000012345": ("6222 0205 0200 0012 345", "6222-0205-0200-0012-345"),
}
HIDDEN = {"140105198501014321": "19850101", "13912345678": "1234", "6222020502000012345": "020502000"}


@pytest.mark.parametrize("one", IN_GROUPS)
@pytest.mark.parametrize("other", IN_GROUPS)
@pytest.mark.parametrize("between", [" ", "-", " - ", ". "])
def test_two_numbers_beside_each_other_are_two_numbers(one, other, between):
    """No digits of the one are taken for the other's, which would then stand there half."""
    for first in (one, *IN_GROUPS[one]):
        for second in (other, *IN_GROUPS[other]):
            text = f"王一{first}{between}{second}。"
            shown = re.sub("[ .-]", "", masking.mask_numbers(text))
            assert HIDDEN[one] not in shown, (text, shown)
            assert HIDDEN[other] not in shown, (text, shown)
            assert len(re.findall("[0-9]", shown)) <= 20, (text, shown)


def test_nothing_that_a_terminal_obeys_is_left():
    text = "王\x1b[31m小\u202e明\u200b\x9b1m\ufeff\u2066·\U000e0041"
    assert masking.clean_terminal(text) == "王[31m小明1m·"
    assert masking.clean_terminal("a\r\nb\tc\u2028d") == "a b c d"
    assert masking.clean_terminal("艾力·麦麦提 𠮷田 é") == "艾力·麦麦提 𠮷田 é"


# ---- numbers however they are written (contract, 'Streams'; issue 12 C4)

BLANKS, DASHES, DOTS = (" ", "\u3000", "\u00a0"), ("-", "－", "–", "—", "‐"), (".", "．", "·")
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
UNSEEN = ("\u200b", "\u2063", "\u00ad")


def people_numbers(chance):
    """An ID number with its check digit, one of fifteen digits, a mobile number and an account, all at random."""
    birth = f"{chance.randint(1950, 2004)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    yield "id", id_number_of(f"140{chance.randint(100, 999)}{birth}{chance.randint(0, 999):03d}")
    yield "old id", f"140{chance.randint(100, 999)}{birth[2:]}{chance.randint(0, 999):03d}"
    yield "phone", f"1{chance.randint(3, 9)}{chance.randint(0, 999_999_999):09d}"
    yield "account", f"62{chance.randint(10**13, 10**17 - 1)}"


def id_number_of(first):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11]


def parted(kind, number, chance):
    """The number in the groups that people write it in, or (of ID numbers and phones) in any."""
    usual = {"id": (6, 8, 4), "old id": (6, 6, 3), "phone": (3, 4, 4), "account": (4, 4, 4, 4, 4, 4)}[kind]
    if kind != "account" and chance.random() < 0.5:
        usual = tuple(chance.randint(1, 6) for _ in range(18))
    at = 0
    for size in usual:
        if number[at : at + size]:
            yield number[at : at + size]
        at += size


def written_forms(kind, number, chance):
    yield number
    yield number.translate(FULL_WIDTH)
    yield number[:5] + chance.choice(UNSEEN) + number[5:]
    for signs in (BLANKS, DASHES, DOTS):
        groups = list(parted(kind, number, chance))
        yield chance.choice(signs).join(groups)
        yield chance.choice(signs).join(groups).translate(FULL_WIDTH)


def plain_digits(text):
    seen = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isdigit() or sign in "Xx*")
    return seen.replace("x", "X")


@pytest.mark.parametrize("seed", range(20))
def test_a_number_is_masked_however_it_is_written_and_wherever_it_stands(seed):
    chance, texts = random.Random(seed), []
    for kind, number in people_numbers(chance):
        for form in written_forms(kind, number, chance):
            for text in (form, f"王一{form}", f"电话：{form}，备注", f"第 5 行 {form}", f"退训（{form}）"):
                for masked in (masking.mask_numbers(text), masking.starred(text)):
                    assert number not in plain_digits(masked), f"{kind} {text!r} shows as {masked!r}"
                texts.append(text)
            assert number not in plain_digits(masking.mask_place(f"rosters/{form}.xlsx")), form
    assert masking.mask_numbers(pa.array(texts)).to_pylist() == [masking.mask_numbers(text) for text in texts]


def harmless(chance):
    day = dt.date(2019, 1, 1) + dt.timedelta(days=chance.randint(0, 1400))
    later = day + dt.timedelta(days=chance.randint(0, 200))
    for sign in ("-", ".", "/"):
        first, last = (f"{d.year}{sign}{d.month}{sign}{d.day}" for d in (day, later))
        iso, iso_last = (d.isoformat().replace("-", sign) for d in (day, later))
        yield from (
            first,
            f"{first}-{last}",
            f"{first} - {last}",
            f"{first}至{last}",
            f"{iso} {iso_last}",
            f"{iso}-{iso_last}",
        )
    yield f"{day:%Y%m%d}-{later:%Y%m%d}"
    yield f"{day:%Y-%m-%d} 08:30:00"
    yield f"{day:%Y%m%d}083000"
    fen = chance.randint(0, 10**11)
    amount, small = f"{fen // 100}.{fen % 100:02d}", f"{chance.randint(1, 40) * 100}"
    yield from (amount, f"{fen // 100:,}.{fen % 100:02d}", f"{amount} {amount}", f"{small}.00 {day} {small}.00")
    yield f"800 1000 {small} 1500"
    yield f"核定 {small}.00 元，共 {chance.randint(1, 9999)} 人，{day.year} {day.year + 1} {day.year + 2} 年"
    yield f"{chance.randint(1, 255)}.{chance.randint(0, 255)}.100.200:5432"


@pytest.mark.parametrize("seed", range(20))
def test_dates_and_amounts_are_never_starred(seed):
    for text in harmless(random.Random(seed)):
        assert masking.mask_numbers(text) == text
        assert masking.mask_place(f"{text}.xlsx") == f"{text}.xlsx"
        assert masking.starred(text) == text


def test_a_path_is_told_to_a_program_as_it_was_given_but_for_an_id_number():
    for path in ("rosters/13800138000.xlsx", "6222020502001234567.xlsx", "20200701123456789.xlsx", "rosters/一班.xlsx"):
        assert masking.mask_path(path) == path
    for path in (
        "140105198501011234.xlsx",
        "a/王一140105-19850101-1234.xlsx",
        "１４０１０５１９８５０１０１１２３４.xlsx",
    ):
        assert "140105********1234.xlsx" in masking.mask_path(path)


def test_a_document_is_masked_by_key_and_by_form():
    found = masking.masked_object(
        {
            "file": "13800138000.xlsx", "sha256": "1380013800012345" * 4, "head": "a" + "1" * 63,
            "realname": {"only": [{"name": "王小一", "id_number": "140105198501011234", "phone": "13800001234"}]},
            "name": "取证补贴", "message": "见 138 0013 8000", "yuan": "1380013800.00", "count": 13800138000,
        }
    )  # fmt: skip
    assert found["file"] == "13800138000.xlsx"
    assert found["head"] == "a" + "1" * 63
    assert found["realname"]["only"][0] == {"name": "王*", "id_number": "140105********1234", "phone": "138****1234"}
    assert (found["name"], found["message"], found["yuan"]) == ("取证补贴", "见 138****8000", "1380013800.00")
    assert masking.masked_object(found) == found


def test_the_head_of_a_ledger_without_entries_stays_whole():
    head = "0" * 64
    assert masking.masked_object({"ledger": {"head": head}}) == {"ledger": {"head": head}}
    assert masking.mask_numbers(f"末条 {head}") == f"末条 {head}"
    assert head + "0" not in masking.mask_numbers(f"末条 {head}0")


def test_a_sha_256_stays_whole_in_a_sentence_and_a_number_beside_it_does_not():
    """A head, or a published file's hash, is compared sign for sign: 7 of 100 have digits that look like a number."""
    number = "140105198501011234"
    digests = [hashlib.sha256(str(each).encode()).hexdigest() for each in range(300)]
    assert any(re.search("1[3-9][0-9]{9}|[0-9]{15}", digest) for digest in digests)
    for digest in digests:
        said = f'{{"sha256": "{digest}", "of": "{number}"}}，末条 {digest}'
        assert masking.mask_numbers(said) == said.replace(number, masking.mask_id(number))
        assert masking.mask_numbers(pa.array([said])).to_pylist() == [said.replace(number, masking.mask_id(number))]
    digits = "1" * 24 + number + "2" * 22
    assert number not in masking.mask_numbers(digits)
    assert number not in masking.mask_numbers(f"{digests[0]}{number}")


LANDLINES = {
    "联系办公室0351-7654321": "联系办公室0351-****21",
    "电话（0351）7654321转8": "电话（0351）****21转8",
    "电话:(010) 12345678": "电话:(010) ****78",
    "０３５１－７６５４３２１": "０３５１－****２１",
    "029—87654321、1班": "029—****21、1班",
}
NO_LANDLINES = [
    "2020-0001班", "0351-2020期", "证书0351-20200701123", "10351-7654321", "800.00元", "2020-07-01", "0.35-7654321",
]  # fmt: skip


@pytest.mark.parametrize("text", LANDLINES)
def test_a_landline_in_a_text_is_masked_where_it_is_shown_and_stays_where_it_is_kept(text):
    assert masking.mask_numbers(text) == LANDLINES[text]
    assert masking.mask_numbers(pa.array([text, None])).to_pylist() == [LANDLINES[text], None]
    assert masking.mask_numbers(LANDLINES[text]) == LANDLINES[text]
    assert masking.starred(text) == text


@pytest.mark.parametrize("text", NO_LANDLINES)
def test_what_only_resembles_a_landline_stays(text):
    assert masking.mask_numbers(text) == text
