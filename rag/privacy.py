"""What may leave this process: questions for a model or an embedder behind an endpoint go out without identifiers."""

from __future__ import annotations

from collections import Counter

from rag.settings import load
from rag.text.identifiers import Masked, mask
from rag.types import Notice


def guarded(local: bool | None) -> bool:
    """Tell whether what goes to an endpoint must be masked; `local` is None where there is no endpoint.

    An endpoint on this machine may pass data on, so it is exempt only with the setting `trust_local`.
    """
    return local is not None and not (local and load().trust_local)


def outgoing(text: str, local: bool | None) -> str:
    """Return a text as it may be sent to an endpoint."""
    return mask(text).text if guarded(local) else text


def masked_for(text: str, *endpoints: bool | None) -> Masked:
    """Mask a text when any of the endpoints that it will be sent to asks for it."""
    return mask(text) if any(map(guarded, endpoints)) else Masked(text)


def notice(counts: Counter[str]) -> list[Notice]:
    """Say how many identifiers of which kind were masked; nothing when there were none."""
    if not counts:
        return []
    listed = "、".join(f"{kind}{n}处" for kind, n in counts.items())
    return [Notice("masked", f"发给外部服务前已遮盖个人信息{counts.total()}处：{listed}。")]
