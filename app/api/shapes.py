"""What requests and answers look like: pydantic models, from which the OpenAPI document is made. Names are the field's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.api.validation import unstorable


class Shape(BaseModel):
    """An answer or a request: what it does not name is refused, and so is a text that no database holds."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    _kept_schema: ClassVar[dict[str, Any]]

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
        if "_kept_schema" not in cls.__dict__:
            cls._kept_schema = super().model_json_schema()
        return cls._kept_schema


def example(*values: dict[str, Any]) -> ConfigDict:
    """Return the settings of a shape with examples of it, for the OpenAPI document."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(values)})


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_range", "a moment beyond the calendar") from None


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment that somebody names, with its time zone; ours are in UTC."""


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
