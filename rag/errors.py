"""The project's errors: each message says what happened, where, and what to run next, in Chinese."""


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
