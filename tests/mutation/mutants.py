"""Small wrong changes (变异) of a module, one at a time: of its syntax tree, and of the SQL in its texts."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from types import CodeType

COMPARED = {
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.Lt], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn], ast.NotIn: [ast.In],
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift, ast.Div: ast.Mult,
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
NAMES |= {"minimum": "maximum", "maximum": "minimum", "flatnonzero": "atleast_1d"}
NOT_RUN = {
    "annotation",
    "returns",
    "decorator_list",
    "bases",
    "defaults",
    "kw_defaults",
    "format_spec",
    "ctx",
    "type_params",
}
WORD = re.compile(r"[\w.%-]{1,40}", re.ASCII)
IS_SQL = re.compile(r"\b(SELECT|INSERT|DELETE|UPDATE|WHERE|CREATE|FROM|PRIMARY|VALUES)\b")
SQL = (
    (r"(?:,\s*| )CHECK \(|,\s*(?:PRIMARY KEY|UNIQUE) \(", None), (r" UNIQUE(?=[,\n])", ""), ("UNIQUE INDEX", "INDEX"),
    (r"(?<!IS) NOT NULL", ""), (" PRIMARY KEY(?=[,\n])", ""),
    (r" REFERENCES \w+(?: DEFERRABLE INITIALLY DEFERRED)?", ""),
    ("IS NOT NULL", "IS NULL"), ("IS NULL", "IS NOT NULL"), ("NOT EXISTS", "EXISTS"), ("(?<!NOT )EXISTS", "NOT EXISTS"),
    (" DISTINCT", ""), (r" ORDER BY [\w., ]+", ""), (" DESC", ""), ("<>", "="), ("(?<![<>])=", "<>"), (r" \+ ", " - "),
    (" - ", " + "), (">=", ">"), ("> ", ">= "), (r"(?<!FOR)<(?!>)", "<="), (r"\bmax\b", "min"), (r"\bmin\b", "max"),
    (r"\bsum\b", "max"), ("'payment'", "'reversal'"), ("'reversal'", "'payment'"), ("'opening'", "'budget'"),
    ("'budget'", "'opening'"), (r"\b0\b", "1"), (r"(?<!SELECT )\b1\b", "2"), (" AND ", " OR "), (" OR ", " AND "),
    ("LEFT JOIN", "JOIN"), (r"excluded\.", "balances."), (r"balances\.", "excluded."),
    (r"coalesce\(([^()]*), [^()]*\)", r"\1"),
    (r" AND [^()\n]*?(?= AND | OR |\)|$|\n)", ""), (r" WHERE .*$", ""), (" GROUP BY .*", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """`where`: the function; `lines`: first and last line of the statement; `code`: of the whole module."""

    path: str
    where: str
    lines: tuple[int, int]
    what: str
    code: CodeType | None
    drop: int | None = None  # the place of a schema's statement that is left out

    def __str__(self) -> str:
        return f"{self.path} {self.where}: {self.what}"


def without_a_statement(name: str) -> Iterator[Mutant]:
    """Yield a schema without each of its triggers and indexes."""
    if name in ("ledger/sqlite_schema.py", "ledger/postgres_schema.py"):
        module = import_module("trainingcli." + name.removesuffix(".py").replace("/", "."))
        for at, text in enumerate(module.statements()):
            if re.match("CREATE (TRIGGER|INDEX|UNIQUE)", text):
                yield Mutant(name, "", (0, 0), f"without {' '.join(text.split()[:4])}", None, at)


def mutants(source: str, name: str, file: str) -> Iterator[Mutant]:
    """Yield every mutant of a module; `name`: how it is called, `file`: where it lies."""
    tree = ast.parse(source)
    seen: Counter[str] = Counter()
    for holder, key, node, where, lines in list(_sites(tree, "", (1, 1))):
        for new in _changes(node):
            what = f"{_shown(node)} → {_shown(new)}" if new else f"without {_shown(node)}"
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                what = _difference(node.value, new.value)
            _put(holder, key, ast.copy_location(new or ast.Pass(), node))
            try:
                code = compile(ast.fix_missing_locations(tree), file, "exec")
            except (SyntaxError, ValueError):
                continue
            finally:
                _put(holder, key, node)
            seen[where + what] += 1
            count = seen[where + what]
            yield Mutant(name, where, lines, what + (f" ({count})" if count > 1 else ""), code)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:60]} … {text[-27:]}"


def _difference(old: str, new: str) -> str:
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = next((at for at, (a, b) in enumerate(zip(old[:start:-1], new[:start:-1], strict=False)) if a != b), 0)
    before, after = old[max(start - 40, 0) : start], old[start : len(old) - end][:50]
    return " ".join(f"“{before}[{after} → {new[start : len(new) - end][:50]}]{old[len(old) - end :][:15]}”".split())


def _put(holder: ast.AST, key: tuple[str, int | None], node: ast.AST) -> None:
    field, at = key
    if at is None:
        setattr(holder, field, node)
    else:
        getattr(holder, field)[at] = node


def _sites(
    node: ast.AST, where: str, lines: tuple[int, int]
) -> Iterator[tuple[ast.AST, tuple[str, int | None], ast.AST, str, tuple[int, int]]]:
    """Yield what may be changed; left out: annotations, decorators, docstrings, messages (`Text`), `strict=`."""
    for field, value in ast.iter_fields(node):
        if field in NOT_RUN:
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or _left_out(node, field, child):
                continue
            inner, span = where, lines
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = f"{where}.{child.name}".lstrip(".")
            if isinstance(child, ast.stmt):
                body = getattr(child, "body", None)
                span = child.lineno, max(child.lineno, body[0].lineno - 1) if body else child.end_lineno or 0
            yield node, (field, at), child, inner, span
            yield from _sites(child, inner, span)


def _left_out(parent: ast.AST, field: str, node: ast.AST) -> bool:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Import | ast.ImportFrom) or (isinstance(node, ast.keyword) and node.arg == "strict"):
        return True
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Text", "reason", "TypeVar"):
        return True
    if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
        return True
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return True
    return isinstance(parent, ast.ClassDef) and field == "body" and not isinstance(node, ast.FunctionDef)


def _changes(node: ast.AST) -> Iterator[ast.AST | None]:
    """Yield what to put in a node's place; None: nothing at all."""
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                for other in COMPARED[type(operator)]:
                    yield ast.Compare(node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators)
        case ast.BinOp() if type(node.op) in COMPUTED:
            yield ast.BinOp(node.left, COMPUTED[type(node.op)](), node.right)
        case ast.BoolOp():
            yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
            for at in range(len(node.values)):
                rest = [*node.values[:at], *node.values[at + 1 :]]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        case ast.UnaryOp():
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield ast.Constant(node.value + 1)
        case ast.Constant(value=str()) if IS_SQL.search(node.value):
            yield from map(ast.Constant, sql_mutants(node.value))
        case ast.Constant(value=str()) if WORD.fullmatch(node.value):
            yield ast.Constant(node.value + "_")
        case ast.Name() if node.id in NAMES:
            yield ast.Name(NAMES[node.id], node.ctx)
        case ast.Attribute() if node.attr in NAMES:
            yield ast.Attribute(node.value, NAMES[node.attr], node.ctx)
        case ast.IfExp() | ast.If() | ast.While() if not isinstance(node.test, ast.Compare | ast.BoolOp):
            turned = ast.UnaryOp(ast.Not(), node.test)
            yield (
                ast.IfExp(turned, node.body, node.orelse)
                if isinstance(node, ast.IfExp)
                else type(node)(turned, node.body, node.orelse)
            )
        case ast.comprehension() if node.ifs:
            yield ast.comprehension(node.target, node.iter, [], node.is_async)
        case ast.Return(value=ast.expr()) if ast.unparse(node.value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Expr() if not isinstance(node.value, ast.Yield):
            yield None
        case ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield None
        case ast.Assign() if not isinstance(node.targets[0], ast.Name | ast.Tuple):
            yield None


def sql_mutants(text: str) -> Iterator[str]:
    """Yield a statement with one part of it changed or gone: a constraint, a condition, an operator …"""
    for pattern, new in SQL:
        for found in re.finditer(pattern, text):
            end, put = found.end(), "" if new is None else found.expand(new)
            if new is None:
                depth = 1
                while depth:
                    depth += {"(": 1, ")": -1}.get(text[end], 0)
                    end += 1
            yield text[: found.start()] + put + text[end:]
