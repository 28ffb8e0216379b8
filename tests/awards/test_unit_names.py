"""One unit however it is spelled: the contract's folding, a row a rule; random spellings by the plain computation."""

from __future__ import annotations

import random

import pytest

from awards import plain
from trainingcli.awards.lines import round_of
from trainingcli.awards.unit_names import kind_by_name, unit_name

STUDIO = [
    # the longest name of the kind off the end
    ("王建国技能大师工作室", "王建国"),
    ("王建国大师工作室", "王建国"),
    ("王建国工作室", "王建国"),
    # or off what stands before a bracket at the end, which stays part of the name
    ("焊接技能大师工作室（王建国）", "焊接王建国"),
    ("焊接工作室【王建国】", "焊接王建国"),
    ("（王建国）技能大师工作室", "王建国"),
    # the grade off the end, behind the name of the kind or before it, in brackets or not
    ("王建国市级技能大师工作室", "王建国"),
    ("王建国技能大师工作室（市级）", "王建国"),
    ("王建国国家级大师工作室", "王建国"),
    # province and city off the beginning
    ("山西省太原市王建国大师工作室", "王建国"),
    ("太原市王建国工作室", "王建国"),
    # blanks, wide letters, bracket marks and dots off
    ("王 建　国 技能大师\n工作室", "王建国"),
    ("ＡＢ王建国工作室", "AB王建国"),
    ("ab王建国工作室", "AB王建国"),
    ("古丽·买买提技能大师工作室", "古丽买买提"),
    ("古丽•买买提大师工作室", "古丽买买提"),
    ("古丽．买买提工作室", "古丽买买提"),
    # unless nothing is left
    ("技能大师工作室", "技能大师工作室"),
    ("太原市工作室", "太原市"),
    ("市级工作室", "市级"),
    # 基地 is no name of a studio; what stands in the middle or at the other end stays
    ("王建国实训基地", "王建国实训基地"),
    ("市级王建国工作室", "市级王建国"),
    ("王建国太原市工作室", "王建国太原市"),
]  # fmt: skip
BASE = [
    ("重工高技能人才实训基地", "重工"),
    ("重工高级技能人才实训基地", "重工"),
    ("重工实训基地", "重工"),
    ("重工基地", "重工"),
    ("太原市重工市级实训基地（二期）", "重工市级二期"),
    ("重工大师工作室", "重工大师工作室"),
]


@pytest.mark.parametrize(("written", "name"), STUDIO)
def test_a_studios_name(written: str, name: str) -> None:
    assert unit_name(written, "studio") == name == plain.name_of(written, "studio")


@pytest.mark.parametrize(("written", "name"), BASE)
def test_a_bases_name(written: str, name: str) -> None:
    assert unit_name(written, "base") == name == plain.name_of(written, "base")


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("王建国技能大师工作室", "studio"),
        ("王建国大师工作室（市级）", "studio"),
        ("王建国工作室", None),  # 工作室 alone may be anybody's
        ("重工高技能人才实训基地", "base"),
        ("重工高级技能人才实训基地", "base"),
        ("重工 实训基地", "base"),
        ("重工基地", None),
        ("实训基地（王建国大师工作室）", "base"),  # brackets with what stands in them off
        ("王建国", None),
    ],
)
def test_the_kind_that_a_name_tells(written: str, kind: str | None) -> None:
    assert kind_by_name(written) == kind == plain.kind_from_name(written)


@pytest.mark.parametrize(
    ("written", "round_"),
    [
        ("2020", "2020"), ("2020年度", "2020"), ("2020.0", "2020"), ("２０２０年", "2020"), ("第二轮", "第二轮"),
        ("2019—2020", "2019—2020"), ("第 二 轮", "第二轮"), ("20201", "20201"), (None, None), ("", None),
    ],
)  # fmt: skip
def test_a_round(written: str | None, round_: str | None) -> None:
    assert round_of(written) == round_


def test_random_spellings_fold_as_the_plain_computation_folds_them() -> None:
    chance = random.Random(20200331)
    parts = ["王", "建国", "太原市", "山西省", "市级", "省级", "国家级", "技能大师工作室", "大师工作室", "工作室",
             "高技能人才", "实训基地", "基地", "（", "）", "(", ")", "【", "】", "·", " ", "．", "ａ"]  # fmt: skip
    for _ in range(3000):
        written = "".join(chance.choices(parts, k=chance.randint(1, 7)))
        if written.count("(") + written.count("（") + written.count("【") != sum(map(written.count, ")）】")):
            continue  # what a bracket that is not closed encloses is nobody's rule
        if not plain.name_of(written, "base"):
            continue  # marks alone are an empty cell
        for kind in ("base", "studio"):
            assert unit_name(written, kind) == plain.name_of(written, kind) or nested(written), written


def nested(written: str) -> bool:
    """Whether brackets stand in brackets, or closed before they are opened: the contract speaks of neither."""
    depth = most = least = 0
    for sign in written:
        depth += (sign in "(（【") - (sign in ")）】")
        most, least = max(most, depth), min(least, depth)
    return most > 1 or least < 0
