"""What the ledger keeps beside its chain of every line, read from any batch's archive: of people, or of units."""

from __future__ import annotations

from trainingcli.awards.assess import index_frame
from trainingcli.claims import batch_archive
from trainingcli.claims.batch_index import EarlierArchives
from trainingcli.ledger.records import EarlierBatch

_UNITS = ("unit_name", "kind", "grade", "round", "programme", "status")


class AllArchives(EarlierArchives):
    """How `ledger verify` reads the archives of claims, imports and awards."""

    def read(self, archive: bytes) -> EarlierBatch:
        """Read one batch's archive."""
        if "unit_name" not in batch_archive.unpack_table(archive, ["unit_name"]).column_names:
            return super().read(archive)
        lines = batch_archive.unpack_lines(archive, _UNITS)
        reasons = batch_archive.unpack_lines(archive, ("line", "severity", "code"), "reasons")
        return EarlierBatch(index_frame(lines, reasons), {}, None)
