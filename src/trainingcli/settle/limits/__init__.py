"""Limits across claim lines (三(三)): a file a limit. They decide in this order, for each person alone (reading 3.5):

already posted (`posted`, asked first and of held lines too), repeat, over the yearly limit, duplicate, then what the
policy's parameters may add: lower after higher (Q12), the ceiling of a year or a life (Q2).
"""

from __future__ import annotations

from trainingcli.settle.limits import cap, duplicate, lower_level, repeat, yearly
from trainingcli.settle.limits.events import Limit

IN_ORDER: tuple[Limit, ...] = (
    repeat.refusal,
    yearly.refusal,
    duplicate.refusal,
    lower_level.refusal,
    cap.refusal,
)
