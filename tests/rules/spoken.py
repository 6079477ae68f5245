"""Every text that somebody may be shown in chat, collected from the source: what each catalog has to translate."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from backend import drafts, requests
from backend.forms import Blank
from backend.policies import Approvals
from bot import cards
from bot.web.drawing import STOPS, TONES
from tests.rules.sources import ROOT, Source, sources
from tools import all_kinds

COMMANDS = re.compile(
    r"bot/(commands_\w+|app|cli|demo|doctor|doctor_channels|doctor_model|metrics|reaching|rules|serving|settings)\.py"
    r"|bot/channels/(script|terminal)\.py"
    r"|backend/(audit|backups|charter|company|erasure|history|imports|opening|roster|table_files|tables|trail)\.py"
    r"|bot/(brain/hosted|tool_calls|tool_schemas)\.py"
    r"|backend/migrations/.*|knowledge/(golden|library)\.py"
)
"""Modules whose sentences are printed by a command to whoever typed it, or told to a language model; what they say()
to a person still counts."""

SHOWN = {
    "Refusal": (0,),
    "Already": (0,),
    "Objection": (0,),
    "Fact": (0, 1),
    "Title": (0,),
    "Ask": (1,),
    "Paper": (1,),
    "Bulletin": (1,),
    "Command": (0,),
}
"""What is made of texts that are shown, and which arguments those are."""

UNSHOWN = {"Look", "TypeError", "AssertionError", "Example"}
"""What is made of texts that nobody is shown."""

SENTENCE = re.compile(r"[A-Z{“].* .*[.?!]|[A-Z].*:", re.DOTALL)
_IN_TEMPLATE = re.compile(r"""\bt\(\s*(?:"([^"]*)"|'([^']*)')""")

Texts = dict[str, str]
"""Each text with where it was found."""


@cache
def spoken() -> Texts:
    """Every text that is shown in chat, with where it stands."""
    out: Texts = {}
    for source in sources("backend", "bot", "tools", "knowledge"):
        for text, line in in_source(source):
            out.setdefault(text, f"{source.path}:{line}")
    for path in sorted((ROOT / "bot" / "web" / "templates").glob("*.html")):
        for found in _IN_TEMPLATE.finditer(path.read_text(encoding="utf-8")):
            out.setdefault(found.group(1) or found.group(2), path.name)
    for text in (*_of_kinds(), *_of_acts(), *_of_states(), *_of_companies()):
        out.setdefault(text, "a kind, an act or a company's policies")
    return out


