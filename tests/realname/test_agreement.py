"""The program and the plain re-computation agree on thousands of random rows, from messy workbooks to reasons."""

from __future__ import annotations

import datetime as dt
import os
import random
from pathlib import Path
from typing import Any

import pytest

from support.people import id_number, wrong_check_digit
from trainingcli.evidence.realname.compared_rows import Compared
from trainingcli.evidence.realname.said import document
from trainingcli.evidence.sources.realname import SOURCE
from trainingcli.policy import load_policy

from . import plain
from .builder import HEADINGS, Row, batch_of, workbook

SEEDS = range(int(os.environ.get("TRAININGCLI_REALNAME_SEEDS", "20")))
NAMES = ["赵一", "钱二", "孙三", "李四", "阿依·古丽"]
SCHOOLS = ["晋阳学校", "并州学校（南校）", "太原技校"]
OCCUPATIONS = ["焊工", "电工", "电焊工", "保育员"]
ALIASES = {"电焊工": "焊工"}
LEVELS = ["初级工", "中级工", "高级工", "技师"]
PROGRAMMES = ["企业职工培训补贴", "职业技能培训补贴", "生活费补贴", "取证补贴", "技师补贴"]
STATES = ["合格", "结业", "已结业", "通过", "未结业", "培训中", "退学", "待定"]
FIRST = dt.date(2020, 3, 1)
ROSTER = [key for key in HEADINGS if key not in ("completion", "training_type", "claimed")]
EXPORT = [key for key in HEADINGS if key not in ("programme", "category", "employer", "training_type", "claimed")]


