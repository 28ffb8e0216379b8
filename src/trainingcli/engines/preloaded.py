# ruff: noqa: F401 - imported to be there
"""What the workers of a local cluster have imported before they are forked: what reads, settles and writes."""

from __future__ import annotations

import gc

import distributed.nanny
import distributed.worker
import xlsxwriter.workbook

import trainingcli.engines.tasks
import trainingcli.evidence.sources
import trainingcli.reports.workbooks.claim_workbook
import trainingcli.validation.roster_schema

gc.freeze()  # modules are no garbage, and rows make none
gc.set_threshold(100_000, 50, 1000)
