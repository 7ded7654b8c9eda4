"""The whole way in a real browser: a Word file becomes a plan, duties, reports, a problem, a locked month, a meeting pack."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from docx import Document as Word

from shiyu.lib import clock
from shiyu.matters.models import Matter
from shiyu.periods.models import Period
from shiyu.plans.models import Duty, Edition, PlanImport, Report
from shiyu.seeding import load_city
from tests.conftest import PASSWORD, ROOT

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
# `make test` names the Chromium it found or fetched; by hand, one on the PATH will do.
INSTALLED = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
CHROMIUM = os.environ.get("SHIYU_CHROMIUM") or next(INSTALLED, None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: neither SHIYU_CHROMIUM nor one on the PATH"),
]
# Playwright's loop runs in this thread; the ORM is used between its calls, never within one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

LINES = (
    "示市治理补充任务分工方案",
    "一、重点任务",
    "1. 公布治理中心办事流程。（市司法局牵头，市教育局配合，2026年12月底前）",
    "2. 排查学校周边隐患。（市教育局牵头，有关部门配合，长期坚持）",
)
NARROW = {"width": 390, "height": 844}
WIDE = {"width": 1366, "height": 768}


class Walk:
    """One browser, people signing in one after another; every console error and refused load is kept."""

    def __init__(self, browser, address: str) -> None:  # type: ignore[no-untyped-def]
        self.context = browser.new_context(viewport=WIDE, locale="zh-CN", accept_downloads=True)
        self.page = self.context.new_page()
        self.address, self.faults = address, []
        self.page.on("console", lambda said: said.type == "error" and self.faults.append(said.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on(
            "response", lambda got: got.status >= 500 and self.faults.append(f"{got.status} {got.url}")
        )
        self.page.on("dialog", lambda dialog: dialog.accept())

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def sign_in(self, username: str) -> None:
        self.context.clear_cookies()
        self.open("/sign-in/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.press("form:has(input[name=password]) button")
        assert self.page.url == self.address + "/", self.page.url

    def press(self, selector: str) -> None:
        """Press the first such button or link and wait for the page that comes of it."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def do(self, verb: str, **fields: str) -> None:
        """A verb of the matter that is open, with its form filled in."""
        place = f"#do-{verb}"
        details = self.page.locator(f"{place} > details")
        if details.count() and details.get_attribute("open") is None:
            self.page.locator(f"{place} > details > summary").click()
        for name, value in fields.items():
            self.page.fill(f"{place} [name={verb}-{name}]", value)
        self.press(f"{place} form button")

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture
def walk(transactional_db, live_server, settings, tmp_path) -> Iterator[Walk]:  # type: ignore[no-untyped-def]
    store = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    settings.STORAGES = {**settings.STORAGES, "default": store}
    load_city(ROOT / "packs" / "example", password=PASSWORD)
    with sync_api.sync_playwright() as started:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = started.chromium.launch(executable_path=CHROMIUM, args=arguments)
        found = Walk(browser, live_server.url)
        found.page.set_default_timeout(15_000)
        yield found
        browser.close()


def word_file(folder: Path) -> Path:
    word = Word()
    for line in LINES:
        word.add_paragraph(line)
    word.save(folder / "方案.docx")
    return folder / "方案.docx"


def a_plan_is_read_and_taken_over(walk: Walk, folder: Path) -> Edition:
    walk.sign_in("clerk")
    walk.open("/plans/import/")
    walk.page.set_input_files("input[name=file]", word_file(folder))
    walk.press("form:has(input[name=file]) button.p")
    row = PlanImport.objects.get()
    while walk.page.locator(".dbox").count():
        walk.press(".dbox button[data-do=accept]")
    walk.press(f"a[href$='/plans/import/{row.pk}/take-over/']")
    walk.press("form:has(input[name=plan_title]) button.p")  # units lead in it, so it is taken for a plan
    edition = Edition.objects.get(state="draft")
    assert Duty.objects.filter(task__edition=edition, unit__code="justice", role="lead").count() == 1
    return edition


def units_are_asked(walk: Walk, edition: Edition) -> None:
    walk.open(f"/editions/{edition.pk}/opinions/")
    walk.page.fill("input[name=reply_by]", (clock.today() + timedelta(days=5)).isoformat())
    walk.press("form:has(input[name=reply_by]) button.p")
    round_ = edition.rounds.get()
    slip = round_.slips.get(unit__code="justice")
    item = slip.opinions.first()
    walk.sign_in("justice")
    walk.open(f"/opinion-slips/{slip.pk}/")
    walk.page.locator("details:has(textarea[name^=wanted_]) > summary").first.click()
    walk.page.check(f"input[name=answer_{item.pk}][value=change]")
    walk.page.fill(f"textarea[name=wanted_{item.pk}]", "流程每季度更新")
    walk.page.fill(f"textarea[name=reason_{item.pk}]", "流程会变")
    walk.press(".acts button.p")
    walk.sign_in("clerk")
    walk.open(f"/opinions/{round_.pk}/")
    walk.press("button[name=adoption][value=adopted]")
    measures = walk.page.locator("textarea[name=measures]")
    measures.fill(measures.input_value() + "流程每季度更新。")
    walk.press("form:has(textarea[name=measures]) button.p")
    walk.open(f"/opinions/{round_.pk}/")
    walk.press("form[action$='/close/'] button")
    item.refresh_from_db()
    assert item.adoption == "adopted"


