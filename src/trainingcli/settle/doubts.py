"""What a row says against itself (reading 8.2): reasons known before the limits, so that its lines take no place.

A file that speaks for one evidence alone (registers, real names, what was reversed) adds its findings to the lines
before `settle` is called; these here need nothing but the roster.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from trainingcli.compared import DOTS, folded, folded_name
from trainingcli.findings import Findings
from trainingcli.intake.tables.roster import STRIKABLE
from trainingcli.language import Text
from trainingcli.policy import Policy
from trainingcli.reasons import reason
from trainingcli.settle.claim_lines import Lines, training_programme
from trainingcli.settle.line_draft import NONE
from trainingcli.settle.programmes import programmes
from trainingcli.settle.rows import Mask, Rows
from trainingcli.vocabulary import TRAINING

ID_TWO_NAMES = reason("ID_TWO_NAMES").code
LEVEL_DIFFERS = reason("LEVEL_DIFFERS").code
NUMBER_PRECISION_LOST = reason("NUMBER_PRECISION_LOST").code
WITHDRAWN = reason("WITHDRAWN").code

_BEHIND = re.compile(r"(.+?)\([^()]*\)?$")
_BESIDES = "(?:培训|申领|申请|资格)"
_SAYS = re.compile(
    "(?<!未)(?<!无)(?<!没有)(?<!首次)(?<!初中)(?<!高中)(?<!大学)(?<!原证书)"
    "(?:不申领|(?<!不)(?:退学|退训|作废|放弃|未参训|缺考"
    f"|取消(?={_BESIDES})|(?<=培训)取消|(?<=申领)取消|(?<=申请)取消|(?<=资格)取消))"
)
_GIVES_UP = ("不申领", "放弃")
_JOINS = re.compile("[、和及与或/]")


def doubts(rows: Rows, lines: Lines, policy: Policy) -> Findings:
    """Return what the rows say against their lines."""
    findings = Findings()
    _report(findings, lines, rows, two_names(rows)[lines.row], ID_TWO_NAMES, "name")
    struck = rows.frame["struck"].to_numpy()[lines.row]
    _report(findings, lines, rows, _withdrawn(rows, lines, policy), WITHDRAWN, "remark")
    for place, field in enumerate(STRIKABLE, 1):
        _report(findings, lines, rows, struck == place, WITHDRAWN, field)
    _level_differs(findings, rows, lines, policy)
    return findings


def lost_accounts(rows: Rows, lines: Lines, policy: Policy) -> Findings:
    """Return the lines that pay a trainee whose account lost digits."""
    findings = Findings()
    to_trainees = [place for place, code in enumerate(lines.codes) if code in policy.paid_to_trainee()]
    lost = rows.found("account", NUMBER_PRECISION_LOST)[lines.row] & np.isin(lines.programme, to_trainees)
    _report(findings, lines, rows, lost, NUMBER_PRECISION_LOST, "account")
    return findings


def _report(findings: Findings, lines: Lines, rows: Rows, where: Mask, code: str, field: str) -> None:
    at = np.flatnonzero(where)
    findings.add_rows(at, code, field, rows.frame[field].iloc[lines.row[at]])


def _name(text: str) -> str:
    """Return a person's name as two are compared: without the minority dot and a remark in brackets behind it."""
    name = folded_name(text)
    found = _BEHIND.fullmatch(name)
    return DOTS.sub("", found[1] if found else name)


def two_names(rows: Rows) -> Mask:
    """Say which rows have a valid ID number that stands with two names in the batch; a fault is no name of its own."""
    holders, named = rows.holders(), rows.plain("name")
    mask = np.zeros(len(rows), dtype=bool)
    counts = np.bincount(holders[holders >= 0], minlength=1)
    at = np.flatnonzero((holders >= 0) & named & (counts[np.maximum(holders, 0)] > 1))
    places, words = rows.words("name")
    taken, here = np.unique(places[at], return_inverse=True)
    names = pd.factorize(np.array([_name(words[place] or "") for place in taken.tolist()], dtype=object))[0][here]
    lowest, highest = np.full(len(counts), len(at)), np.full(len(counts), -1)
    np.minimum.at(lowest, holders[at], names)
    np.maximum.at(highest, holders[at], names)
    valid = holders >= 0
    mask[valid] = (lowest < highest)[holders[valid]]
    return mask


def _withdrawn(rows: Rows, lines: Lines, policy: Policy) -> Mask:
    """Say which lines the remark withdraws: all of the row's, or those of the programmes that it gives up."""
    mask = np.zeros(len(lines.row), dtype=bool)
    if "remark" not in rows.frame:
        return mask
    places, words = rows.words("remark")
    general = training_programme(rows, policy)[lines.row]
    for place, word in enumerate(words):
        codes = given_up(word, tuple(policy.programme_names().items())) if word else set()
        if codes:
            here = (places == place)[lines.row]
            asked = [number for number, code in enumerate(lines.codes) if code in codes]
            of_training = (lines.programme == general) if TRAINING in codes else np.zeros(len(mask), dtype=bool)
            mask |= here & (np.isin(lines.programme, asked) | of_training | (None in codes))
    return mask


def given_up(remark: str, names: tuple[tuple[str, str], ...]) -> set[str | None]:
    """Return the programmes that a remark gives up, None among them: the whole row is withdrawn."""
    text, found = folded(remark), set[str | None]()
    for says in _SAYS.finditer(text):
        named = set(_named_at(text, says.end(), names)) if says[0] in _GIVES_UP else set()
        found |= named or {None}
    return found


def _named_at(text: str, place: int, names: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Yield the programmes named right at a place of a text, joined by 、 and the like; the longest name counts."""
    by_length = sorted(names, key=lambda pair: len(pair[0]), reverse=True)
    while found := next((pair for pair in by_length if text.startswith(folded(pair[0]), place)), None):
        yield found[1]
        place += len(folded(found[0]))
        joint = _JOINS.match(text, place)
        place = joint.end() if joint else len(text)


def _level_differs(findings: Findings, rows: Rows, lines: Lines, policy: Policy) -> None:
    """The level behind the occupation is another than the column's, on programmes that use the level."""
    places, behind = rows.levels_behind()
    if not any(behind):
        return
    level = rows.frame["level"].to_numpy(dtype=object)
    said = np.array(behind, dtype=object)[places]
    differs = rows.plain("level") & ~pd.isna(said) & (said != level)
    for place, programme in enumerate(programmes(lines.codes)):
        if "level" in programme.uses:
            here = (differs & programme.used("level", rows, policy))[lines.row]
            at = np.flatnonzero((lines.programme == place) & here & (lines.programme != NONE))
            details = [Text(word, word) for word in said[lines.row[at]]]
            findings.add_rows(at, LEVEL_DIFFERS, "level", level[lines.row[at]], details)
