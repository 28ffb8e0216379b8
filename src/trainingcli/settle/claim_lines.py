"""The roster's rows → claim lines (申领明细): which programmes a row asks for, and how much.

Decided for each sheet, the first that applies: wide amount columns; a programme column; `--programme`; just one
programme named above the header, else in the sheet's name, else in the file's; else every programme that fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import numpy as np
import numpy.typing as npt

from trainingcli.compared import squeeze
from trainingcli.findings import Findings, Part
from trainingcli.intake.tables.roster import Origin
from trainingcli.policy import Policy
from trainingcli.reasons import reason
from trainingcli.settle.line_draft import AMOUNTS_DIFFER, NONE, Draft, Places
from trainingcli.settle.programmes import programmes
from trainingcli.settle.programmes.base import Trainees
from trainingcli.settle.rows import Mask, Rows
from trainingcli.vocabulary import EMPLOYEES_TRAINING, TRAINING

AMOUNT_UNASSIGNED = reason("AMOUNT_UNASSIGNED").code
BAD_AMOUNT = reason("BAD_AMOUNT").code
MISSING_FIELD = reason("MISSING_FIELD").code
NOTHING_CLAIMED = reason("NOTHING_CLAIMED").code
NOT_ELIGIBLE = reason("NOT_ELIGIBLE").code
UNKNOWN_CATEGORY = reason("UNKNOWN_CATEGORY").code
UNKNOWN_PROGRAMME = reason("UNKNOWN_PROGRAMME").code

_OF_EMPLOYEES = re.compile(r"企业职工[^、,/;+\s]*培训补贴")
_SEPARATORS = re.compile(r"[、,/;+]")


@dataclass
class Lines:
    """Claim lines in order: `row` (position in the roster), `programme` (place in `codes`, -1: none), `claimed` fen.

    `claims`: where something in particular is claimed. `titled`: only a text around the table names the programme.
    `most`: the largest amount that stands there for the line in fen, whatever its fault; 0 where none can be read.
    `findings` speak of line positions.
    """

    codes: list[str]
    row: Places
    programme: Places
    claimed: npt.NDArray[np.int64]
    claims: Mask
    letter: list[str | None]
    findings: Findings
    titled: Mask
    most: Places


def claim_lines(rows: Rows, policy: Policy, named: str | None = None) -> Lines:
    """Build the claim lines of every data row; no row vanishes. `named`: the programme of `--programme`."""
    codes = list(policy.programmes)
    draft = Draft()
    training = training_programme(rows, policy)
    sheet = rows.frame["sheet"].to_numpy()
    modes = [mode_of(origin, policy, named) for origin in rows.roster.origins]
    kinds = np.array([mode[0] for mode in modes] or [""])[sheet] if len(rows) else np.array([], dtype="U8")
    _add_wide(draft, rows, policy, training, np.flatnonzero(kinds == "wide"))
    _add_column(draft, rows, policy, training, np.flatnonzero(kinds == "column"))
    place = np.array([_place(mode[1], codes) for mode in modes] or [NONE])
    at = np.flatnonzero(np.isin(kinds, ("named", "titled")))
    programme = place[sheet[at]]
    draft.add(at, np.where(programme == len(codes), training[at], programme))
    _add_fitting(draft, rows, policy, training, np.flatnonzero(kinds == "fits"))
    return _ordered(draft, rows, policy, [kind for kind, _ in modes])


def mode_of(origin: Origin, policy: Policy, named: str | None) -> tuple[str, str]:
    """Return how a sheet says what is claimed (wide, column, named, titled, fits), and its programme.

    Where the lines above name several, the row decides among those, if neither sheet nor file names just one.
    """
    if origin.wide:
        return "wide", ""
    if "programme" in origin.keys:
        return "column", ""
    if named:
        return "named", named
    for text in (origin.above, origin.sheet, PurePath(origin.file).stem):
        found = named_in(text, policy)
        if len(found) == 1:
            return "titled", found.pop()
    return "fits", ""


def trainings(policy: Policy) -> dict[Trainees, str]:
    """Return the programmes that 培训补贴 alone may mean: for employees one, for others one."""
    return {
        each.means_training_of: each.code
        for each in programmes(policy.programmes)
        if each.means_training_of is not None
    }


def named_in(text: str, policy: Policy) -> set[str]:
    """Return the programmes that a text names; the longest match counts, and 培训补贴 yields to a fuller name."""
    plain, names, general = squeeze(text), policy.programme_names(), trainings(policy)
    found = set()
    if _OF_EMPLOYEES.search(plain):
        found.add(general[Trainees.EMPLOYEES])
        plain = _OF_EMPLOYEES.sub("|", plain)
    for name in sorted(names, key=len, reverse=True):
        if name in plain:
            found.add(names[name])
            plain = plain.replace(name, "|")
    if not found.isdisjoint(general.values()):
        found.discard(TRAINING)
    return found


def _place(code: str, codes: Sequence[str]) -> int:
    return codes.index(code) if code in codes else len(codes) if code == TRAINING else NONE


def of_employees_type(rows: Rows, policy: Policy) -> Mask:
    """Say which rows have no category, and a training type that only employees have (Q1)."""
    types: Mask = rows.among("training_type", policy.parameter("training_types"))
    return rows.missing("category") & types


def training_programme(rows: Rows, policy: Policy) -> Places:
    """Return the training programme that fits each row: the employees', else the others'."""
    is_employee = rows.among("category", policy.parameter("categories_enterprise")) | of_employees_type(rows, policy)
    places = {who: list(policy.programmes).index(code) for who, code in trainings(policy).items()}
    return np.where(is_employee, places[Trainees.EMPLOYEES], places[Trainees.OTHERS])


def _add_wide(draft: Draft, rows: Rows, policy: Policy, training: Places, at: Places) -> None:
    """One line for each amount cell that says something; a row with none asks for nothing.

    培训补贴 beside a column of the employees' programme is the others'.
    """
    claims = np.zeros(len(rows), dtype=bool)
    general, codes = trainings(policy), list(policy.programmes)
    beside = np.array([EMPLOYEES_TRAINING in origin.wide for origin in rows.roster.origins])
    for wide in rows.roster.wide:
        code = general[Trainees.EMPLOYEES] if wide.programme == EMPLOYEES_TRAINING else wide.programme
        programme = np.full(len(wide.rows), _place(code, codes))
        if code == TRAINING:
            is_other = beside[rows.frame["sheet"].to_numpy()[wide.rows]]
            programme = np.where(is_other, _place(general[Trainees.OTHERS], codes), training[wide.rows])
        is_amount = wide.fault == ""
        amounts = {"claimed": wide.fen, "most": wide.most}
        draft.add(wide.rows, programme, fault=wide.fault, **amounts, claims=is_amount, letter=wide.letter)
        claims[wide.rows] = True
    draft.add(at[~claims[at]], NONE, fault=NOTHING_CLAIMED)


def _add_column(draft: Draft, rows: Rows, policy: Policy, training: Places, at: Places) -> None:
    """One line for each programme that the cell names, one without a programme for what is not known."""
    places, words = rows.words("programme")
    codes = list(policy.programmes)
    spoiled = rows.found("programme", "ERROR_CELL", "FORMULA_WITHOUT_VALUE")
    for place, word in enumerate(words):
        here = at[(places[at] == place) & ~spoiled[at]]
        if word is None:
            draft.add(here, NONE, fault=MISSING_FIELD)
            continue
        known, unknown = programmes_in(word, policy) if len(here) else (set(), False)
        resolved = [training[here] if code == TRAINING else _place(code, codes) for code in sorted(known)]
        for programme in resolved:
            draft.add(here, programme)
        if unknown:
            draft.add(here, NONE, fault=UNKNOWN_PROGRAMME)
    for code in ("ERROR_CELL", "FORMULA_WITHOUT_VALUE"):
        draft.add(at[rows.found("programme", code)[at]], NONE, fault=code)


def programmes_in(text: str, policy: Policy) -> tuple[set[str], bool]:
    """Return the programmes that a cell names, and whether it also says something that is none."""
    plain, names = squeeze(text), policy.programme_names()
    if plain in names:
        return {names[plain]}, False
    for name in sorted(names, key=len, reverse=True):  # a name may hold a separator: 技师、高级技师补贴
        if _SEPARATORS.search(name):
            plain = plain.replace(name, _SEPARATORS.sub("\0", name))
    parts = [part.replace("\0", "、") for part in _SEPARATORS.split(plain) if part]
    of_employees = trainings(policy)[Trainees.EMPLOYEES]
    found = [of_employees if _OF_EMPLOYEES.search(part) else names.get(part) for part in parts]
    return {code for code in found if code}, None in found


def _add_fitting(draft: Draft, rows: Rows, policy: Policy, training: Places, at: Places) -> None:
    """A line for each programme that fits, of those that the lines above name, if any are; else one without one."""
    any_fits = np.zeros(len(rows), dtype=bool)
    named = [named_in(origin.above, policy) for origin in rows.roster.origins]
    sheet = rows.frame["sheet"].to_numpy()
    for place, programme in enumerate(programmes(policy.programmes)):
        asked = np.array([not codes or programme.code in codes for codes in named] or [False])[sheet]
        of_training = np.array([TRAINING in codes for codes in named] or [False])[sheet] & (training == place)
        fits = programme.fits(rows, policy) & (asked | of_training)
        any_fits |= fits
        draft.add(at[fits[at]], place)
    rest = at[~any_fits[at]]
    draft.add(rest, NONE, fault=NOT_ELIGIBLE)


def _ordered(draft: Draft, rows: Rows, policy: Policy, kinds: Sequence[str]) -> Lines:
    """Return the drafted lines in order, each with its amount."""
    found, codes = draft.lines(), list(policy.programmes)
    titled = np.array([kind == "titled" for kind in kinds] or [False])[rows.frame["sheet"].to_numpy()[found.row]]
    letter = [each or None for each in found.letters]
    lines = Lines(
        codes, found.row, found.programme, found.claimed, found.claims, letter, Findings(), titled, found.most
    )
    _explain_faults(lines, rows, policy, found.faults)
    _assign_amounts(lines, rows)
    return lines


def _explain_faults(lines: Lines, rows: Rows, policy: Policy, faults: npt.NDArray[np.object_]) -> None:
    """Turn each draft's fault into a finding: of the programme's cell on a line without one, else of the amount's."""
    named = lines.programme != NONE
    written: dict[tuple[int, str | None], str] = {
        (row, wide.letter): text
        for wide in rows.roster.wide
        for row, text in zip(wide.rows.tolist(), wide.written.tolist(), strict=True)
        if text is not None
    }
    for code in np.unique(faults[faults != ""]):
        here = faults == code
        if code == NOT_ELIGIBLE:
            _explain_unfit(lines, rows, policy, np.flatnonzero(here))
            continue
        nameless, amounts = np.flatnonzero(here & ~named), np.flatnonzero(here & named)
        field_name = None if code == NOTHING_CLAIMED else "programme"
        lines.findings.add_rows(nameless, str(code), field_name, _programme_cells(rows, lines.row[nameless], str(code)))
        values = [written.get((int(lines.row[at]), lines.letter[at])) for at in amounts]
        lines.findings.add_rows(amounts, str(code), "claimed", values)


