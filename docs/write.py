"""Writes docs/reference.md from the code: every setting, command, kind, look and event, so that none is left out."""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import backdesk  # puts the folders on the path

ROOT = Path(backdesk.__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference.md"
RECORD = ("record", "events.record")
FOLDERS = ("backend", "knowledge", "tools", "bot")

HEAD = """# Reference

Written by `make docs` from the code; a test fails when it is out of date, so change the code and not this page.
"""


def settings() -> Iterator[tuple[str, str, str]]:
    """(variable, default, what it is for) of every setting, in their order."""
    from bot.settings import Settings

    for name, info in Settings.model_fields.items():
        default = info.get_default(call_default_factory=False)
        shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        yield str(info.validation_alias or name), str(shown), info.description or ""


def commands() -> Iterator[tuple[str, Any]]:
    """(how it is typed, click command) of every command, by name; groups come as their commands."""
    import typer

    cli = importlib.import_module("bot.cli")
    app = next(value for value in vars(cli).values() if isinstance(value, typer.Typer))
    yield from _commands(typer.main.get_command(app), "backdesk")


def _commands(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name in sorted(command.commands):
        if not command.commands[name].hidden:
            yield from _commands(command.commands[name], f"{path} {name}")


@cache
def events() -> dict[str, list[str]]:
    """Every kind of event and the files that record it; what stands open in a name is shown as {state}."""
    found: dict[str, set[str]] = {}
    for path, function, call in _calls()["record"]:
        if ast.unparse(call.func) in RECORD and len(call.args) > 1:
            for name in _names(call.args[1], path, function):
                found.setdefault(name, set()).add(path)
    return {name: sorted(found[name]) for name in sorted(found)}


def _names(node: ast.expr, at: str, function: ast.FunctionDef) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(name)):
            yield name
        case ast.IfExp(body=yes, orelse=no):
            yield from _names(yes, at, function)
            yield from _names(no, at, function)
        case ast.BoolOp(values=values):
            for each in values:
                yield from _names(each, at, function)
        case ast.JoinedStr(values=[ast.Constant(value=str(start)), ast.FormattedValue(value=ast.Name(id=gap))]):
            said = sorted(set(_said(gap, at, function)))
            yield from (start + value for value in said or [f"{{{gap}}}"])
        case ast.Name(id=name) if said := sorted(set(_said(name, at, function))):
            yield from said
        case ast.Name() | ast.Attribute() if constant := list(_constant(at, ast.unparse(node))):
            yield from constant
        case _:
            raise TypeError(f"{ast.unparse(node)}: an event's kind is a text, so that it can be listed")


def _said(gap: str, at: str, function: ast.FunctionDef) -> Iterator[str]:
    """What the callers of a function say for one of its arguments; a caller that hands on its own is asked in turn."""
    places = [each.arg for each in function.args.args]
    place = places.index(gap) if gap in places else len(places) + 99
    for path, caller, call in _calls().get(function.name, ()):
        if function.name[0] == "_" and path != at:
            continue
        for value in [each.value for each in call.keywords if each.arg == gap] + call.args[place : place + 1]:
            for part in ast.walk(value):
                match part:
                    case ast.Constant(value=str(said)):
                        yield said
                    case ast.Name(id=name) if name == gap and caller is not function:
                        yield from _said(name, path, caller)
                    case ast.Name() | ast.Attribute():
                        yield from _constant(path, ast.unparse(part))
                    case _:
                        pass


@cache
def _calls() -> dict[str, list[tuple[str, ast.FunctionDef, ast.Call]]]:
    """Every call in the product, by the last part of what is called: the file and the function that it stands in."""
    found: dict[str, list[tuple[str, ast.FunctionDef, ast.Call]]] = {}
    for path in (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for node in ast.walk(function) if isinstance(function, ast.FunctionDef) else ():
                match node:
                    case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                        at = path.relative_to(ROOT).as_posix()
                        found.setdefault(name, []).append((at, function, node))  # pyright: ignore[reportArgumentType]
                    case _:
                        pass
    return found


def _constant(path: str, name: str) -> Iterator[str]:
    thing: Any = importlib.import_module(path.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    for part in name.split("."):
        thing = getattr(thing, part, None)
    if isinstance(thing, str) and name.split(".")[-1].isupper():
        yield str(thing)


def written() -> str:
    """The whole page as it should be."""
    from tools import all_kinds, all_looks

    out = [
        HEAD,
        "## Settings\n",
        "All come from the environment.\n",
        "| variable | default | what it is |",
        "|---|---|---|",
    ]
    out += [f"| `{name}` | {f'`{default}`' if default else ''} | {about} |" for name, default, about in settings()]
    out += ["\n## Commands\n"]
    for path, command in commands():
        out += [f"### `{_usage(path, command)}`\n", (command.help or "").strip() + "\n"]
        options = [each for each in command.params if each.param_type_name == "option" and each.name != "help"]
        out += [f"- `{', '.join([*each.opts, *each.secondary_opts])}`: {each.help or ''}".rstrip() for each in options]
        out += [""] if options else []
    out += ["## Kinds of request\n"]
    for kind in all_kinds().values():
        out += [f"### {kind.title} (`{kind.name}`, `{kind.prefix}-`)\n"]
        out += ["| field | title | asked as | needed | class of data |", "|---|---|---|---|---|"]
        for line in (False, True):
            out += [
                f"| `{'lines.' if line else ''}{each.name}` | {each.title} | {each.widget.value.replace('_', '/')} "
                f"| {'yes' if each.required else ''} | {each.data.value} |"
                for each in kind.blanks(line=line)
            ]
        out += ["", *_limits(f"[{kind.name}]", kind.policy)]
        for name, form in kind.policy_lines.items():
            out += _limits(f"[[{kind.name}.{name}]]", form)
        out += [each for name, form in kind.tables.items() for each in _columns(name, form)]
    out += ["## Looks\n", "What can be looked up, by a model or by the brain that needs none.\n"]
    out += ["| look | what it tells | intents |", "|---|---|---|"]
    out += [
        f"| `{each.name}` | {each.about} | {', '.join(f'`{intent}`' for intent in each.intents)} |"
        for each in all_looks().values()
    ]
    out += ["\n## Events\n", "Every change is one of these, written in the transaction that made it.\n"]
    out += ["| event | recorded by |", "|---|---|"]
    out += [f"| `{name}` | {', '.join(f'`{path}`' for path in paths)} |" for name, paths in events().items()]
    return "\n".join(out) + "\n"


def _limits(where: str, policy: Any) -> Iterator[str]:
    """A table of what policies.toml may set for a kind; what each is for stands in the form's docstring."""
    if policy.model_fields:
        yield f"Limits, in `policies.toml` under `{where}`:\n\n| limit | default | what it is |\n|---|---|---|"
        yield from _rows_of(policy)
        yield ""


def _columns(name: str, form: Any) -> Iterator[str]:
    """A table of the columns of one that finance loads."""
    yield f"Table `{name}`, loaded by `backdesk tables load {name} FILE.csv`, with `since` and `employer`:\n"
    yield "| column | default | what it is |\n|---|---|---|"
    yield from _rows_of(form)
    yield ""


def _rows_of(form: Any) -> Iterator[str]:
    told = dict(re.findall(r"^ +(\w+)  +(.+)$", form.__doc__ or "", re.MULTILINE))
    for name, info in form.model_fields.items():
        default = "" if info.is_required() else info.get_default(call_default_factory=True)
        yield f"| `{name}` | {'' if default is None else default} | {told.get(name, info.title or '')} |"


def _usage(path: str, command: Any) -> str:
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    words = [f"{(each.metavar or each.name).upper()}{'...' if each.nargs == -1 else ''}" for each in arguments]
    return " ".join(
        [path, *(word if each.required else f"[{word}]" for word, each in zip(words, arguments, strict=True))]
    )


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
