"""What requests and answers look like: pydantic models, from which the OpenAPI document is made. Names are the field's."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """An answer or a request: what it does not name is refused."""

    model_config = ConfigDict(extra="forbid")


class FaultShape(Shape):
    """One fault: what is wrong, where, and how to mend it, in the language of the answer."""

    code: str = Field(description="Stable; the rule catalogue explains it")
    message: str
    message_lang: str = Field(description="be, ru or en")
    remedy: str
    xpath: str = Field(description="Element names and true indexes in the file as received")
    pointer: str = Field(description="WCO pointer, for example 42A/68A[2]/23A/21A/145")
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
