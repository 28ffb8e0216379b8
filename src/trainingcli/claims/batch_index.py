"""What the ledger keeps of every line of a batch beside its chain; and the same from what older programs kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainingcli.claims import batch_archive
from trainingcli.compared import folded_number
from trainingcli.ledger.records import EarlierBatch
from trainingcli.masking import kept
from trainingcli.settle.occupations import parted

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.policy import Policy

_TRAINING = ("start_date", "certificate_date", "occupation", "level")
LINE_COLUMNS = ("id_number", "programme", "status", "certificate_no", *_TRAINING)
KEY_PARAMETERS = ("repeat_without_level", "year_of")


def rules_of(policy: Policy) -> str:
    """Return the policy's parameters that make repeat keys, as the ledger keeps them (JSON)."""
    return json.dumps({name: policy.parameter(name) for name in KEY_PARAMETERS}, ensure_ascii=False)


def index_of(lines: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each line of a person, as `Ledger.post` takes `index`.

    `training`: start date (else the certificate's), occupation and level, as compared, numbers of people starred.
    """
    import pandas as pd

    worst = reasons[reasons["severity"].isin(["hold", "reject"])]
    codes = worst.groupby("line")["code"].agg(lambda found: " ".join(dict.fromkeys(found)))
    dated = lines["start_date"].fillna(lines["certificate_date"])
    made = pd.DataFrame(
        {
            "subject": lines["id_number"],
            "training": dated.dt.strftime("%Y-%m-%d").fillna("").astype("str")
            + "|" + _kept(lines["occupation"]) + "|" + _kept(lines["level"]),
            "programme": lines["programme"],
            "line": range(1, len(lines) + 1),
            "status": lines["status"],
            "codes": codes.reindex(range(len(lines))).fillna("").to_numpy(),
        }
    )  # fmt: skip
    return made[made["subject"].notna()].reset_index(drop=True)


def _kept(texts: pd.Series[str]) -> pd.Series[str]:
    """Return texts as compared, without any number of a person: a cell in the wrong column is kept for good here."""
    forms = texts.map({text: kept(text) for text in texts.dropna().unique()})
    return forms.astype(object).fillna("").astype("str")  # a column of nothing comes back as numbers


@dataclass(frozen=True)
class EarlierArchives:
    """How an upgrade of the ledger reads the archives of claims and imports; see `ArchiveReader`."""

    def read(self, archive: bytes) -> EarlierBatch:
        """Read one batch's archive."""
        lines = batch_archive.unpack_lines(archive, LINE_COLUMNS)
        reasons = batch_archive.unpack_lines(archive, ("line", "severity", "code"), "reasons")
        numbers = lines["certificate_no"]
        folded = {text: folded_number(text) or None for text in numbers.dropna().unique()}
        certificates = {line: folded.get(text) for line, text in enumerate(numbers, 1)}
        policy = batch_archive.unpack(archive).policy
        return EarlierBatch(index_of(lines, reasons), certificates, rules_of(policy))

    def occupation(self, text: str) -> tuple[str, str | None]:
        """Return an occupation as compared today, and the level that its brackets name."""
        return parted(text)
