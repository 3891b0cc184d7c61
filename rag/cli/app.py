"""The command tree, and the outermost edge where every error becomes one line and an exit code."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import traceback
from typing import Any

import click
import typer

from rag.cli.commands import App, AskByDefault, usage_error
from rag.errors import ZhinanError, trouble

EXIT_ERROR = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130


app = App("指南针：从中文临床指南里找依据，每句话都注明出处和页码。直接写问题即可：zhinan \"高血压患者血压控制目标是多少？\"", cls=AskByDefault)


def _mount() -> None:
    from rag.cli import ask, audit, chat, check, corpus, diff, doctor, evaluate, index, pack, read, search, show

    app.command("ask", help="回答问题，每句话都有出处；证据不足时不作答（退出码 3）。")(ask.ask)
    app.command("chat", help="连续提问，接着上一问问；/help 看用法，也可从标准输入读问题。")(chat.chat)
    app.command("search", help="查找相关段落。")(search.search)
    app.command("show", help="看一段原文、它的页码和前后文。")(show.show)
    app.command("read", help="看程序从一个文件里读懂了什么。")(read.read)
    app.command("check", help="核对说法是否有来源支持（JSON Lines）。")(check.check)
    app.command("diff", help="比较两版指南：新增、删去、改动的推荐和数字。")(diff.diff)
    app.command("pack", help="把索引和语料写成一个文件，带到没有网络的机器上用。")(pack.pack)
    app.command("unpack", help="解开 pack 写出的文件；内容被改动过则拒绝。")(pack.unpack)
    app.add_typer(corpus.app, name="corpus")
    app.add_typer(index.app, name="index")
    app.add_typer(audit.app, name="audit")
    app.command("eval", help="在问题集上测量质量与速度（需要源码目录）。",
                context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(evaluate.evaluate)
    app.command("doctor", help="检查安装、配置和缺少的东西。")(doctor.doctor)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):  # a stream that is closed is None
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    gc.set_threshold(100_000)  # importing makes many objects that stay; looking through them again and again is wasted
    _mount()
    sys.exit(_run(sys.argv[1:]))


def _run(args: list[str]) -> int:
    verbose = "-v" in args or "--verbose" in args
    try:
        result: Any = app(args=args, standalone_mode=False, prog_name="zhinan")
        if result == EXIT_INTERRUPTED:  # typer's way to tell of Ctrl-C
            raise KeyboardInterrupt
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return EXIT_USAGE
    except click.ClickException as error:
        return _fail(usage_error(error), EXIT_USAGE, verbose)
    except ZhinanError as error:
        return _fail(str(error), error.exit_code, verbose)
    except (click.Abort, KeyboardInterrupt):
        return _fail("已中断；已发布的索引没有改变。", EXIT_INTERRUPTED, verbose)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_ERROR
    except OSError as error:
        return _fail(f"无法读写{trouble(error)}。请检查路径、权限和磁盘空间。", EXIT_ERROR, verbose)
    except Exception as error:  # the outermost edge: no traceback reaches a user without -v
        return _fail(f"程序内部错误：{type(error).__name__}: {error}。请加 -v 重试并把输出报告给开发者。", EXIT_ERROR, verbose)


def _fail(message: str, code: int, verbose: bool) -> int:
    if verbose:
        traceback.print_exc()
    typer.echo(message, err=True)
    return code
