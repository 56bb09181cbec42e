"""The settings as a flat list of dotted keys, read off the models."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.duration import written
from config.settings import Settings


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its type, its default, and what the model says about it."""

    annotation: Any
    default: object
    description: str
    secret: bool


def spelt(value: object) -> str:
    """A value as an operator would write it in the environment; a secret masked."""
    match value:
        case None:
            return ""
        case SecretStr():
            return "***"
        case bool():
            return str(value).lower()
        case timedelta():
            return written(value)
        case tuple():
            return ",".join(spelt(each) for each in value)
    return str(value)


def _keys(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, Key]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _keys(field.annotation, f"{above}{name}.")
        else:
            yield above + name, _key(field)


def _key(field: FieldInfo) -> Key:
    secret = any(SecretStr in (each, *get_args(each)) for each in (field.annotation, *get_args(field.annotation)))
    return Key(field.annotation, field.default, field.description or "", secret)


FIELDS: dict[str, Key] = dict(_keys(Settings))
