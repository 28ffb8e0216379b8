"""Where files lie: the ledger that is taken where none is named, its key, the configuration; what a path names."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

LEDGER_KEY_FILE = "TRAININGCLI_LEDGER_KEY_FILE"
"""The variable of the environment that names the file of the ledger's key."""


def ledger_file() -> Path:
    """Return the path of the default ledger: a file in the user's data folder."""
    found = _plainly_said("XDG_DATA_HOME", ".local/share")
    if found is None:
        from platformdirs import user_data_path

        found = user_data_path("trainingcli", appauthor=False)
    return found / "ledger.db"


def server(address: str) -> str | None:
    """Return the address of a ledger on a PostgreSQL server, its scheme in small letters; None for a file's path."""
    scheme, between, rest = address.strip().partition("://")
    is_one = between and scheme.casefold() in ("postgresql", "postgres")
    return f"{scheme.casefold()}://{rest}" if is_one else None


def configuration_file() -> Path:
    """Return where the user's own configuration lies."""
    found = _plainly_said("XDG_CONFIG_HOME", ".config")
    if found is None:
        from platformdirs import user_config_path

        found = user_config_path("trainingcli", appauthor=False)
    return found / "trainingcli.toml"


def _plainly_said(variable: str, usual: str) -> Path | None:
    """Return our folder in the one that Linux's environment names (XDG), else in the usual one of the home it names.

    None where neither is a whole path, and on other systems: then platformdirs is asked, which is a twentieth of the
    processor's time of `explain`.
    """
    home = os.environ.get("HOME")
    said = os.environ.get(variable, home and str(Path(home, usual))) or ""
    return Path(said, "trainingcli") if sys.platform == "linux" and said.startswith("/") else None


def base_name(path: str) -> str:
    """Return a file's name without its folders, of whichever system the path is."""
    return path.replace("\\", "/").rpartition("/")[2]


def modules_in(folders: Iterable[str]) -> list[str]:
    """Return the names of the modules in a package's folders (its `__path__`)."""
    files = (name for folder in folders for name in sorted(os.listdir(folder)))  # noqa: PTH208 - of pathlib's, a tenth
    return [name.removesuffix(".py") for name in files if name.endswith(".py") and name != "__init__.py"]
