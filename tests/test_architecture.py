"""The house as designed: imports go one way, rules open nothing and know no clock, codes are spelled once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, settings
from pandera.io import pandas_io

from trainingcli import policy as policies
from trainingcli.flag_words import all_flag_words
from trainingcli.published import schemas_folder
from trainingcli.reasons import all_reasons
from trainingcli.validation.roster_schema import roster_schema

SOURCE = Path(policies.__file__).parents[1]
ROOMS_PAGE = Path(__file__).parents[1] / "docs" / "architecture.md"
RULES = "settle"
"""The room between the roster and the report: functions of frames, and nothing else."""

FILES_AND_CLOCKS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink",
    "today", "now", "utcnow", "time", "monotonic",
}  # fmt: skip
SYSTEM = {"io", "os", "shutil", "socket", "sqlite3", "subprocess", "sys", "tempfile", "time", "urllib", "yaml"}

TRADES = {
    "assess", "decided", "document", "engine", "export", "files", "keys", "kinds", "pages", "payments",
    "row_explanation", "rules", "screen", "workbook",
}  # fmt: skip
"""Names of modules that several rooms may have: what each does in its own room. A further one is a decision."""

NAMED_FROM_OUTSIDE = ("trainingcli.cli.", "trainingcli.evidence.sources.", "trainingcli.views.publish.")
"""Files found by their presence: each is named as its command, its option or its publication is."""

FINDING = ("settle", "intake", "validation", "evidence", "reports", "claims", "plans", "levy")
"""The parts that give reasons or show them; elsewhere such words are environment variables and the like."""


def module_name(path: Path) -> str:
    return ".".join(("trainingcli", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")


@cache
def files() -> dict[str, Path]:
    """Every module of the package."""
    return {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


@cache
def trees() -> dict[str, ast.Module]:
    """Every module, parsed: two seconds, which who only collects the tests need not wait for."""
    return {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in files().items()}


def room_of(module: str) -> str:
    """The room that a module belongs to: its package (`reports` has several), or `base`."""
    parts = module.split(".")[1:]
    is_package = bool(parts) and (SOURCE / parts[0]).is_dir()
    if not is_package:
        return "base"
    return ".".join(parts[:2]) if parts[0] == "reports" and len(parts) > 1 else parts[0]


@cache
def rooms() -> dict[str, set[str]]:
    """Room → the rooms that it may import, as the page says."""
    found: dict[str, set[str]] = {}
    for line in ROOMS_PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and re.fullmatch(r"`[a-z.]+`", cells[0]):
            found[cells[0].strip("`")] = set(re.findall(r"`([a-z.]+)`", cells[2]))
    found["cli"] = set(found)
    return found


def imports(module: str) -> Iterator[str]:
    """What a module imports: inside functions and for types alone, too."""
    for node in ast.walk(trees()[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in trees() else str(node.module)


def rule_modules() -> list[str]:
    return [module for module in files() if room_of(module) == RULES]


def test_every_room_is_on_the_page() -> None:
    assert {room_of(module) for module in trees()} - {"reports"} == set(rooms())


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_imports_what_the_page_lets_it(room: str) -> None:
    allowed = rooms()[room] | {room, "base"}
    own = [module for module in trees() if room_of(module) == room and module != "trainingcli.__main__"]
    found = {(module, name) for module in own for name in imports(module) if name.startswith("trainingcli")}
    assert {(module, name) for module, name in found if room_of(name) not in allowed} == set()


def test_no_room_is_above_itself() -> None:
    done: set[str] = set()

    def visit(room: str, path: tuple[str, ...]) -> None:
        assert room not in path, " → ".join((*path, room))
        if room not in done:
            for below in sorted(rooms()[room] - {room}):
                visit(below, (*path, room))
            done.add(room)

    for room in sorted(rooms()):
        visit(room, ())


def at_the_head(module: str) -> set[str]:
    """What a module imports before anything runs, for types alone included."""
    tree = trees()[module]
    inside = [node for top in tree.body if isinstance(top, ast.If) for node in top.body]
    named = [
        (f"{node.module}.{alias.name}", str(node.module))
        for node in (*tree.body, *inside)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    return {full if full in trees() else home for full, home in named if home.startswith("trainingcli")}


def test_no_circle_of_files() -> None:
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join((*path, module))
        if module not in done:
            for name in sorted(at_the_head(module) - {module} - {"trainingcli"}):
                visit(name, (*path, module))
            done.add(module)

    for module in trees():
        visit(module, ())


def twice(named: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """Names that stand in several modules, with these."""
    found: dict[str, list[str]] = {}
    for name, module in named:
        found.setdefault(name, []).append(module)
    return {name: modules for name, modules in found.items() if len(modules) > 1}


def test_no_two_modules_of_one_name() -> None:
    own = (module for module in trees() if not module.startswith(NAMED_FROM_OUTSIDE))
    assert twice((module.rsplit(".", 1)[-1], module) for module in own).keys() == TRADES


def test_no_two_classes_of_one_name() -> None:
    classes = (
        (node.name, module)
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert twice(classes) == {}


@pytest.mark.parametrize("module", rule_modules())
def test_a_rule_imports_no_reader(module: str) -> None:
    assert {name.split(".")[0] for name in imports(module)} & SYSTEM == set()


@pytest.mark.parametrize("module", rule_modules())
def test_a_rule_opens_no_file_and_reads_no_clock(module: str) -> None:
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(trees()[module])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    }
    assert called & FILES_AND_CLOCKS == set()


def texts(module: str) -> Iterator[str]:
    """The texts of a module, docstrings left out."""
    tree = trees()[module]
    documented = [
        node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ]
    docstrings = {id(node.value) for node in documented}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_a_programmes_code_is_spelled_in_its_module() -> None:
    """`certificate` is a plain word as well, so it is looked for among the rules alone."""
    codes = set(policies.load_policy().programmes)
    own = {f"trainingcli.settle.programmes.{code.replace('-', '_')}": code for code in codes}
    found = set()
    for module in trees():
        looked_for = codes if room_of(module) in ("settle", "evidence") else codes - {"certificate"}
        place = module.removeprefix("trainingcli.")
        found |= {(place, text) for text in texts(module) if text in looked_for and own.get(module) != text}
    assert found == set(), "ask for a trait (settle/programmes/base.py)"


def test_every_code_in_the_source_is_declared() -> None:
    found = (text for module in trees() if room_of(module).split(".")[0] in FINDING for text in texts(module))
    spelled = {
        text for text in found if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", text) and not text.startswith("O_")
    }
    assert len(spelled) > 30
    assert spelled <= set(all_reasons()) | set(all_flag_words())


def test_every_parameter_of_the_policy_is_read() -> None:
    """A parameter that nothing reads changes no outcome; Q6 and Q10 point at entries that have tests of their own."""
    read = {
        node.args[0].value
        for module in trees()
        for node in ast.walk(trees()[module])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "parameter"
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    entries = policies.load_policy().all_readings
    pointers = {entry.parameter for entry in entries if str(entry.value).startswith("programmes.")}
    assert pointers == {"amounts", "figure_date"}
    assert {entry.parameter for entry in entries} - pointers - read == set()


def roster_file() -> str:
    return (schemas_folder() / "roster.yaml").read_text(encoding="utf-8")


def test_every_check_of_the_roster_schema_is_registered_and_a_reason() -> None:
    assert roster_schema().columns  # loading looks every check up
    data = yaml.safe_load(roster_file())
    columns = [column.get("checks") or {} for column in data["columns"].values()]
    named = {check for checks in (*columns, data["checks"]) for check in checks}
    assert named <= set(all_reasons())
    assert len(named) > 10


def test_a_check_that_is_not_registered_fails_at_loading() -> None:
    misspelled = roster_file().replace("ID_CHECKSUM: {}", "ID_CHEKSUM: {}")
    assert misspelled != roster_file()
    with pytest.raises(AttributeError, match="ID_CHEKSUM"):
        pandas_io.from_yaml(misspelled)


def test_no_drawn_test_has_a_clock() -> None:
    assert settings.default is not None
    assert settings.default.deadline is None
    assert HealthCheck.too_slow in settings.default.suppress_health_check