def in_source(source: Source) -> Iterator[tuple[str, int]]:
    """The texts of one file: what is said in a reader's language, raised, drawn on a card, or a whole sentence."""
    printed = bool(COMMANDS.fullmatch(source.path))
    tables = _assigned(source.tree)
    for function in ast.walk(source.tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            names = tables | (_assigned(function) if function is not source.tree else {})
            for call in _calls(function):
                match call.func:
                    case ast.Name("say") if len(call.args) > 1 and not _english(call.args[0]):
                        wanted: tuple[ast.expr, ...] = (call.args[1],)
                    case ast.Name(name) if name in SHOWN and not printed:
                        wanted = tuple(call.args[at] for at in SHOWN[name] if at < len(call.args))
                        wanted += tuple(each.value for each in call.keywords if each.arg == "label")
                    case _:
                        wanted = ()
                for each in wanted:
                    yield from ((text, call.lineno) for text in literals(each, names))
    if not printed:
        yield from _sentences(source.tree)


def literals(node: ast.expr, names: Mapping[str, list[ast.expr]]) -> Iterator[str]:
    """The texts that an expression may be, as far as they stand in the same function or file."""
    match node:
        case ast.Constant(str(text)):
            if text:
                yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from literals(body, names)
            yield from literals(orelse, names)
        case ast.BoolOp(values=values):
            for each in values:
                yield from literals(each, names)
        case ast.Name(name):
            for each in names.get(name, []):
                yield from literals(each, {other: found for other, found in names.items() if other != name})
        case ast.Dict(values=values):
            for each in values:
                yield from literals(each, names)
        case ast.Subscript(value=value) if not isinstance(value, ast.Constant):
            yield from literals(value, names)
        case ast.Call(func=ast.Attribute(value=value, attr="get"), args=args):
            yield from literals(value, names)
            for each in args[1:]:
                yield from literals(each, names)
        case _:
            pass


def _assigned(scope: ast.AST) -> dict[str, list[ast.expr]]:
    """What is put into each name in a function, or at the top of a file; of pairs in a table, each one's part."""
    out: dict[str, list[ast.expr]] = {}
    body: list[ast.stmt] = getattr(scope, "body", [])
    inside = [each for each in ast.walk(scope) if isinstance(each, ast.stmt)]
    for target, value in _pairs(body if isinstance(scope, ast.Module) else inside):
        pairs = value.values if isinstance(value, ast.Dict) else []
        rows = [each.elts[-1] for each in pairs if isinstance(each, ast.Tuple) and each.elts]
        out.setdefault(target.id, []).extend(rows or [value])
    return out


def _pairs(statements: list[ast.stmt]) -> Iterator[tuple[ast.Name, ast.expr]]:
    for each in statements:
        match each:
            case ast.Assign(targets=[ast.Name() as target], value=value):
                yield target, value
            case ast.Assign(targets=[ast.Tuple(elts=[*_, ast.Name() as target])], value=value):
                yield target, value
            case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                yield target, value
            case _:
                pass


def _calls(scope: ast.AST) -> Iterator[ast.Call]:
    """The calls in a function, or at the top of a file, but not those in functions of their own inside it."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(child, ast.Call):
            yield child
        yield from _calls(child)


def _sentences(node: ast.AST) -> Iterator[tuple[str, int]]:
    """Whole sentences that no docstring, log line or example holds, wherever they stand."""
    match node:
        case ast.Call(func=ast.Name(name)) if name in UNSHOWN:
            return
        case ast.Call(func=ast.Name("say"), args=[first, *_]) if _english(first):
            return
        case ast.Expr(value=ast.Constant()) | ast.JoinedStr() | ast.Assign(targets=[ast.Name("examples")]):
            return
        case ast.Constant(str(text)) if SENTENCE.fullmatch(text):
            yield text, node.lineno
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _sentences(child)


def _english(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == "en"


def _of_kinds() -> Iterator[str]:
    for kind in all_kinds().values():
        yield from (kind.title, kind.done_word, kind.keeper)
        forms = [each for each in (kind.form, kind.line) if each is not None]
        yield from (info.title for form in forms for info in form.model_fields.values() if info.title)
        for each in (*kind.blanks(), *kind.blanks(line=True)):
            yield from _of_blank(each)


def _of_blank(blank: Blank) -> Iterator[str]:
    yield blank.title
    if blank.required:
        yield blank.question
    yield from (each.title for each in blank.options)


def _of_acts() -> Iterator[str]:
    """The names on the card of an act other than sending a form."""
    yield from {cards.CALLED.get(name, name.capitalize()) for needs in drafts.NEEDS.values() for name in needs}


def _of_states() -> Iterator[str]:
    """How requests, drafts and stops of a route may stand."""
    constants = {value for name, value in vars(requests).items() if name.isupper() and isinstance(value, str)}
    yield from (*TONES, *STOPS, *STOPS.values(), *constants)


def _of_companies() -> Iterator[str]:
    """Who decides, and what the sample company and the one that `init` writes call their leave and their work."""
    yield from ("manager", "admin", *Approvals().top)
    for name in ("sample", "starter"):
        policies = tomllib.loads((ROOT / "backend" / name / "policies.toml").read_text(encoding="utf-8"))
        tables: list[dict[str, Any]] = policies.get("time_off", {}).get("leave_type", [])
        yield from (each["title"] for each in tables)
        stops: list[dict[str, Any]] = [stop for route in policies.get("route", []) for stop in route["steps"]]
        for stop in stops:
            yield from (each for each in (stop.get("work"), *stop.get("any", ()), *stop.get("all", ())) if each)
