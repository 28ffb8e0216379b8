"""`trainingcli pay`: payments as files for a bank."""

from __future__ import annotations

from trainingcli.language import tr

HELP = tr("付款：把入账批次导出为银行付款文件。", "Payments: posted batches as files for a bank.")
