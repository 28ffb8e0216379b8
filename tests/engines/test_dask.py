"""A run on a cluster gives what a run on one machine gives: every line, total, entry and workbook."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import load_workbook
from pandas.testing import assert_frame_equal

from oracle import people
from oracle.lines import Row
from oracle.workbooks import occupations_register, render
from realname.builder import workbook
from realname.test_agreement import EXPORT, ROSTER, World, sheets_of
from registers.builder import means, write
from support.printing import claims_document
from trainingcli.claims import batch_archive as archive
from trainingcli.claims.engine import Engine
from trainingcli.claims.main_job import claims
from trainingcli.claims.request import Request
from trainingcli.engines.local import LocalEngine
from trainingcli.evidence.gathered import Sources
from trainingcli.evidence.gathering import gather
from trainingcli.evidence.source import NOTHING, Given
from trainingcli.ledger import open_ledger
from trainingcli.policy import load_policy
from trainingcli.workers import WorkerPool

from .conftest import WHY

pytest.importorskip("distributed", reason=WHY)

from trainingcli.engines.dask import DaskEngine, open_cluster

SAMPLES = Path(__file__).parents[2] / "sample_data"
Result = dict[str, Any]


@pytest.fixture
def dask_engine(cluster: Any) -> Iterator[DaskEngine]:
    with open_cluster(cluster.scheduler_address, 2) as engine:
        yield engine


@pytest.fixture
def local() -> Iterator[Engine]:
    with WorkerPool(1) as pool:
        yield LocalEngine(pool)


def settled(engine: Engine, request: Request, folder: Path, sources: Sources, **more: bool) -> Result:
    """Run `claims` on an engine, with a ledger in `folder` where it posts, and return its JSON."""
    post = more.get("post", False)
    folder.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        ledger = stack.enter_context(open_ledger(folder / "ledger.db")) if post else None
        assessment = claims(
            request, load_policy(), engine, folder / "out", ledger=ledger, posting=post, sources=sources,
            returns=more.get("returns", False),
        )  # fmt: skip
    document: Result = json.loads(claims_document(assessment, unmask=True))
    for key in ("outputs", "stale"):
        document[key] = [str(Path(path).relative_to(folder)) for path in document[key]]
    return document


def same(found: Result, wanted: Result) -> None:
    """Compare line by line first, so that a failure shows the line; hashes of ledgers also cover a batch's clock."""
    for line, other in zip(found["lines"], wanted["lines"], strict=True):
        assert line == other
    heads = [document["ledger"] and document["ledger"].pop("head") for document in (found, wanted)]
    assert found == wanted
    assert (heads[0] is None) == (heads[1] is None)


def codes(document: Result) -> set[str]:
    return {reason["code"] for line in document["lines"] for reason in line["reasons"]}


