"""Bodies as they are read: JSON as RFC 8259 has it, and nothing a database cannot hold."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from shiyu.exchange.api.errors import Malformed


class WholeJson(Parser):
    """Refuses NaN and Infinity, half characters (lone surrogates), null characters and what is nested beyond sense."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body. Raises Malformed."""
        try:
            found = json.loads(request.body, parse_constant=_no_number)
            text = json.dumps(found, ensure_ascii=False)
            text.encode()
        except (ValueError, RecursionError):
            raise Malformed(_("The body is not JSON in UTF-8.")) from None
        if "\\u0000" in text:
            raise Malformed(_("The body holds null characters."))
        return found


class PlainJson(JSONRenderer):
    """Answers in UTF-8 as they stand, Chinese too: whoever tries with curl can read them."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)
