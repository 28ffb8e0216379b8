# ruff: noqa: F401 - imported to be there
"""What is imported before the workers of a local cluster are forked: all that they need, so that none imports it."""

from __future__ import annotations

import distributed.nanny
import distributed.worker
import xlsxwriter.workbook

import trainingcli.engines.tasks
import trainingcli.engines.worker_start
import trainingcli.evidence.sources
import trainingcli.reports.workbooks.claim_workbook