def grids(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {sheet.title: list(sheet.values) for sheet in load_workbook(path)}


def entries(folder: Path) -> pd.DataFrame:
    """Return a ledger's entries; each ledger has its own keys, so people and certificates are numbered."""
    with open_ledger(folder / "ledger.db", create=False, read_only=True) as ledger:
        assert ledger.verify().problem is None
        found = ledger.entries()
    keyed = {name: pd.factorize(found[name])[0] for name in ("subject", "certificate", "once_key")}
    return found.drop(columns="hash").assign(**keyed)


def archives(folder: Path) -> list[Any]:
    with open_ledger(folder / "ledger.db", create=False, read_only=True) as ledger:
        return [archive.unpack(ledger.archive(batch)) for batch in ledger.batches()["batch"]]


def messy(folder: Path, seed: int, rows: int, persons: int) -> tuple[list[Row], people.World]:
    """Make rosters of people who come again and again, with phones, accounts and certificates of each other."""
    world = people.World(seed, people=persons)
    made = world.rosters(rows)
    rng = random.Random(seed)
    for row in made:
        if rng.random() < 0.15:
            row.phone, row.account = rng.choice(["13800000001", "13800000002"]), "622200000001"
        if row.certificate_no and rng.random() < 0.1:
            row.certificate_no = rng.choice(["ZS900001", "ZS900002"])
    folder.mkdir(parents=True)
    return render(made, folder, seed), world


def asked(rows: list[Row]) -> Request:
    return Request(list(dict.fromkeys(row.file for row in rows)), people.TODAY)


def test_the_samples_come_out_alike_in_json_and_workbooks(tmp_path: Path, local: Engine, dask_engine: Engine) -> None:
    request = Request([str(SAMPLES / "rosters"), str(tmp_path / "not there.xlsx")], people.TODAY)
    registers = gather(Given(SAMPLES / "registers"), means())
    wanted = settled(local, request, tmp_path / "one", registers, returns=True)
    found = settled(dask_engine, request, tmp_path / "many", registers, returns=True)
    same(found, wanted)
    assert len(found["lines"]) > 150
    assert found["inputs"][-1]["error"] is not None
    assert len(found["outputs"]) > 8
    for name in found["outputs"]:
        written = tmp_path / "many" / name
        assert grids(written) == grids(tmp_path / "one" / name), name
        assert written.stat().st_mode & 0o777 == 0o600
    left = [path for path in (tmp_path / "many").rglob("*") if path.name.startswith(".")]
    assert left == []


def test_what_people_of_different_shares_have_in_common_is_found(
    tmp_path: Path, local: Engine, dask_engine: Engine
) -> None:
    rows, world = messy(tmp_path / "rosters", 7, 100, 40)
    lists = tmp_path / "registers"
    lists.mkdir()
    occupations_register(lists / "occupations.xlsx", world.standards())
    write(lists, "classes", *({"class_no": f"{number}班", "size": 3, "plan": "1号"} for number in range(1, 9)))
    registers = gather(Given(lists), means())
    wanted = settled(local, asked(rows), tmp_path / "one", registers)
    same(settled(dask_engine, asked(rows), tmp_path / "many", registers), wanted)
    assert {"SHARED_PHONE", "SHARED_ACCOUNT", "DUPLICATE_CERTIFICATE", "OVER_CLASS_SIZE"} <= codes(wanted)


def test_rows_beside_an_export_and_a_list(tmp_path: Path, local: Engine, dask_engine: Engine) -> None:
    """What is only in the export depends on the institutions' rows in every share."""
    world = World(3)
    trainings = [world.training() for _ in range(60)]
    sheets_of(world, world.roster(trainings) + world.roster(trainings), ROSTER, tmp_path / "rosters", 0.3)
    sheets_of(world, world.export(trainings), EXPORT, tmp_path / "exports", 0.2)
    listed = [{"id_number": number} for number in world.ids[:4]]
    workbook(tmp_path / "lists" / "名单.xlsx", listed, ["id_number", "name"])
    given = Given(files={"realname": [tmp_path / "exports"], "people": [tmp_path / "lists"]})
    sources = gather(given, means())
    request = Request([str(tmp_path / "rosters")], people.TODAY)
    wanted = settled(local, request, tmp_path / "one", sources)
    found = settled(dask_engine, request, tmp_path / "many", sources)
    same(found, wanted)
    assert wanted["realname"]["only_in_export"]
    assert wanted["people"]["rows"] > 5
    assert {"NOT_IN_REALNAME", "REALNAME_DIFFERS", "NOT_COMPLETED", "ON_LIST"} <= codes(wanted)
    for name in found["outputs"]:
        assert grids(tmp_path / "many" / name) == grids(tmp_path / "one" / name), name


def test_batches_posted_in_sequence_make_the_same_ledger(tmp_path: Path, local: Engine, dask_engine: Engine) -> None:
    rows, world = messy(tmp_path / "rosters", 7, 160, 5)
    lists = tmp_path / "registers"
    lists.mkdir()
    occupations_register(lists / "occupations.xlsx", world.standards())
    waiver = {"code": "ANNUAL_LIMIT", "approver": "局长", "document": "2021-7号"}
    write(lists, "waivers", *(waiver | {"id_number": person.id_number} for person in world.people[:2]))
    write(lists, "budgets", {"fund": "就业补助资金", "year": people.TODAY.year, "budget": 2000})
    registers = gather(Given(lists), means())
    files = asked(rows).files
    batches = [files[: len(files) // 2], files]
    seen: set[str] = set()
    for batch in batches:
        request = Request(batch, people.TODAY)
        wanted = settled(local, request, tmp_path / "one", registers, post=True)
        found = settled(dask_engine, request, tmp_path / "many", registers, post=True)
        same(found, wanted)
        seen |= codes(found)
    posted = entries(tmp_path / "many")
    assert_frame_equal(posted, entries(tmp_path / "one"))
    for kept, other in zip(archives(tmp_path / "many"), archives(tmp_path / "one"), strict=True):
        assert_frame_equal(kept.lines, other.lines)
        assert_frame_equal(kept.reasons, other.reasons)
    assert len(posted) > 10
    assert {"ALREADY_POSTED", "WAIVED", "REPEAT_TRAINING", "ANNUAL_LIMIT", "OVER_BUDGET"} <= seen


def test_standard_input_goes_to_the_workers_as_bytes(tmp_path: Path, local: Engine, dask_engine: Engine) -> None:
    files = sorted(str(path) for path in (SAMPLES / "rosters").iterdir())
    request = Request([files[0], "-"], people.TODAY)._replace(stdin=Path(files[1]).read_bytes())
    registers = gather(NOTHING)
    wanted = settled(local, request, tmp_path / "one", registers)
    same(settled(dask_engine, request, tmp_path / "many", registers), wanted)
    assert {line["file"] for line in wanted["lines"]} == {files[0], "-"}


def test_a_run_with_a_cluster_of_its_own_says_what_one_without_says(tmp_path: Path) -> None:
    """As a program: its workers are forked from it, so it must have one thread."""
    said = {}
    for engine in ("local", "dask"):
        asked = [
            "claims",
            str(SAMPLES / "rosters"),
            "--today",
            people.TODAY.isoformat(),
            "--format",
            "json",
            "--jobs",
            "2",
        ]
        asked += ["--engine", engine, "--out", str(tmp_path / engine), "--ledger", str(tmp_path / "none.db")]
        done = subprocess.run([sys.executable, "-m", "trainingcli", *asked], capture_output=True, text=True)
        assert "Traceback" not in done.stderr
        said[engine] = (done.returncode, json.loads(done.stdout)["lines"])
    assert said["dask"] == said["local"]
    assert len(said["dask"][1]) > 150


def test_a_file_that_is_no_roster_is_told_for_what_it_is(local: Engine, dask_engine: Engine) -> None:
    files = [str(SAMPLES / "rosters"), str(SAMPLES / "registers"), "-"]
    request = Request(files, people.TODAY)._replace(stdin=next((SAMPLES / "registers").iterdir()).read_bytes())
    told = [
        [(item.file, item.error) for item in engine.read(request, load_policy())] for engine in (local, dask_engine)
    ]
    assert told[0] == told[1]
    assert [error.en.partition("this is ")[1] for _, error in told[0] if error is not None] == ["this is "] * 3
