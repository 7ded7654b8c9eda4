"""Chinese and English are complete."""

from tests.messages import marked_in, messages_of, untranslated, worded_twice


def test_every_marked_text_has_its_chinese() -> None:
    assert untranslated() == {}


def test_the_check_sees_texts_in_code_and_templates(tmp_path) -> None:
    assert set(marked_in('_("A") + pgettext("c", "B")', "x")) == {(None, "A"), ("c", "B")}
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}<p>{% translate "Hello" %}{% blocktranslate %}Bye {{ x }}{% endblocktranslate %}</p>'
    )
    assert messages_of(page) == {(None, "Hello"), (None, "Bye %(x)s")}


def test_a_text_has_one_chinese_wherever_it_stands() -> None:
    """The catalogues become one: a text that two packages word differently shows the other's words. Where it means
    two things it needs a context."""
    assert worded_twice() == {}
