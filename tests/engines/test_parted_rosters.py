"""Splitting a roster by person and joining it again: no person is parted, no row or finding is lost or reordered."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from oracle import people
from oracle.workbooks import render
from trainingcli.claims.request import Request
from trainingcli.claims.rosters import read_inputs, read_roster
from trainingcli.engines.parted_rosters import (
    Hashes,
    Ints,
    Piece,
    PieceStart,
    goes_to,
    hashes_of,
    holders,
    joined,
    number_of,
    of_several,
    people_in,
    split,
    who_moves,
)
from trainingcli.findings import Findings, Part
from trainingcli.intake.tables.roster import Roster
from trainingcli.intake.tables.sheet_tables import InputFile
from trainingcli.policy import load_policy
from trainingcli.settle.rows import Rows
from trainingcli.workers import WorkerPool

SHARES = 4


def part(code: str, *rows: int) -> Part:
    return Part(np.array(rows, dtype=np.int64), code, "name", [f"{code}{row}" for row in rows])


def piece(size: int, *parts: Part) -> Piece:
    frame = pd.DataFrame({"sheet": np.zeros(size, dtype=np.int32)})
    return Piece(Roster(frame, [], [], Findings()), Findings(list(parts)), np.arange(size))


def messy_inputs(folder: Path) -> list[InputFile]:
    rows = render(people.World(3, people=20).rosters(120), folder, 3)
    with WorkerPool(1) as pool:
        return read_inputs(Request(list(dict.fromkeys(row.file for row in rows)), people.TODAY), load_policy(), pool)


def messy_rosters(folder: Path) -> list[tuple[Roster, Findings]]:
    """Read messy workbooks, a roster each."""
    return [read_roster([item], load_policy(), people.TODAY) for item in messy_inputs(folder)]


def found(rows: Rows) -> pd.DataFrame:
    """Return every finding of every row in the order in which the rules meet it."""
    parts = [each for field in sorted(rows.frame.columns) for each in rows.parts(field)]
    return Findings(parts).frame()


def parted(rosters: list[tuple[Roster, Findings]], moving: Hashes, count: int) -> list[list[tuple[int, Piece]]]:
    """Split readings; return each share's pieces, each with the number of the reading that it is from."""
    shares: list[list[tuple[int, Piece]]] = [[] for _ in range(count)]
    for own, (roster, findings) in enumerate(rosters):
        parts = goes_to(people_in(roster, findings), moving, own, count)
        for number, each in zip(parts, split(roster, findings, own, parts, moving, count), strict=True):
            shares[number].append((own, each))
    return shares


def moving_in(rosters: list[tuple[Roster, Findings]], threads: int) -> Hashes:
    return who_moves([people_in(*each) for each in rosters], [len(roster.rows) for roster, _ in rosters], threads)


def test_shares_joined_in_order_hold_what_one_roster_holds(tmp_path: Path) -> None:
    inputs = messy_inputs(tmp_path)
    whole, checked = read_roster(inputs, load_policy(), people.TODAY)
    rosters = [read_roster([item], load_policy(), people.TODAY) for item in inputs]
    starts = np.cumsum([0, *(len(roster.rows) for roster, _ in rosters)]).tolist()
    tables = np.cumsum([0, *(len(roster.origins) for roster, _ in rosters)]).tolist()
    sources = [PieceStart(row, table) for row, table in zip(starts, tables, strict=True)]
    shares = [
        joined([each for _, each in pieces], [sources[own] for own, _ in pieces], whole.origins)
        for pieces in parted(rosters, moving_in(rosters, 1), len(rosters))
    ]

    assert sorted(np.concatenate([share.places for share in shares]).tolist()) == list(range(starts[-1]))
    wanted = found(Rows(whole, checked))
    seen = []
    for share in shares:
        assert (np.diff(share.places) > 0).all()
        rows = whole.rows.take(share.places).reset_index(drop=True)
        assert_frame_equal(share.roster.rows, rows)
        mine = found(Rows(share.roster, share.findings))
        seen.append(mine.assign(row=share.places[mine["row"]]))
    assert_frame_equal(pd.concat(seen).sort_values("row", kind="stable", ignore_index=True), wanted)
    assert len(wanted) > 20


def amounts(roster: Roster, own: int, places: Ints) -> list[tuple[int, str, int, int]]:
    """Return each wide amount: its reading, column, row of the reading, fen."""
    return [
        (own, column.letter, int(places[row]), int(fen))
        for column in roster.wide
        for row, fen in zip(column.rows, column.fen, strict=True)
    ]


def test_wide_amounts_stay_with_their_rows(tmp_path: Path) -> None:
    rosters = messy_rosters(tmp_path)
    shares = parted(rosters, moving_in(rosters, 8), 8)
    found = [cell for pieces in shares for own, each in pieces for cell in amounts(each.roster, own, each.places)]
    whole = [
        cell for own, (roster, _) in enumerate(rosters) for cell in amounts(roster, own, np.arange(len(roster.rows)))
    ]
    assert sorted(found) == sorted(whole)
    assert whole


