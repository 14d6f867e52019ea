"""JSON values and their texts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class JsonText:
    """JSON text that is sent as it is: text that exists already, or numbers that a float would round.

    ```python
    return JsonText(ctx.input_text)
    ```
    """

    text: str
    """Must be one JSON document; the server refuses anything else."""


EMPTY_OBJECT = JsonText("{}")

_encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def to_json_text(value: Any) -> str:
    """The text of a value; a `JsonText` is itself.

    Raises:
        TypeError: JSON can not hold the value.
        ValueError: It holds NaN, Infinity, itself, or half a surrogate pair.
    """
    text = value.text if isinstance(value, JsonText) else _encoder.encode(value)
    if not text.isascii():
        text.encode()  # half a surrogate pair has no UTF-8 form
    return text


def parse_json_text(text: str) -> Any:
    """The value of a text; `None` for an absent (empty) one."""
    return json.loads(text) if text else None
