"""Exports of the real-name system → their entries: read as rosters are, with one column more (结业状态)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from trainingcli.compared import squeeze
from trainingcli.errors import UsageError
from trainingcli.evidence.bad_rows import BadRow, bad_row, notes_of
from trainingcli.evidence.realname.export import COMPLETION, PASSED, Export, ExportFile
from trainingcli.evidence.realname.export_fields import FIELDS, NOTHING, SHOWN_FIELDS, Numbers, is_filed, numbered
from trainingcli.evidence.source import Means
from trainingcli.fields import label
from trainingcli.findings import Findings
from trainingcli.intake.formats.cell_kinds import Kind
from trainingcli.intake.tables import values
from trainingcli.intake.tables.convert import to_roster
from trainingcli.intake.tables.declared import DeclaredTable, declared_tables
from trainingcli.intake.tables.distinct_cells import DistinctValues, distinct_cells
from trainingcli.intake.tables.folders import expand
from trainingcli.intake.tables.reading import read_rosters
from trainingcli.intake.tables.roster import Roster
from trainingcli.intake.tables.sheet_tables import InputFile, SheetTable
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.settle.dated import Ints
from trainingcli.settle.rows import Rows
from trainingcli.validation import identity
from trainingcli.vocabulary import Vocabulary, load_vocabulary

_UNREADABLE = frozenset({"BAD_DATE", "ERROR_CELL", "FORMULA_WITHOUT_VALUE", "NUMBER_PRECISION_LOST"})
_CLAIMS = ({"programme", "claimed"}, {"amount"})
_DAY = r"((?:19|20)\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?|(?:19|20)\d{6})"
_SAID = re.compile(rf"(?:导出|统计|查询|下载|生成|打印|填报|制表|截止|截至)(?:日期|时间)?(?:为|到|至)?[：:]?\s*{_DAY}")
_NAMED = re.compile(r"(?<!\d)((?:19|20)\d{2})[-._年]?(\d{2})[-._月]?(\d{2})(?!\d)")


def read_export(paths: Sequence[Path], means: Means, option: str) -> Export:
    """Read exports, folders walked. UsageError for the first that cannot be read, has no header, or is no export."""
    files = [(path, expand([str(path)], means.named)) for path in paths]
    for path, found in files:
        if not found:
            raise _refused(str(path), Text("文件夹里没有可读的文件", "the folder holds no file to read"), option)
    there = list(dict.fromkeys(file for _, found in files for file in found))
    inputs = read_rosters(there, words_of(means.policy), means.pool)
    for item in inputs:
        if (why := _why_not(item)) is not None:
            raise _refused(item.file, why, option)
    return export_of(inputs, means)


def words_of(policy: Policy) -> Vocabulary:
    """Return the words of an export: a roster's, and the completion's column."""
    table, words = declared_tables("realname")["realname"], load_vocabulary(policy.programme_names())
    completion = {word: key for word, key in table.headings.items() if key == COMPLETION}
    return words._replace(headings={**words.headings, **completion}, header=table.header)


def export_of(inputs: list[InputFile], means: Means) -> Export:
    """Convert what was read."""
    table = declared_tables("realname")["realname"]
    vocabulary = load_vocabulary(means.policy.programme_names())
    roster = to_roster(inputs, vocabulary)
    rows = Rows(roster, _bad_numbers(roster, means), means.aliases)
    completion, faults = _completions(inputs, table, vocabulary)
    return _export(inputs, rows, completion, [*_bad_cells(rows), *_bad_states(rows, faults)])


def _why_not(item: InputFile) -> Text | None:
    """Say why a workbook is no export: unreadable, without a header, or a roster of claims."""
    if item.error is not None:
        return item.error
    if not item.sheets:
        return Text(
            "没有实名制导出表的表头；表头要有身份证号和至少两个培训栏目（机构、班级、职业、日期、证书或结业状态）",
            "no sheet has an export's header: the ID number and at least two columns of the training (institution, "
            "class, occupation, dates, certificate, completion)",
        )
    keys = [{column.key for column in sheet.columns} for sheet in item.sheets]
    if any(claim <= each for each in keys for claim in _CLAIMS) and not any(COMPLETION in each for each in keys):
        return Text(
            "这是申领花名册（有补贴项目和金额，没有结业状态），不是实名制系统的导出表",
            "this is a roster of claims (programme and amounts, no completion), not an export of the real-name system",
        )
    return None


def _refused(file: str, why: Text, option: str) -> UsageError:
    return UsageError(Text(f"{file}：{why.zh}（{option}）", f"{file}: {why.en} ({option})"))


def _bad_numbers(roster: Roster, means: Means) -> Findings:
    """Look at the ID numbers; one of which the cell is a fault has nothing more to say."""
    ids, findings = roster.rows["id_number"], Findings()
    for part in roster.findings.of("id_number"):
        ids = ids.mask(np.isin(np.arange(len(ids)), part.rows))
    for code, wrong in identity.faults(ids, means.today).items():
        findings.add(wrong, code, "id_number", ids)
    return findings


Faults = list[tuple[int, str, str | None]]


def _completions(inputs: list[InputFile], table: DeclaredTable, words: Vocabulary) -> tuple[DistinctValues, Faults]:
    """Return what each row says of the completion (合格, else as written), and the cells that say nothing."""
    known = table.columns[COMPLETION].choices or {}
    found: list[DistinctValues] = []
    faults: Faults = []
    first = 0
    for sheet in (sheet for item in inputs for sheet in item.sheets):
        place = next((number for number, column in enumerate(sheet.columns) if column.key == COMPLETION), None)
        states = DistinctValues(np.full(1, None, dtype=object), np.zeros(sheet.cells.num_rows, dtype=np.int64))
        if place is not None:
            states, bad = _states(sheet, place, known, words)
            faults += [(first + row, code, said) for row, code, said in bad]
        first += sheet.cells.num_rows
        found.append(states)
    return DistinctValues.joined(found), faults


def _states(
    sheet: SheetTable, column: int, known: Mapping[str, str], words: Vocabulary
) -> tuple[DistinctValues, Faults]:
    """Return what each row of a sheet says, and its faults; a state that cannot be read is none that is passed."""
    texts, kinds, places = distinct_cells(sheet, column)
    states = np.full(len(texts), None, dtype=object)
    faults: Faults = []
    for at, (text, kind) in enumerate(zip(texts.to_pylist(), (kinds & 0x0F).tolist(), strict=True)):
        said, code = values.clean(text or "", words.empty_words), None
        if kind == Kind.NO_VALUE:
            said, code = "=", "FORMULA_WITHOUT_VALUE"
        elif said and (kind == Kind.ERROR or values.ERROR_TEXT.fullmatch(said)):
            code = "ERROR_CELL"
        states[at] = PASSED if said and known.get(squeeze(said)) == PASSED else said
        if code is not None:
            value = said if code == "ERROR_CELL" else None
            faults += [(row, code, value) for row in np.flatnonzero(places == at).tolist()]
    return DistinctValues(states, places), faults


def _bad_cells(rows: Rows) -> Iterator[tuple[int, BadRow]]:
    """Yield rows without a valid ID number, and cells of compared fields that could not be read."""
    for at in np.flatnonzero(rows.missing("id_number")).tolist():
        yield at, bad_row("MISSING_FIELD", _place(rows, at, "id_number"), "id_number", label("id_number"), None)
    for field in ("id_number", *FIELDS):
        for part in rows.parts(field):
            is_bad = part.code != "UNKNOWN_REGION" if field == "id_number" else part.code in _UNREADABLE
            for at, value in zip(part.rows.tolist(), part.values, strict=True) if is_bad else ():
                yield at, bad_row(part.code, _place(rows, at, field), field, label(field), value)


def _bad_states(rows: Rows, faults: Faults) -> Iterator[tuple[int, BadRow]]:
    name = Text("结业状态", "completion")
    for at, code, value in faults:
        yield at, bad_row(code, _place(rows, at, COMPLETION), COMPLETION, name, value)


def _place(rows: Rows, at: int, field: str) -> dict[str, Any]:
    origin, row = rows.roster.origins[int(rows.frame["sheet"].iloc[at])], int(rows.frame["row"].iloc[at])
    letter = origin.letters.get(field)
    return {"file": origin.file, "sheet": origin.sheet, "row": row, "cell": f"{letter}{row}" if letter else None}


def _export(inputs: list[InputFile], rows: Rows, states: DistinctValues, findings: list[tuple[int, BadRow]]) -> Export:
    numbers, words = numbered(rows)
    person = np.where(rows.numbers_are_valid(), pd.factorize(rows.frame["id_number"])[0], NOTHING)
    at = np.flatnonzero(person != NOTHING)
    firsts = _first_rows(person[at], {field: numbers[field][at] for field in FIELDS})
    first, entry = np.unique(at[firsts], return_inverse=True)
    state = _joined(states._replace(places=states.places[at]), entry, len(first))
    order = np.lexsort((first, person[first]))
    first = first[order]
    _, starts = np.unique(person[first], return_index=True)
    return Export(
        files=_files(inputs, rows, first, numbers["institution"], findings),
        ids=pa.array(rows.frame["id_number"], pa.large_string()).take(pa.array(first[starts])),
        bounds=np.array([*starts, len(first)], dtype=np.int64),
        order=first,
        numbers={field: numbers[field][first] for field in FIELDS},
        words=words,
        filed=is_filed(rows)[first],
        states=state[order],
        rows=rows.frame[["sheet", "row", *SHOWN_FIELDS]],
        names=numbers["name"],
        origins=rows.roster.origins,
        findings=[found for _, found in sorted(findings, key=lambda pair: pair[0])],
    )


def _first_rows(person: Ints, numbers: Numbers) -> Ints:
    """Return, of each row, the first that is the same entry; only rows of people who come again are compared."""
    found = np.arange(len(person))
    again = np.flatnonzero(np.bincount(person)[person] > 1)
    group = person[again]
    for column in numbers.values():
        codes = column[again] - NOTHING
        group = pd.factorize(group * (codes.max(initial=0) + 1) + codes)[0]
    found[again] = again[np.unique(group, return_index=True)[1][group]]
    return found


def _joined(states: DistinctValues, entry: Ints, count: int) -> Any:
    """Of rows that are one entry: 合格 if any says so, else the first that is filled in."""
    found = np.full(count, None, dtype=object)
    said = np.flatnonzero(states.said())
    which, first = np.unique(entry[said], return_index=True)
    found[which] = states.values[states.places[said[first]]]
    passed = np.array([state == PASSED for state in states.values.tolist()], dtype=bool)
    found[entry[passed[states.places]]] = PASSED
    return found


def _files(
    inputs: list[InputFile], rows: Rows, first: Ints, institutions: Ints, findings: list[tuple[int, BadRow]]
) -> tuple[ExportFile, ...]:
    of_sheet = np.array([origin.input for origin in rows.roster.origins], dtype=np.int64)
    of_row = of_sheet[rows.frame["sheet"].to_numpy()] if len(of_sheet) else np.zeros(0, dtype=np.int64)
    bad = pd.Series([int(of_row[at]) for at, _ in findings], dtype="int64").value_counts()
    return tuple(
        ExportFile(
            file=item.file,
            sha256=item.sha256,
            rows=int((of_row == place).sum()),
            entries=int((of_row[first] == place).sum()),
            findings=int(bad.get(place, 0)),
            day=_day(item),
            institutions=frozenset(np.unique(institutions[of_row == place]).tolist()) - {NOTHING},
            notes=tuple(notes_of(item)),
        )
        for place, item in enumerate(inputs)
    )


def _day(item: InputFile) -> dt.date | None:
    """Return the day on which an export was made: as a title line says, else its name, else the file's own date."""
    for above in (sheet.above for sheet in item.sheets):
        if (said := _SAID.search(above)) and (parsed := values.date(said[1])):
            return parsed[0]
    if (named := _NAMED.search(Path(item.file).name)) and (parsed := values.date("-".join(named.groups()))):
        return parsed[0]
    try:
        return dt.date.fromtimestamp(Path(item.path).stat().st_mtime)
    except OSError:
        return None
