"""People who may not be paid (名单), 三(四)(九): lists from other offices (`--people LIST`, several).

A row of a valid person who stands on a list on the start date (else the certificate's date; both ends included, an
empty end is open) → held, `ON_LIST`, for the programmes that the policy's `list_categories` names for the category;
every other category, and an empty one, holds all programmes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainingcli.evidence.source import Means, Option, Source
from trainingcli.facts import Check
from trainingcli.language import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd

    from trainingcli.evidence.batch import Batch
    from trainingcli.evidence.gathered import Sources
    from trainingcli.evidence.people_lists import PeopleLists
    from trainingcli.findings import Part
    from trainingcli.settle.programmes.base import Programme

_NOT_GIVEN = Text("未提供其他部门的人员名单（--people）", "no list from another office was supplied (--people)")
_ON_NONE = Text("培训当日不在任何名单上", "on no list on the day of the training")


class People(Source):
    """Pensioners, the deceased, public employees, the insured: who stood on a list on the day."""

    name = "people"
    place = 110
    option = Option(
        "--people",
        "LIST",
        Text("其他部门的人员名单（文件或文件夹，可多次）。", "A list from another office; may be given several times."),
    )
    reasons = ("ON_LIST",)

    @property
    def title(self) -> Text:
        """What it is called."""
        return Text("人员名单", "Lists of people")

    def read(self, paths: Sequence[Path], means: Means | None) -> PeopleLists:
        """Read the lists."""
        from trainingcli.evidence.people_lists import read_lists

        assert means is not None, "an option's files are read by somebody"
        return read_lists(paths, means, "--people")

    def verdicts(self, batch: Batch) -> Iterator[Part]:
        """Hold the lines of rows on a list, a reason an entry."""
        if self.name not in batch.sources.read:
            return
        from trainingcli.evidence.people_rows import entry_text

        held = batch.policy.parameter("list_categories")
        for (_, category), entries in batch.once(self.name, _on_list).groupby(["turn", "category"], sort=False):
            said = {entry["at"]: entry_text(entry) for entry in entries.to_dict("records")}
            asked = batch.of(_one_of(held[category])) if category in held else batch.any_line()
            yield from batch.detailed(said, "ON_LIST", "id_number", asked)

    def account(self, batch: Batch) -> Any:
        """Return how many rows stand on a list."""
        if self.name not in batch.sources.read:
            return None
        return int(batch.once(self.name, _on_list)["at"].nunique())

    def document(self, accounts: Sequence[Any], sources: Sources) -> Any:
        """Return the lists with their hashes, and how many rows stand on one."""
        if self.name not in sources.read:
            return None
        files = [
            {"file": each.file, "sha256": each.sha256, "entries": each.entries, "findings": list(each.findings)}
            for each in sources.read[self.name].files
        ]
        return {"lists": files, "rows": sum(accounts)}

    def said(self, accounts: Sequence[Any], sources: Sources) -> Iterator[Text]:
        """Yield which lists have rows that cannot be used."""
        for each in sources.read[self.name].files if self.name in sources.read else ():
            if bad := len(each.findings):
                yield Text(
                    f"人员名单 {each.file} 有 {bad} 处不能用（身份证号无效，或单元格无法读取）",
                    f"the list {each.file} has {bad} cells that cannot be used (ID numbers, unreadable cells)",
                )
            for note in each.notes:
                yield Text(f"人员名单 {each.file}：{note.zh}", f"the list {each.file}: {note.en}")

    def checks(self, sources: Sources) -> Iterator[Check]:
        """Say whether a list was asked."""
        given = self.name in sources.read
        yield Check("people", given, None if given else _NOT_GIVEN)

    def about(self, batch: Batch, at: int) -> Mapping[str, Any] | None:
        """Return the rows of lists on which a row's person stands on its date."""
        if self.name not in batch.sources.read:
            return None
        from trainingcli.evidence.people_rows import listed_rows

        found = batch.once(self.name, _on_list)
        rows = listed_rows(found[found["at"] == at])
        return {"says": [row.pop("text") for row in rows] or [_ON_NONE], "listed": rows}


def _on_list(batch: Batch) -> pd.DataFrame:
    from trainingcli.evidence.people_rows import on_list

    return on_list(batch.rows, batch.sources.read[SOURCE.name])


def _one_of(codes: Collection[str]) -> Callable[[Programme], bool]:
    return lambda programme: programme.code in codes


SOURCE = People()