def _programme_cells(rows: Rows, row: Places, code: str) -> list[str | None]:
    """Return what stands in the programme's cell of these rows, be it an error."""
    errors = {at: value for part in rows.parts("programme") if part.code == code for at, value in _cells(part)}
    words = rows.frame["programme"].iloc[row]
    return [errors.get(at, word) for at, word in zip(row.tolist(), words, strict=True)]


def _cells(part: Part) -> Iterator[tuple[int, Any]]:
    return zip(part.rows.tolist(), part.values, strict=True)


def _explain_unfit(lines: Lines, rows: Rows, policy: Policy, at: Places) -> None:
    """No programme fits: rejected, but held where an unknown word (a category, a hardship) may be the cause."""
    row = lines.row[at]
    open_questions = [("category", UNKNOWN_CATEGORY, rows.found("category", UNKNOWN_CATEGORY)[row])]
    open_questions += [
        (verdict.field, verdict.reason.code, verdict.rows[row])
        for programme in programmes(policy.programmes)
        for verdict in programme.open_questions(rows)
    ]
    spoiled = np.logical_or.reduce([here for _, _, here in open_questions])
    for field_name in ("category", "hardship"):
        for code in ("ERROR_CELL", "FORMULA_WITHOUT_VALUE"):
            here = rows.found(field_name, code)[row]
            words = dict(cell for part in rows.parts(field_name) if part.code == code for cell in _cells(part))
            lines.findings.add_rows(at[here], code, field_name, [words[each] for each in row[here].tolist()])
            spoiled |= here
    for field_name, code, here in (*open_questions, ("category", NOT_ELIGIBLE, ~spoiled)):
        lines.findings.add_rows(at[here], code, field_name, rows.frame[field_name].iloc[row[here]])