@pytest.mark.parametrize("threads", [1, 8])
def test_a_valid_person_is_in_one_share_alone(tmp_path: Path, threads: int) -> None:
    rosters = messy_rosters(tmp_path)
    share_of: dict[str, set[int]] = {}
    for number, pieces in enumerate(parted(rosters, moving_in(rosters, threads), 8)):
        for _, share in pieces:
            valid = Rows(share.roster, share.findings).persons_are_valid()
            for person in share.roster.rows["id_number"][valid]:
                share_of.setdefault(person, set()).add(number)
    assert all(len(numbers) == 1 for numbers in share_of.values())
    assert len(set.union(*share_of.values())) > 2


def people_of(*numbers: int) -> Hashes:
    return np.array(numbers, dtype=np.uint64)


def test_only_who_stands_in_several_readings_moves() -> None:
    one, other = people_of(1, 2, 3), people_of(3, 4, 5)
    moving = who_moves([one, other], [30, 30], 2)
    assert moving.tolist() == [3]
    assert goes_to(one, moving, 0, 2) == [0, 1]
    assert goes_to(people_of(1, 2), moving, 0, 2) == [0]


def test_everybody_of_a_reading_above_a_thread_s_part_moves() -> None:
    large, small = people_of(1, 2, 3, 4), people_of(5)
    assert who_moves([large, small], [40, 40], 2).tolist() == []
    assert who_moves([large, small], [41, 40], 2).tolist() == [1, 2, 3, 4]
    assert who_moves([large], [1], 1).tolist() == []
    assert goes_to(large, large, 0, 2) == [0, 1]


def test_nobody_moves_where_there_is_nobody(tmp_path: Path) -> None:
    assert who_moves([people_of()], [0], 2).tolist() == []
    assert goes_to(people_of(), people_of(), 0, 2) == [0]
    assert hashes_of(pd.Series([], dtype="str")).tolist() == []


def test_the_share_of_a_text_is_the_same_in_every_process() -> None:
    texts = [f"14010519900101{number:04d}" for number in range(50)]
    code = "import sys, pandas as pd; from trainingcli.engines.parted_rosters import number_of;"
    code += "print(number_of(pd.Series(sys.argv[1:], dtype='str'), 1000).tolist())"
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    done = subprocess.run([sys.executable, "-c", code, *texts], capture_output=True, text=True, env=environment)
    mine = number_of(pd.Series(texts, dtype=object), 1000).tolist()
    assert done.stdout.strip() == str(mine)
    assert len(set(mine)) > 40
    assert number_of(pd.Series([], dtype="str"), 3).tolist() == []


def test_parts_of_one_kind_become_one_and_each_piece_keeps_its_order() -> None:
    first = piece(2, part("B", 0))
    second = piece(2, part("A", 1), part("B", 0, 1))
    third = piece(1, part("A", 0), part("C", 0), part("B", 0))
    sources = [PieceStart(0, 0), PieceStart(2, 0), PieceStart(4, 0)]
    parts = joined([first, second, third], sources, []).findings.parts
    by_row: dict[int, list[str]] = {}
    for each in parts:
        for row, value in zip(each.rows.tolist(), each.values, strict=True):
            by_row.setdefault(row, []).append(f"{each.code}:{value}")
    assert by_row == {0: ["B:B0"], 2: ["B:B0"], 3: ["A:A1", "B:B1"], 4: ["A:A0", "C:C0", "B:B0"]}
    assert all((np.diff(each.rows) > 0).all() for each in parts)
    assert len(parts) < 6


def test_values_of_several_people_are_found_wherever_they_stand(tmp_path: Path) -> None:
    rosters = [Rows(*each) for each in messy_rosters(tmp_path)]
    rng = random.Random(5)
    owners: dict[str, set[str]] = {}
    for rows in rosters:
        phones = [rng.choice(["13800000001", "13800000002", None]) for _ in range(len(rows))]
        rows.frame["phone"] = pd.array(phones, dtype="str")
        for person, phone, valid in zip(rows.frame["id_number"], phones, rows.persons_are_valid(), strict=True):
            if valid and phone:
                owners.setdefault(phone, set()).add(person)
    lonely = rosters[0].frame.index[rosters[0].persons_are_valid()][0]
    rosters[0].frame.loc[lonely, "phone"] = "13899999999"
    held = [holders(rows, SHARES) for rows in rosters]
    seen = [of_several([each[number] for each in held])["phone"] for number in range(SHARES)]
    assert frozenset().union(*seen) == {phone for phone, persons in owners.items() if len(persons) > 1}
    assert frozenset().union(*seen) == {"13800000001", "13800000002"}
