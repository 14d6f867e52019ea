"""The items of a batch on their way to the server."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Iterable
from typing import Any, TypeVar

from ._json import to_json_text

Item = TypeVar("Item")

Inputs = Iterable[Any] | AsyncIterable[Any]

_CHUNK_ITEMS_MAX = 1_000
"""Items that one call takes."""
_CHUNK_CHARS_MAX = 1024 * 1024
"""Characters of them, about: a message may have 4 MiB."""


async def asynchronous(items: Iterable[Item] | AsyncIterable[Item]) -> AsyncGenerator[Item, None]:
    """The items, of whichever kind of iterable."""
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item


async def texts_of(inputs: Inputs) -> AsyncGenerator[str, None]:
    """Inputs as they are sent."""
    async for value in asynchronous(inputs):
        yield to_json_text(value)


async def chunks_of(texts: AsyncIterable[str]) -> AsyncGenerator[list[str], None]:
    """As many in each as one call takes."""
    chunk: list[str] = []
    chars = 0
    async for text in texts:
        if chunk and (len(chunk) == _CHUNK_ITEMS_MAX or chars + len(text) > _CHUNK_CHARS_MAX):
            yield chunk
            chunk, chars = [], 0
        chunk.append(text)
        chars += len(text)
    if chunk:
        yield chunk


async def joined(first: Iterable[Item], rest: AsyncIterable[Item]) -> AsyncGenerator[Item, None]:
    """The first, and then the rest."""
    for item in first:
        yield item
    async for item in rest:
        yield item
