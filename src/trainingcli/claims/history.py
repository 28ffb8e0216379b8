"""What the ledger says of a batch's people, looked up in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from trainingcli.ledger import Ledger
    from trainingcli.settle.rows import Rows
    from trainingcli.settle.settlement import History


def people_of(rows: Rows) -> pd.DataFrame:
    """Return the columns `id_number` and `certificate_no` (as compared) of the rows of valid people."""
    import pandas as pd

    numbers = pd.array(rows.numbers("certificate_no"), dtype="str")
    people = pd.DataFrame({"id_number": rows.frame["id_number"], "certificate_no": numbers})
    return people[rows.persons_are_valid()]


def unchanged(valid: pd.DataFrame, known: History | None, ledger: Ledger) -> bool:
    """Whether the ledger still says of people, as `people_of` gives them, what it said when `known` was looked up."""
    now = history_of_people(valid, ledger)
    if known is None:
        return False
    return now.others == known.others and all(
        one is other if one is None or other is None else one.equals(other)
        for one, other in ((now.entries, known.entries), (now.reversed, known.reversed))
    )


def history_of_people(valid: pd.DataFrame, ledger: Ledger) -> History:
    """Look people up, as `people_of` gives them, and who else holds their certificates."""
    from trainingcli.settle.settlement import History

    numbers = valid["certificate_no"].dropna().unique().tolist()
    people = valid["id_number"].unique().tolist()
    entries, taken_back = ledger.history(people, numbers), ledger.reversed(people, numbers)
    holders = ledger.certificate_holders(numbers)
    if not len(holders):
        return History(entries, reversed=taken_back)
    pairs = valid.drop_duplicates().merge(holders, on="certificate_no")
    pairs["own"] = ledger.person_keys(pairs["id_number"].tolist())
    others = pairs[pairs["own"] != pairs["person"]]
    return History(entries, frozenset(zip(others["id_number"], others["certificate_no"], strict=True)), taken_back)