def the_edition_is_issued(walk: Walk, edition: Edition, folder: Path) -> None:
    walk.open(f"/editions/{edition.pk}/")
    walk.press("a[href$='/submit/']")
    assert not walk.page.locator(
        "input[name=despite_unwritten]"
    ).count()  # the wish was written into the text
    walk.press("main form button.p")
    walk.sign_in("head")
    walk.open(f"/editions/{edition.pk}/issue/")
    walk.page.fill("input[name=document_number]", "示治〔2026〕20号")
    walk.page.fill("input[name=issued_on]", clock.today().isoformat())
    walk.page.select_option("select[name=signer]", "other")
    walk.page.fill("input[name=signer_other]", "领导小组组长")
    walk.press("form:has(select[name=signer]) button.p")
    walk.page.set_input_files("input[name=formal_file]", folder / "方案.docx")
    walk.press("button[name=step][value=issue]")
    edition.refresh_from_db()
    assert (edition.state, edition.document_number) == ("issued", "示治〔2026〕20号")


def a_month_is_reported(walk: Walk, code: str) -> None:
    walk.open("/reports/")
    opening = "form[action$='/reports/open/']"
    if not walk.page.locator(f"{opening} [name=code]").is_visible():
        walk.page.locator(f"details:has({opening}) > summary").first.click()
    walk.page.locator(f"{opening} [name=code]").fill(code)
    walk.press(f"{opening} button")
    report = Report.objects.get(period__code=code, unit__code="justice")
    path = f"/reports/{code}/{report.unit_id}/"
    walk.sign_in("justice")
    walk.open(path)
    for box in walk.page.locator("textarea[name$=progress]").all():
        box.fill("办事流程已公布。")
    for box in walk.page.locator("textarea[name$=total]").all():
        box.fill("两县公布。")
    for choice in walk.page.locator("select[name$=status]").all():
        choice.select_option("on_track")
    walk.press("button[name=save]")
    walk.press("button[name=send]")
    walk.sign_in("justice_leader")
    walk.open(path)
    walk.press("form[action$='/approve/'] button")
    walk.sign_in("head")
    walk.open(path)
    walk.press("form[action$='/sign-off/'] button")
    report.refresh_from_db()
    assert report.state == "signed_off"


def a_problem_goes_round(walk: Walk, edition: Edition, folder: Path) -> Matter:
    duty = Duty.objects.get(task__edition=edition, unit__code="justice", role="lead")
    walk.sign_in("clerk")
    walk.open(f"/duties/{duty.pk}/problem/")
    walk.page.fill("input[name=title]", "窗口未公示流程")
    walk.page.fill("textarea[name=text]", "督查发现窗口未公示流程。")
    walk.page.locator("[name=source]").first.select_option("visit")
    walk.press("form:has(input[name=title]) button.p")
    matter = Matter.objects.get()
    path = f"/matters/{matter.pk}/"
    assert walk.page.url.endswith(path)
    walk.sign_in("justice")
    walk.open(path)
    walk.do("acknowledge")
    walk.page.set_input_files("form[action$='/proof/'] input[type=file]", folder / "方案.docx")
    walk.page.locator("details:has(form[action$='/proof/']) > summary").first.click()
    walk.press("form[action$='/proof/'] button.p")
    walk.do("complete", result="流程已上墙")
    walk.sign_in("clerk")
    walk.open(path)
    walk.do("verify")
    walk.sign_in("head")
    walk.open(path)
    walk.do("close")
    matter.refresh_from_db()
    assert (matter.phase, matter.outcome) == ("closed", "done")
    return matter


def the_month_goes_to_the_meeting(walk: Walk, code: str) -> None:
    period = Period.objects.get(code=code)
    walk.open(f"/reports/?month={code}")
    walk.press(f"form[action$='/reports/lock/{period.pk}/'] button")
    period.refresh_from_db()
    assert period.is_locked
    walk.open(f"/meeting-packs/{period.pk}/")
    walk.press("form[action$='/make/'] button")
    with walk.page.expect_download() as coming:
        walk.page.locator("a[href*='/meeting-packs/archive/']").first.click()
    with zipfile.ZipFile(coming.value.path()) as archive:
        names = archive.namelist()
    assert "01通报.docx" in names
    assert sum(name.startswith("02三张清单/") for name in names) == 6
    assert any(name.startswith("05各单位/") and name.endswith("示市司法局.docx") for name in names)


def pages_fit_a_telephone(walk: Walk, matter: Matter) -> None:
    walk.page.set_viewport_size(NARROW)
    for path in (
        "/",
        "/lists/?list=responsibility",
        "/lists/?list=problems",
        "/lists/?list=progress",
        f"/matters/{matter.pk}/",
    ):
        walk.open(path)
        assert walk.overflow() <= 0, f"{path} is {walk.overflow()} px too wide"


def test_from_a_word_file_to_the_meeting(walk: Walk, tmp_path) -> None:
    last_month = clock.today().replace(day=1) - timedelta(days=1)
    code = f"{last_month:%Y-%m}"
    edition = a_plan_is_read_and_taken_over(walk, tmp_path)
    units_are_asked(walk, edition)
    the_edition_is_issued(walk, edition, tmp_path)
    a_month_is_reported(walk, code)
    matter = a_problem_goes_round(walk, edition, tmp_path)
    the_month_goes_to_the_meeting(walk, code)
    pages_fit_a_telephone(walk, matter)
    assert walk.faults == []
