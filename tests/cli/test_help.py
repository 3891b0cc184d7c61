"""Help and usage errors, as a Chinese user reads them."""

import click
import pytest
import typer

from rag.cli import app as edge

if not edge.app.registered_commands:
    edge._mount()
ROOT = typer.main.get_command(edge.app)


def commands(command=ROOT, path=()):
    """Yield the words of every command and group."""
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from commands(child, (*path, name))


@pytest.mark.parametrize(("path", "command"), [pytest.param(p, c, id=" ".join(p) or "zhinan") for p, c in commands()])
def test_every_command_and_every_parameter_is_explained_in_chinese(path, command):
    context = click.Context(command, info_name="zhinan", help_option_names=["-h", "--help"])
    text = command.get_help(context)
    assert text.startswith("用法：")
    assert not [word for word in ("Usage", "Options", "Arguments", "Commands", "Show this", "required", "default", "INTEGER", "TEXT ") if word in text]
    assert command.help
    assert [p.name for p in command.params if not getattr(p, "help", None)] == []


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["serach", "痛风"], "没有命令 serach，相近的有 search"),
        (["corpus", "lst"], "相近的有 list"),
        (["search", "-k", "0", "痛风"], "-k 的值不对：应为整数，1 到 1000"),
        (["ask", "--as-of", "去年", "痛风"], "--as-of 的值不对：应为整数"),
        (["show"], "缺少 PASSAGE_ID"),
        (["show", "a", "b"], "多出了 b"),
        (["ask", "--index"], "选项 --index 后面要有一个值"),
        (["ask", "--json=1", "痛风"], "选项 --json 后面不能有值"),
        (["ask", "--jsn", "痛风"], "没有选项 --jsn，相近的有 --json"),
    ],
)
def test_a_wrong_command_line_gets_one_chinese_line_and_exit_code_2(zhinan, args, says):
    result = zhinan(*args)
    assert (result.returncode, result.stdout) == (2, "")
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert "--help" in result.stderr


@pytest.mark.parametrize("path", [p for p, c in commands() if p[:1] in (("corpus",), ("index",)) and len(p) == 2], ids=" ".join)
def test_every_command_on_a_corpus_or_an_index_takes_both_folders(path):
    found = dict(commands())
    assert {"--corpus", "--index"} <= {name for param in found[path].params for name in param.opts}
