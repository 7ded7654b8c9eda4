"""A list worked by keyboard in a real browser: along the rows, open, choose, search, the note on the keys."""

from shiyu.matters.actions import file_matter
from shiyu.people.models import Unit, User
from shiyu.people.queries import actor_of
from tests.test_journey import Walk, pytestmark, walk

__all__ = ["pytestmark", "walk"]

ROW = "document.activeElement.tagName === 'TR' ? document.activeElement.rowIndex : -1"


def three_problems() -> None:
    """At the office, filed by its clerk."""
    clerk = actor_of(User.objects.get(username="clerk"))
    office = Unit.objects.get(kind="leading_office")
    for n in range(3):
        file_matter(
            clerk, kind="problem", title=f"问题{n}", text="待整改。", source="visit", unit_id=office.pk
        )


def test_a_list_is_worked_by_keyboard(walk: Walk) -> None:  # noqa: F811
    three_problems()
    walk.sign_in("clerk")
    walk.open("/matters/")
    page = walk.page
    assert page.evaluate(ROW) == -1
    page.keyboard.press("ArrowDown")  # scrolls: no row was begun with
    assert page.evaluate(ROW) == -1
    for key, row in (("j", 1), ("j", 2), ("ArrowDown", 3), ("k", 2), ("ArrowUp", 1), ("k", 1)):
        page.keyboard.press(key)
        assert page.evaluate(ROW) == row, key
    page.keyboard.press("x")
    assert page.locator("input[name=chosen]").first.is_checked()
    page.keyboard.press("?")
    assert page.locator("dialog#keys[open]").count() == 1
    assert "下一行" in page.locator("dialog#keys").inner_text()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    assert page.locator("dialog#keys[open]").count() == 0
    page.keyboard.press("/")
    page.keyboard.type("jxk?")
    assert page.input_value("#shell-q") == "jxk?" and page.locator("dialog#keys[open]").count() == 0
    page.locator("main h1").click()
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1 .code").count() == 1
    assert walk.faults == []
