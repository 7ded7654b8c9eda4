"""What a fault writes into the log: where it happened, never a row of the database."""

import logging
import sys

import pytest
from django.db import IntegrityError

from shiyu.lib.log_lines import QuotesNoData
from shiyu.people.models import Unit


def line_of(error: BaseException) -> str:
    kind = (type(error), error, error.__traceback__)
    return QuotesNoData().format(logging.LogRecord("x", logging.ERROR, "f", 1, "failed", None, kind))


def test_a_refused_row_is_not_written_into_the_log(db: None) -> None:
    code, name = (
        "tw" + "ice",
        "乙" + "单位",
    )  # put together, so that the quoted line of this file does not hold them
    given = {"code": code, "name": name, "kind": "department", "protocol_order": 1}
    Unit.objects.create(**given)
    with pytest.raises(IntegrityError) as caught:
        Unit.objects.create(**given)
    assert code in str(caught.value), "the database itself quotes the row"
    line = line_of(caught.value)
    assert code not in line and name not in line
    assert "UniqueViolation: 23505" in line
    assert "people_unit" in line
    assert "test_log_lines.py" in line


def test_a_fault_of_the_code_keeps_its_words_and_its_cause() -> None:
    try:
        try:
            raise KeyError("kind")
        except KeyError as error:
            raise ValueError("no such route") from error
    except ValueError:
        line = line_of(sys.exc_info()[1] or AssertionError())
    assert line.index("KeyError: 'kind'") < line.index("ValueError: no such route")
