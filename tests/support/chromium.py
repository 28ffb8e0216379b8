"""A real browser, headless: Debian's Chromium, driven over its own pipe; nothing is downloaded, nobody is asked."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESK = (360, 740), (1280, 900)


def program() -> str | None:
    """Where the browser is; None: it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def browser(where: str) -> Iterator[Any]:
    """Start it with a profile of its own; one start serves every page."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="trainingcli-chromium-") as profile, sync_playwright() as driver:
        headless = {"headless": True, "args": FLAGS, "env": {**os.environ, "LANG": "C.UTF-8"}}
        context = driver.chromium.launch_persistent_context(profile, executable_path=where, **headless)
        try:
            yield context
        finally:
            context.close()
