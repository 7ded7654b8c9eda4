"""What the models want at a place of a pack, for sentences about what stands there instead."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from shiyu.kernel.words import Limit

Loc = Sequence[str | int]


def model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    """The model that stands at a place below another one; None where something else does."""
    here: list[Any] = [model]
    for part in loc:
        here = [inner for annotation in here for inner in _inside(annotation, part)]
    return next((one for annotation in here for one in _plain(annotation) if _is_model(one)), None)


def keys_of(model: type[BaseModel] | None) -> list[str]:
    """The keys a model knows, as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def written(model: type[BaseModel] | None) -> str:
    """How such a thing is written, with what it needs: `{zh: …, en: …}`."""
    if model is Limit:
        return "{n: 2, unit: workdays}"
    needed = [
        field.alias or name
        for name, field in (model.model_fields.items() if model else ())
        if field.is_required()
    ]
    return "{" + ", ".join(f"{key}: …" for key in needed or keys_of(model)[:2] or ["…"]) + "}"


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _plain(annotation: Any) -> Iterator[Any]:
    """An annotation without what is said about it: the parts of a union, the thing behind Annotated."""
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        yield from _plain(parts[0])
    elif origin in (typing.Union, types.UnionType):
        for part in parts:
            yield from _plain(part)
    else:
        yield annotation


def _inside(annotation: Any, part: str | int) -> Iterator[Any]:
    """What stands below one step of a place; the name of a union's part is no step."""
    for one in _plain(annotation):
        origin, parts = typing.get_origin(one), typing.get_args(one)
        if _is_model(one):
            fields = {field.alias or name: field for name, field in one.model_fields.items()}
            if part in fields:
                yield fields[part].annotation  # type: ignore[index]
            elif part == "range":
                yield one
        elif origin is dict:
            yield parts[1]
        elif origin in (tuple, frozenset, list):
            yield parts[0]
