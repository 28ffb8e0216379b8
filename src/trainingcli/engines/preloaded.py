# ruff: noqa: F401 - imported to be there
"""What the main program imports before the workers' fork server is forked from it: what reads, settles and writes."""

from __future__ import annotations

import distributed.nanny
import distributed.worker
import xlsxwriter.workbook

import trainingcli.engines.tasks
import trainingcli.engines.worker_start
import trainingcli.evidence.sources
import trainingcli.reports.workbooks.claim_workbook
