"""The shell, tags and forms."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils import translation

from shiyu.lib import clock
from shiyu.lib.errors import UserError
from shiyu.ui import islands, values
from shiyu.ui.context import entries, is_inside
from shiyu.ui.forms import ManyFilesField, ReasonField, refuse
from shiyu.ui.templatetags.ui import MARKS

ROOM = Path(__file__).parent.parent


class SomeActor:
    def has(self, right: str) -> bool:
        return right == "plan.view"


def draw(text: str, **context: object) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


@override_settings(ROOT_URLCONF="shiyu.ui.tests.urls")
def test_navigation_shows_only_what_exists_and_may_be_used() -> None:
    request = RequestFactory().get("/plans/7/")
    request.actor = SomeActor()  # type: ignore[attr-defined]
    rows = [
        ("a", "desk", None),
        ("b", "plan_list", "plan.view"),
        ("c", "plan_new", "plan.edit"),
        ("d", "no", None),
    ]
    found = entries(rows, request)
    assert [(e.label, e.current) for e in found] == [("a", False), ("b", True)]
    request.actor = None  # type: ignore[attr-defined]
    assert entries(rows, request) == []


def test_a_path_is_inside_by_whole_parts() -> None:
    assert is_inside("/plans/7/", "/plans/")
    assert not is_inside("/plansx/", "/plans/")
    assert not is_inside("/plans/", "/")


def test_dates_in_both_languages() -> None:
    late_evening = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)  # already the 20th in Shanghai
    with clock.frozen(datetime(2026, 11, 20, 9)), translation.override("zh-hans"):
        assert values.day_words(date(2026, 11, 20)) == "11月20日 周五"
        assert values.long_day_words(late_evening) == "2026年11月20日 星期五"
        assert values.month_words("2026-10") == "2026年10月"
    with clock.frozen(datetime(2026, 11, 20, 9)), translation.override("en"):
        assert values.day_words(late_evening) == "Fri 20 Nov"
        assert values.day_words(date(2027, 1, 8)) == "Fri 8 Jan 2027"
        assert values.month_words(date(2026, 10, 1)) == "Oct 2026"
    with clock.frozen(datetime(2026, 11, 20, 9)):
        assert (
            draw("{{ d|iso }} {{ d|month_day }} {{ n|iso }}", d=late_evening, n=None) == "2026-11-20 11-20 —"
        )


@pytest.mark.parametrize(
    ("left", "state", "zh"),
    [
        (-3, "late", "逾期3个工作日"),
        (0, "soon", "今天到期"),
        (3, "soon", "剩3个工作日"),
        (4, "open", "剩4个工作日"),
    ],
)
def test_due_words(left: int, state: str, zh: str) -> None:
    with translation.override("zh-hans"):
        due = values.due_in(left, date(2026, 11, 20))
        assert (due.state, due.label) == (state, zh)


def test_a_number_without_base_is_a_dash_and_no_link() -> None:
    assert draw("{% num n '/x/' %}", n=None) == "—"
    assert draw("{% num n '/x/' %}", n=1206) == '<a class="n" href="/x/">1,206</a>'
    assert 'class="n late"' in draw("{% num 2 '/x/' late=True %}")
    assert draw("{% num 2 %}") == "2"


def test_units_never_break_and_are_escaped() -> None:
    with translation.override("zh-hans"):
        html = draw("{% units names 'b' %}", names=["<a>", "b"])
    assert html == '<span class="u">&lt;a&gt;</span>、<span class="u self">b</span>'


def test_every_mark_has_its_symbol_and_an_unknown_one_is_an_error() -> None:
    sprite = (ROOM / "static/ui/marks.svg").read_text()
    assert all(f'<symbol id="{name}"' in sprite for name in MARKS)
    with pytest.raises(Exception, match="no symbol"):
        draw("{% mark 'nothing' %}")


def test_an_island_says_how_to_build_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(islands, "DIST", tmp_path)
    assert "make frontend" in draw("{% island 'app' %}")
    with (
        override_settings(SHIYU_REQUIRE_FRONTEND=True),
        pytest.raises(islands.NotBuilt, match="make frontend"),
    ):
        draw("{% island 'app' %}")
    (tmp_path / "manifest.json").write_text(
        '{"src/app.ts": {"file": "assets/app-1.js", "css": ["assets/a.css"]}}'
    )
    html = draw("{% island 'app' %}")
    assert '<script type="module" src="/static/dist/assets/app-1.js"></script>' in html
    assert 'href="/static/dist/assets/a.css"' in html


class SomeForm(forms.Form):
    name = forms.CharField(label="名称")
    reason = ReasonField()
    proof = ManyFilesField(required=False)


def test_errors_are_counted_linked_and_what_was_typed_stays() -> None:
    form = SomeForm({"name": "整改<b>", "reason": ""})
    assert not form.is_valid()
    refuse(form, UserError("第3行的单位不存在", field="name", sheet="清单", row=3))
    with translation.override("zh-hans"):
        html = render_to_string("ui/_form.html", {"form": form})
    assert "有2处需要改正" in html
    assert 'href="#id_reason"' in html and 'href="#id_name"' in html
    assert "第3行的单位不存在" in html and "整改&lt;b&gt;" in html
    assert "multipart/form-data" in html


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "500"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_pages_say_what_to_do_even_without_a_context(name: str, language: str) -> None:
    with translation.override(language):
        html = render_to_string(f"{name}.html")
    assert "<h1>" in html and 'class="secret"' in html
    assert ("返回今日工作" in html) == (language == "zh-hans")


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    for path in ROOM.rglob("templates/**/*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|<style|<script(?! type)|\son[a-z]+=|javascript:", text), path
    css = (ROOM / "static/ui/style.css").read_text()
    assert ":has(" not in css and "inset:" not in css, "must work from Chromium 86"
    assert "http" not in css
