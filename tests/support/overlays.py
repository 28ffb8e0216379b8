"""Overlay policy files for tests: the shipped policy with a few entries changed, loaded as a clerk's file is."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from trainingcli.policy import Policy, load_policy


def overlay(changes: Mapping[str, Any]) -> Policy:
    """Load `extends: taiyuan-2019` with these changes, from a file as `--policy` would."""
    text = yaml.safe_dump({"extends": "taiyuan-2019", **changes}, allow_unicode=True)
    with tempfile.TemporaryDirectory(prefix="trainingcli-overlay-") as folder:
        path = Path(folder) / "trial.yaml"
        path.write_text(text, encoding="utf-8")
        return load_policy(path)


def reading(name: str, value: Any) -> Policy:
    """The shipped policy with another default reading (a parameter's value)."""
    return overlay({"parameters": {name: {"value": value}}})


def technicians_certificate() -> Policy:
    """A policy that pays 技师 for the certificate too, so that one floating row can have two payable lines."""
    figure = [{"from": dt.date(2019, 1, 1), "yuan": 700, "source": "取得专项能力证书每人150元"}]
    return overlay({"programmes": {"certificate": {"amounts": {"技师": figure}}}})
