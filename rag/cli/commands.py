"""How commands are declared: typer's, with help in Chinese, and a first word that is no command taken as a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any
from unicodedata import east_asian_width

import click
import typer
from typer.core import TyperCommand, TyperGroup

_KINDS = {"text": "文字", "integer": "整数", "integer range": "整数", "path": "路径"}
_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)")
_USAGE = {"[OPTIONS]": "[选项]", "COMMAND": "命令", "[ARGS]...": "[参数]..."}


class Command(TyperCommand):
    """A command whose help is in Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write arguments and options."""
        _write_parameters(self, ctx, formatter)


class Group(TyperGroup):
    """A group of commands whose help is in Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands with the whole of their help."""
        _write_parameters(self, ctx, formatter)
        named = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        _write_section(formatter, "命令", [(name, command.help or "") for name, command in named if command])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command. Raises UsageError with the nearest one's name."""
        if args and self.get_command(ctx, args[0]) is None:
            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            raise click.UsageError(f"没有命令 {args[0]}" + (f"，相近的有 {near[0]}" if near else ""), ctx)
        return super().resolve_command(ctx, args)


class AskByDefault(Group):
    """A group in which a first word that is no command is a question: `zhinan "…"` is `zhinan ask "…"`."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or `ask`. Raises UsageError for what looks like a misspelt command."""
        known = not args or self.get_command(ctx, args[0]) is not None
        misspelt = not known and bool(get_close_matches(args[0], self.list_commands(ctx), n=1, cutoff=0.75))
        return super().resolve_command(ctx, args if known or misspelt else ["ask", *args])


class App(typer.Typer):
    """A tree of such commands."""

    def __init__(self, help: str, *, cls: type[Group] = Group) -> None:  # noqa: A002 - typer's name for it
        super().__init__(
            cls=cls, help=help, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["-h", "--help"]},
        )

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare a command."""
        return super().command(name, **{"cls": Command} | settings)


def usage_error(error: click.ClickException) -> str:
    """Say in Chinese what is wrong with a command line, and which help to read."""
    context = getattr(error, "ctx", None)
    return f"用法不对：{_what(error).rstrip('。')}。运行 {context.command_path if context else 'zhinan'} --help 看用法。"


def _what(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f"，相近的有 {'、'.join(sorted(error.possibilities))}" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面要有一个值" if "requires" in error.message else f"选项 {error.option_name} 后面不能有值"
    if isinstance(error, click.MissingParameter):
        what = (getattr(error.param, "help", None) or "").rstrip("。")
        return f"缺少 {_name(error)}" + (f"：{what}" if what else "")
    if isinstance(error, click.BadParameter):
        return f"{_name(error)} 的值不对：{_wanted(error)}" if error.param else error.message
    if extra := _EXTRA.search(error.message):
        return f"多出了 {extra[1]}"
    return error.message


def _name(error: click.BadParameter) -> str:
    param = error.param
    if param is None:
        return str(error.param_hint or "")
    return param.opts[0] if isinstance(param, click.Option) else param.make_metavar(error.ctx or click.Context(click.Command("zhinan")))


def _wanted(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.IntRange):
        return f"应为整数{_bounds(kind)}"
    return "应为整数" if kind is click.INT else error.message


def _bounds(kind: click.IntRange) -> str:
    if kind.min is not None and kind.max is not None:
        return f"，{kind.min} 到 {kind.max}"
    return f"，不小于 {kind.min}" if kind.min is not None else f"，不大于 {kind.max}"


def _write_usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    pieces = " ".join(command.collect_usage_pieces(ctx))
    for english, chinese in _USAGE.items():
        pieces = pieces.replace(english, chinese)
    formatter.write_usage(ctx.command_path, pieces, prefix="用法：")


def _write_parameters(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    params = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    arguments = [p for p in params if isinstance(p, click.Argument)]
    _write_section(formatter, "参数", ((p.make_metavar(ctx), getattr(p, "help", None) or "") for p in arguments))
    _write_section(formatter, "选项", (_option_row(p) for p in params if isinstance(p, click.Option)))


def _write_section(formatter: click.HelpFormatter, title: str, rows: Iterable[tuple[str, str]]) -> None:
    found = list(rows)
    widest = max((columns(name) for name, _ in found), default=0)
    if found:
        formatter.write(f"\n{title}\n")
    for name, text in found:
        formatter.write(f"  {name}{' ' * (widest - columns(name))}  {text}\n")


def columns(text: str) -> int:
    """Count the columns that a text takes on a terminal; a Chinese character takes two."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)


def _option_row(option: click.Option) -> tuple[str, str]:
    names = ", ".join(sorted(option.opts, key=len))
    if not option.is_flag:
        names += f" {option.metavar or _KINDS.get(option.type.name, option.type.name)}"
    if option.name == "help":
        return names, "显示这些说明。"
    notes = [_bounds(option.type).lstrip("，")] if isinstance(option.type, click.IntRange) else []
    if option.show_default and option.default is not None and not option.is_flag:
        notes.append(f"默认 {option.default}")
    if option.required:
        notes.append("必须给出")
    return names, (option.help or "") + (f"（{'；'.join(notes)}）" if notes else "")
