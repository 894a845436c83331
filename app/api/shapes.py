"""What requests and answers look like: pydantic models, from which the OpenAPI document is made. Names are the field's."""

from __future__ import annotations

import functools
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.validation import unstorable


@functools.cache
def _schema_of(kind: type[BaseModel]) -> dict[str, Any]:
    return super(Shape, kind).model_json_schema()


class Shape(BaseModel):
    """An answer or a request: what it does not name is refused, and so is a text that no database holds."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _is_storable(cls, said: Any) -> Any:
        if unstorable(said):
            raise PydanticCustomError("signs", "signs that are letters of no language")
        return said

    @classmethod
    def model_json_schema(cls, *args: Any, **keywords: Any) -> dict[str, Any]:
        """The JSON schema. flask-openapi asks for it without arguments at each request with a query: that one is made once."""
        if args or keywords:
            return super().model_json_schema(*args, **keywords)
        return _schema_of(cls)


def example(*values: dict[str, Any]) -> ConfigDict:
    """Return the settings of a shape with examples of it, for the OpenAPI document."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(values)})


class FaultShape(Shape):
    """One fault: what is wrong, where, and how to mend it, in the language of the answer."""

    code: str = Field(description="Stable; the rule catalogue explains it")
    message: str
    message_lang: str = Field(description="be, ru or en")
    remedy: str
    xpath: str = Field(description="Element names and true indexes in the file as received")
    pointer: str = Field(description="WCO pointer, for example 42A/68A[2]/23A/21A/145; in a JSON body its JSON pointer")
    line: int | None = Field(description="Line in the file as received")
    value: str = Field(description="What stands there, cut at 200 characters")


class Problem(BaseModel):
    """A refusal (RFC 9457), with the stable ``code``; further members stand beside these where they help."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="A page that explains the code")
    title: str
    status: int
    code: str
    request_id: str
    detail: str = ""
    errors: list[FaultShape] = Field(default_factory=list)


class Listed(Shape):
    """What every list asks for: where to go on."""

    cursor: str | None = Field(None, max_length=200, description="`next` of the page before; without it the first page")
