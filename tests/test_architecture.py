"""The house as designed: imports go one way, rules open nothing and know no clock, codes are spelled once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from pandera.io import pandas_io

from trainingcli import policy as policies
from trainingcli.published import schemas_folder
from trainingcli.reasons import all_reasons
from trainingcli.validation.roster import roster_schema

SOURCE = Path(policies.__file__).parents[1]
RULES = ("programmes", "limits", "settlement", "claim_lines", "rows", "lines_frame")
"""The parts between the roster and the report: functions of frames, and nothing else."""

ABOVE_THE_RULES = ("cli", "reports", "run", "ledger", "archive", "workers")
FILES_AND_CLOCKS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink",
    "today", "now", "utcnow", "time", "monotonic",
}  # fmt: skip
SYSTEM = {"io", "os", "shutil", "socket", "sqlite3", "subprocess", "sys", "tempfile", "time", "urllib", "yaml"}
PURE_REGISTERS = ("trainingcli.registers.standards", "trainingcli.registers.dated")

SPELLED_ELSEWHERE = {
    ("claim_lines", "enterprise-training"): "培训补贴 alone is the training programme that fits the row (contract)",
    ("claim_lines", "vocational-training"): "培训补贴 alone is the training programme that fits the row (contract)",
    ("intake", "enterprise-training"): "text with 企业职工 before 培训补贴 is this programme (contract)",
    ("intake", "vocational-training"): "培训补贴 beside a column 企业职工培训补贴 is this programme (contract)",
    (
        "limits",
        "enterprise-training",
    ): "its repeat key is the training type, whatever the level (reading 3.2)",
    ("limits", "vocational-training"): "Q2's ceiling is of this programme; overlaps",
    ("limits", "living-allowance"): "overlapping days are those of trainings, of which it is one",
    ("programmes.certificate", "technician"): "a level that the technician's subsidy pays is not its own (reading 5.8)",
    ("registers", "enterprise-training"): "which register a programme is checked against (reading 4)",
    ("registers", "vocational-training"): "which register a programme is checked against (reading 4)",
    ("registers", "living-allowance"): "which register a programme is checked against (reading 4)",
    ("registers", "technician"): "which register a programme is checked against (reading 4)",
    ("ledger", "living-allowance"): "the ledger keeps 本人 for a trainee that is paid, never the name",
    ("reports", "enterprise-training"): "which programme's lines a default reading decided",
    ("reports", "vocational-training"): "which programme's lines a default reading decided",
    ("reports", "living-allowance"): "the trainee is the payee, whose name is masked",
    ("cli", "enterprise-training"): "completion offers it without loading the policy",
    ("cli", "vocational-training"): "completion offers it without loading the policy",
    ("cli", "living-allowance"): "completion offers it without loading the policy",
    ("cli", "technician"): "completion offers it without loading the policy",
}
"""Where a programme's code stands outside its module today, and why. To shorten, never to lengthen without a reason."""

FINDING = (*RULES, "intake", "validation", "registers", "explained", "reports", "importing")
"""The parts that give reasons or show them; elsewhere such words are environment variables and the like."""

READ_BY_LATER_COMMANDS = {"themes": "trainingcli plans"}


def module_name(path: Path) -> str:
    return ".".join(("trainingcli", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the package, parsed."""
    return {module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


def part_of(module: str) -> str:
    """The part of the house that a module belongs to: its package, or itself."""
    return module.split(".")[1] if "." in module else module


def nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker sees."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from nodes(child)


def imports(module: str) -> Iterator[str]:
    """What a module imports when it runs, inside functions too."""
    for node in nodes(trees()[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in trees() else str(node.module)


def rule_modules() -> list[str]:
    return [module for module in trees() if part_of(module) in RULES]


def test_the_rules_are_found() -> None:
    assert {part_of(module) for module in rule_modules()} == set(RULES)


def test_no_part_imports_one_that_imports_it() -> None:
    edges: dict[str, set[str]] = {}
    for module in trees():
        ours = {part_of(name) for name in imports(module) if name.startswith("trainingcli.")}
        edges.setdefault(part_of(module), set()).update(ours - {part_of(module)})
    done: set[str] = set()

    def visit(part: str, path: tuple[str, ...]) -> None:
        assert part not in path, " → ".join((*path, part))
        if part not in done:
            for below in sorted(edges.get(part, ())):
                visit(below, (*path, part))
            done.add(part)

    for part in sorted(edges):
        visit(part, ())


def test_only_the_command_line_imports_the_command_line() -> None:
    others = [module for module in trees() if part_of(module) != "cli" and module != "trainingcli.__main__"]
    assert [module for module in others if any(part_of(name) == "cli" for name in imports(module))] == []


@pytest.mark.parametrize("module", rule_modules())
def test_a_rule_imports_nothing_from_above_and_no_reader(module: str) -> None:
    ours = {name for name in imports(module) if name.startswith("trainingcli.")}
    assert {name for name in ours if part_of(name) in ABOVE_THE_RULES} == set()
    assert {name for name in ours if part_of(name) == "registers"} <= set(PURE_REGISTERS)
    assert {name for name in ours if part_of(name) == "intake"} <= {"trainingcli.intake.convert"}  # the roster's type
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
    own = {f"trainingcli.programmes.{code.replace('-', '_')}": code for code in codes}
    found = set()
    for module in trees():
        looked_for = codes if module in rule_modules() else codes - {"certificate"}
        place = module.removeprefix("trainingcli.") if part_of(module) == "programmes" else part_of(module)
        found |= {(place, text) for text in texts(module) if text in looked_for and own.get(module) != text}
    assert found == set(SPELLED_ELSEWHERE)


def test_every_code_in_the_source_is_declared() -> None:
    found = (text for module in trees() if part_of(module) in FINDING for text in texts(module))
    spelled = {
        text for text in found if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", text) and not text.startswith("O_")
    }
    assert len(spelled) > 30
    assert spelled <= set(all_reasons())


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
    assert {entry.parameter for entry in entries} - pointers - set(READ_BY_LATER_COMMANDS) - read == set()


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