class World:
    """A few people with a few trainings each; roster and export both tell of them, neither quite."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.ids = [id_number(seed * 50 + number, "男") for number in range(12)]

    def training(self) -> Row:
        dice, number = self.dice, self.dice.randrange(12)
        start = FIRST + dt.timedelta(days=dice.choice([0, 0, 3, 7, 8, 30, 60, 370, 400]))
        return {
            "name": NAMES[number % 5],
            "id_number": self.ids[number],
            "sex": "男",
            "institution": dice.choice(SCHOOLS),
            "class_no": dice.choice(["1班", "2班", "A-3"]),
            "occupation": dice.choice(OCCUPATIONS),
            "level": dice.choice(LEVELS),
            "start_date": start,
            "end_date": start + dt.timedelta(days=dice.choice([10, 15])),
            "certificate_type": dice.choice(["职业技能等级证书", "职业资格证书", "专项职业能力证书"]),
            "certificate_no": f"S{dice.randrange(30):03d}",
            "certificate_date": start + dt.timedelta(days=dice.choice([-5, 20, 40])),
        }

    def told(self, training: Row, chance: float) -> Row:
        """A training as one side has it: blanks, slips, and the same said otherwise."""
        dice, row = self.dice, dict(training)
        for key in row:
            if key in ("name", "id_number"):
                continue
            if dice.random() < (0.3 if key in ("start_date", "certificate_no", "class_no") else 0.12):
                row[key] = None
        other = self.training()
        for key in ("institution", "class_no", "occupation", "level", "end_date", "certificate_no", "sex"):
            if row[key] is not None and dice.random() < chance:
                row[key] = "女" if key == "sex" else other[key]
        if row["start_date"] is not None and dice.random() < chance:
            row["start_date"] += dt.timedelta(days=dice.choice([1, -2, 7, 8, 365, 366]))
        if row["institution"] and dice.random() < 0.3:
            row["institution"] = row["institution"].replace("（", " (").replace("）", ")")
        return row

    def roster(self, trainings: list[Row]) -> list[Row]:
        dice = self.dice
        rows = []
        for training in dice.choices(trainings, k=45):
            row = self.told(training, 0.08)
            row |= {"employer": dice.choice([None, None, *SCHOOLS]), "category": "企业职工", "valid": True}
            row["programme"] = dice.choice(PROGRAMMES)
            if dice.random() < 0.06:
                row["id_number"], row["valid"] = self.spoiled(row["id_number"]), False
            rows.append(row)
        return rows

    def export(self, trainings: list[Row]) -> list[Row]:
        dice = self.dice
        rows = []
        for training in dice.sample(trainings, len(trainings) * 3 // 4) + dice.choices(trainings, k=6):
            row = self.told(training, 0.08) | {"valid": True}
            row["completion"] = dice.choice([None, None, *STATES])
            if dice.random() < 0.06:
                row["id_number"], row["valid"] = self.spoiled(row["id_number"]), False
            rows.append(row)
        again = [row | {"completion": dice.choice([None, *STATES])} for row in dice.choices(rows, k=8)]
        dice.shuffle(rows)
        return rows + again

    def spoiled(self, number: str) -> str:
        return number[:17] + wrong_check_digit(number[:17])


def without(rows: list[Row], keys: set[str]) -> list[Row]:
    return [{key: None if key in keys else value for key, value in row.items()} for row in rows]


def sheets_of(world: World, rows: list[Row], keys: list[str], folder: Path, filed_share: float) -> dict[Any, Row]:
    """Write rows into a few workbooks, each with its own layout; place → row with its position, as it was told."""
    dice = world.dice
    count = dice.randrange(1, 4)
    found: dict[Any, Row] = {}
    for number in range(count):
        part = rows[number * len(rows) // count : (number + 1) * len(rows) // count]
        optional = sorted(set(keys) - {"name", "id_number", "occupation", "programme", "category"})
        gone = set(dice.sample(optional, dice.choice([0, 0, 1, 2])))
        titles = []
        if dice.random() < filed_share:
            gone |= {"institution"}
            school, label = dice.choice(SCHOOLS), dice.choice(["填报单位", "申报单位", "培训机构"])
            titles = [f"{label}：{school}"]
            part = [{**row, "institution": school, "filed": label != "培训机构"} for row in part]
            told = without(part, gone - {"institution"})
        else:
            told = without(part, gone)
        path = folder / f"{number}.xlsx"
        places = workbook(path, part, [key for key in keys if key not in gone], dice, titles)
        for place, row in zip(places, told, strict=True):
            found[str(path), place] = row | {"position": len(found)}
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_partners_differences_and_what_is_only_there(tmp_path: Path, seed: int) -> None:
    world = World(seed)
    trainings = [world.training() for _ in range(40)]
    roster = sheets_of(world, world.roster(trainings), ROSTER, tmp_path / "roster", 0.3)
    export = sheets_of(world, world.export(trainings), EXPORT, tmp_path / "export", 0.2)
    wanted = plain.reconcile(list(roster.values()), list(export.values()), ALIASES)
    batch = batch_of([tmp_path / "roster"], [tmp_path / "export"], ALIASES)
    compared = Compared(batch)
    position = {place: row["position"] for place, row in export.items()}
    rows = list(zip(batch.rows.frame["sheet"], batch.rows.frame["row"], strict=True))
    mine = [roster[batch.rows.roster.origins[sheet].file, row] for sheet, row in rows]

    def entry_at(at: int) -> int:
        said = compared.export.shown([at]).iloc[0]
        return position[said["file"], said["row"]]

    assert len(compared.export) == wanted.entries
    unfinished = dict(zip(*(list(each) for each in compared.unfinished()), strict=True))
    for at, row in enumerate(mine):
        answer = wanted.answers.get(row["position"])
        assert compared.valid[at] == (answer is not None)
        if answer is None:
            continue
        partner = int(compared.partner[at])
        assert (None if partner < 0 else entry_at(partner)) == answer.partner, (seed, row)
        found = [field for field, those in compared.differing.items() if at in those]
        assert found == answer.differing, (seed, row)
        failed = answer.completion if answer.completion not in (None, "合格") else None
        assert (unfinished.get(at) is None) == (failed is None)
    said = document([compared.account()], compared.export)
    only = [position[each["file"], each["row"]] for each in said["only_in_export"]]
    assert sorted(only) == sorted(wanted.only)
    assert said["elsewhere"] == wanted.elsewhere
    assert said["matched_rows"] + said["missing_rows"] == len(wanted.answers)
    assert said["differing_rows"] == sum(bool(answer.differing) for answer in wanted.answers.values())
    _lines(batch, mine, wanted)


def _lines(batch: Any, rows: list[Row], wanted: plain.Outcome) -> None:
    found: dict[int, set[tuple[str, str]]] = {}
    for part in SOURCE.verdicts(batch):
        for line in part.rows.tolist():
            found.setdefault(line, set()).add((part.code, str(part.field)))
    names = load_policy().programme_names()
    for line, at in enumerate(batch.lines.row.tolist()):
        answer = wanted.answers.get(rows[at]["position"])
        place = int(batch.lines.programme[line])
        programme = batch.lines.codes[place] if place >= 0 else None
        assert programme in (None, names[rows[at]["programme"]])
        assert found.get(line, set()) == (plain.codes(programme, rows[at], answer) if answer else set())


def test_the_random_worlds_have_every_rank_and_outcome(tmp_path: Path) -> None:
    """What the agreement is about does happen: each rank alone gives a partner, entries are taken, and so on."""
    ranks = dict.fromkeys("abcd", 0)
    outcomes = {"missing": 0, "differing": 0, "only": 0, "elsewhere": 0, "merged": 0}
    for seed in range(8):
        world = World(seed)
        trainings = [world.training() for _ in range(40)]
        roster = [row | {"position": at} for at, row in enumerate(world.roster(trainings))]
        export = [row | {"position": at} for at, row in enumerate(world.export(trainings))]
        found = plain.reconcile(roster, export, ALIASES)
        entries = {entry.row["position"]: entry for entry in plain.entries_of(export, ALIASES)}
        for row in roster:
            answer = found.answers.get(row["position"])
            if answer and answer.partner is not None:
                entry = entries[answer.partner]
                ranks[next(r for r in "abcd" if plain.is_candidate(r, row, entry, ALIASES, 7))] += 1
                outcomes["differing"] += bool(answer.differing)
            outcomes["missing"] += answer is not None and answer.partner is None
        outcomes["only"] += len(found.only)
        outcomes["elsewhere"] += found.elsewhere
        outcomes["merged"] += sum(row["valid"] for row in export) - found.entries
    assert min(ranks.values()) > 5, ranks
    assert min(outcomes.values()) > 5, outcomes
