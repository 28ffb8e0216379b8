# ruff: noqa: F401 - imported to be there
"""What the main program imports before the workers of a local cluster are forked from it: what settles and writes.

They import what validates while they read: the sooner they are there the better.
"""

from __future__ import annotations

import distributed.nanny
import distributed.worker
import xlsxwriter.workbook

import trainingcli.engines.tasks
import trainingcli.evidence.sources
import trainingcli.reports.workbooks.claim_workbook
