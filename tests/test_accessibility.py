"""The main pages in a real browser under axe-core: nothing serious, nothing critical, on a wide screen and on a phone."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from shiyu.lib import clock
from shiyu.people.models import User
from tests.conftest import ROOT
from tests.example_rows import TODAY, Rows, make_rows

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
INSTALLED = filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
CHROMIUM = os.environ.get("SHIYU_CHROMIUM") or next(INSTALLED, None)
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: neither SHIYU_CHROMIUM nor one on the PATH"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed (npm install in frontend/)"),
]
# Playwright's loop runs in this thread; the ORM is used between its calls, never within one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PAGES = (
    "/", "/search/?q=公示", "/search/", "/waiting/", "/asked/", "/lists/?tab=responsibility", "/lists/?tab=progress",
    "/lists/?tab=problems", "/reports/", "/matters/", "/matters/{matter}/", "/letters/", "/letters/{letter}/",
    "/meetings/", "/meetings/{meeting}/", "/wall/", "/wall/?view=table", "/figures/", "/boxes/", "/boxes/{box}/",
    "/plans/", "/editions/{edition}/", "/tasks/{task}/", "/plans/import/", "/plans/import/{import}/", "/notices/",
)  # fmt: skip
SIZES = ({"width": 1366, "height": 768}, {"width": 390, "height": 844})
FOUND = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter(v => ["serious", "critical"].includes(v.impact))
    .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.target.join(" ")).join(" | ")} (${v.nodes.length})`)"""


@pytest.fixture
def rows(transactional_db: None, files_elsewhere: None) -> Rows:
    with clock.frozen(TODAY):
        return make_rows()


@pytest.fixture
def chromium() -> Iterator[Any]:
    with sync_api.sync_playwright() as started:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = started.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(rows: Rows, chromium: Any, live_server: Any, settings: Any) -> Any:
    client = Client()
    clerk = User.objects.get(username="clerk")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    context = chromium.new_context(locale="zh-CN", base_url=live_server.url)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


def violations(page: Any) -> list[str]:
    """What axe names as serious or critical on the page shown."""
    # Through the debugger: the pages' policy allows no inline script.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return list(page.evaluate(FOUND))


def test_axe_sees_a_fault(chromium: Any) -> None:
    page = chromium.new_page()
    page.set_content("<main><img src='x.png'><input></main>")
    assert {"image-alt", "label"} <= {line.split(":")[0] for line in violations(page)}


def test_no_page_has_a_serious_fault(rows: Rows, page: Any) -> None:
    faults = {}
    for size in SIZES:
        page.set_viewport_size(size)
        for address in PAGES:
            answer = page.goto(address.format_map(rows.ids), wait_until="load")
            assert answer.status == 200, address
            if found := violations(page):
                faults[f"{size['width']} {address}"] = found
    assert faults == {}
