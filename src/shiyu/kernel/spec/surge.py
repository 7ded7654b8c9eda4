"""`surge`: what emergency response (应急响应) may take in, with limits of its own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from shiyu.kernel.spec.documents import NumberSeries, numbers_of
from shiyu.kernel.spec.seed import AreaLevel
from shiyu.kernel.surge import Occasion
from shiyu.kernel.words import Code, Label, Strict, Wrong


class SurgeLimit(Strict):
    """`{first_hours: 2, handle_hours: 24}`: hours by the clock, nights and days off included."""

    first_hours: int = Field(ge=1, le=72)
    """Until the unit that leads has acknowledged it."""
    handle_hours: int = Field(ge=1, le=720)
    """Until it is reported done, or closed."""

    @model_validator(mode="after")
    def _first_comes_first(self) -> SurgeLimit:
        if self.first_hours > self.handle_hours:
            raise Wrong(
                "首次响应不能晚于办结", "the first response cannot be due after the end", "first_hours"
            )
        return self


class SurgeRule(Strict):
    """How this city's emergency response works (LJ7). Left out: there is none.

    ```yaml
    surge:
      levels: [city, county]
      longest_days: 15
      limits:
        hazard: {first_hours: 2, handle_hours: 24}
      bulletin: {pattern: "示应急专报〔{{year}}〕{{n}}号"}
      template: surge_bulletin
    ```
    It is opened and ended by decision, for one of three occasions (natural disaster, accident, public safety). Its limits
    stand beside the statutory ones and stop none of them."""

    levels: tuple[AreaLevel, ...] = Field(min_length=1)
    """At which levels of areas it may be opened."""
    longest_days: int = Field(default=30, ge=1, le=90)
    """The last day lies at most so many calendar days ahead, when it is opened and each time it is extended."""
    limits: dict[Code, SurgeLimit] = Field(min_length=1)
    """Kind of matter → its limits. Only these kinds can be in the scope; each says `surge: true` itself."""
    bulletin: Annotated[NumberSeries, numbers_of("bulletin")]
    """The numbers of the daily bulletins."""
    template: Code | None = None
    """The template that words the bulletin (document `surge_bulletin`); left out: the product's own wording."""
    occasions: dict[Occasion, Label] = {}
    """The city's own words for natural_disaster, accident and public_safety."""
