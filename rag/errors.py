"""The project's errors: each message says what happened, where, and what to run next, in Chinese."""

import errno

_REASONS = {
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "超出了磁盘配额",
    errno.EFBIG: "文件超过了允许的大小",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "这里是只读的",
    errno.ENOENT: "没有这个文件或目录",
    errno.ENOTDIR: "路径中有一段不是目录",
    errno.EISDIR: "这是目录，不是文件",
    errno.EEXIST: "已经存在",
    errno.ENAMETOOLONG: "名字太长",
    errno.EMFILE: "打开的文件太多",
}


class ZhinanError(Exception):
    """Base of every error that users are meant to read; `exit_code` is the command's."""

    exit_code = 1


class UsageError(ZhinanError):
    """The request itself is unusable, such as an empty question."""

    exit_code = 2


class ReadError(ZhinanError):
    """A file cannot be read: broken, encrypted, empty, of another type, or over a limit."""


class CorpusError(ZhinanError):
    """The manifest or the corpus folder contradicts itself."""


class EmbedderError(ZhinanError):
    """An embedder is missing, unreachable or returned something else than vectors."""


class NetworkForbiddenError(ZhinanError):
    """Something wanted the network although `--offline` is set."""


class IndexUnusableError(ZhinanError):
    """The index is missing, stale, damaged or made by another version."""

    exit_code = 4


class IndexBusyError(ZhinanError):
    """Another process is writing the index."""


def trouble(error: OSError, path: object = None) -> str:
    """Say which file (`path`, else the error's own) the system refused and why."""
    where = path or error.filename
    return f"{f' {where}' if where else ''}：{reason(error)}"


def reason(error: OSError) -> str:
    """Say why the system refused; a full disk makes numpy raise an OSError without a number."""
    return _REASONS.get(error.errno or 0, error.strerror) or "没有写完，磁盘空间可能不足"