def _assign_amounts(lines: Lines, rows: Rows) -> None:
    """Give the amount column's value to the row's line; where several lines could have it, hold them."""
    has_wide = np.array([bool(origin.wide) for origin in rows.roster.origins] or [False])
    plain = ~has_wide[rows.frame["sheet"].to_numpy()[lines.row]] if len(lines.row) else np.array([], bool)
    amount = rows.frame["claimed"]
    has_amount = amount.notna().to_numpy(dtype=bool)[lines.row] & plain
    _compare_totals(lines, rows, ~plain & (lines.programme != NONE))
    lines.most[plain] = rows.frame["most"].to_numpy(dtype=np.int64)[lines.row[plain]]
    single = np.bincount(lines.row, minlength=len(rows))[lines.row] == 1
    takes = has_amount & single
    lines.claimed[takes] = amount.fillna(0).to_numpy(dtype=np.int64)[lines.row[takes]]
    lines.claims[takes] = True
    lines.findings.add(has_amount & ~single, AMOUNT_UNASSIGNED, "claimed")
    is_programme = plain & (lines.programme != NONE)
    for part in rows.parts("claimed"):
        here = np.flatnonzero(is_programme & rows.mask(part.rows)[lines.row])
        found = np.searchsorted(part.rows, lines.row[here])
        lines.findings.add_rows(here, part.code, "claimed", [part.values[place] for place in found])


def _compare_totals(lines: Lines, rows: Rows, wide: Mask) -> None:
    """Hold rows whose wide amounts do not come to what an amount column beside them says: it is their total."""
    total, unsure = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=bool)
    np.add.at(total, lines.row[wide], lines.claimed[wide])
    unsure[lines.row[wide & ~lines.claims]] = True
    amount = rows.frame["claimed"]
    differs = amount.notna().to_numpy(dtype=bool) & (amount.fillna(0).to_numpy(dtype=np.int64) != total) & ~unsure
    here = wide & differs[lines.row]
    lines.findings.add(here, AMOUNTS_DIFFER, "claimed")
    lines.claims[here], lines.claimed[here] = False, 0
