"""What one run found (核定结果): the settled lines, their reasons, what was read, what was not checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from trainingcli.facts import BatchRef, Check, Head

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.intake.tables.sheet_tables import InputFile
    from trainingcli.language import Text
    from trainingcli.policy import Policy


@dataclass
class Assessment:
    """The result of `claims`.

    `lines`: one row a claim line, RangeIndex 0..n-1 in the order of the contract. Columns (strings are Arrow strings,
    null where empty; money in fen):
      input int32 · file, sheet category-like str · row int32 · name, id_number str · programme str|null ·
      category, hardship, training_type, occupation, level, institution, employer, class_no, certificate_type,
      certificate_no, phone, bank, account, employed str · start_date, end_date, certificate_date datetime64[s] ·
      days Int32 (paid days of an allowance) · claimed, entitled Int64 (fen, null) · approved int64 (fen) · status str ·
      payee str|null · fund str|null · of lines that the ledger has: earlier_paid Int64 (fen), earlier_batch Int64,
      earlier_day str (its day of posting, ISO)
    `reasons`: one row a reason, ordered by line: line int64 (position in `lines`) · code, severity, clause str ·
      field str|null (roster key) · cell str|null ("F5") · value str|null (as written, NOT masked) · zh, en str
      (message with every placeholder filled, the value masked).
    `evidence`: piece of evidence → what it says of the whole batch, in plain values.
    `reversed`: of a batch that is shown again, its lines (position) that were reversed since → day, batch, why.
    `accounts`: payee, as compared → bank and account, of those that the registers have one sound account of.
    `stale`: workbooks of earlier runs in the output folder that this run did not write.
    """

    policy: Policy
    inputs: list[InputFile]
    checks: list[Check]
    lines: pd.DataFrame
    reasons: pd.DataFrame
    today: str
    ledger: Head | None = None
    batch: BatchRef | None = None
    outputs: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)
    evidence: dict[str, Any] = field(default_factory=dict)
    reversed: dict[int, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, tuple[str | None, str]] = field(default_factory=dict)
