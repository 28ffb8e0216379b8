"""`trainingcli inspect`: on-site checks; a frame of classes, and a draw from it."""

from __future__ import annotations

from trainingcli.language import tr

HELP = tr(
    "实地抽查：按风险编制底册，按公开的种子抽签，任何人可以验算。",
    "On-site checks: a frame of classes by risk, a draw by a public seed that anyone computes again.",
)
