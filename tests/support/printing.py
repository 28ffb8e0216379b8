"""An assessment as `claims` prints it."""

from __future__ import annotations

from trainingcli.cli.assessed import result_of
from trainingcli.cli.options import Format
from trainingcli.cli.render import pieces
from trainingcli.settle.assessment import Assessment


def printed(assessment: Assessment, form: str, *, unmask: bool) -> str:
    """The text that `claims --format form` gives."""
    return "".join(pieces(result_of(assessment, unmask=unmask), Format(form), unmask=unmask))


def claims_document(assessment: Assessment, *, unmask: bool) -> str:
    return printed(assessment, "json", unmask=unmask)
