"""Every address for every person, by GET and by POST; an address without a row in the table fails the test."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from shiyu.audit.models import AuditEntry, JobRun
from shiyu.exchange.actions import make_system_account, make_token, subscribe
from shiyu.exchange.models import Delivery
from shiyu.lib import clock
from shiyu.matters.actions.parties import Reporter, keep_reporters
from shiyu.matters.models import Matter, OrderBatch, WorkOrder
from shiyu.notices.models import Notice, SavedView
from shiyu.people.models import Absence, User
from shiyu.periods.models import Figure
from tests.example_rows import TODAY, Rows, actor, make_rows, rolled_back, taken_back, unit
from tests.url_table import ADDRESSES, GET, POST

PEOPLE = (
    "",
    "clerk",
    "head",
    "leader",
    "justice",
    "justice_div",
    "edu",
    "east",
    "sysadmin",
    "secadmin",
    "auditor",
)
BY_LINK = {"report_office", "report_office_proof", "report_office_file"}
"""What whoever has an office's link may open."""
SESSION = "django.contrib.auth.backends.ModelBackend"
pytestmark = pytest.mark.django_db


def expected_of(table: str) -> dict[str, list[str]]:
    """The rows of a table: URL name → a code for each of PEOPLE."""
    rows = (line.split() for line in table.strip().splitlines() if not line.startswith(" "))
    return {name: codes for name, *codes in rows if name not in ("nob", "")}


def patterns(of: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in of:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


NAMES = sorted(str(pattern.name) for pattern in patterns(get_resolver().url_patterns))
BY_GET, BY_POST = expected_of(GET), expected_of(POST)


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Iterator[Rows]:  # type: ignore[no-untyped-def]
    """The example city with a few rows of every kind, made once and rolled back at the end of the module."""
    options = {"location": tmp_path_factory.mktemp("files")}
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    with (
        override_settings(STORAGES={**settings.STORAGES, "default": store}),
        django_db_blocker.unblock(),
        rolled_back(),
    ):
        made = make_rows()
        with clock.frozen(TODAY):
            _add_personal(made)
            yield made


def _add_personal(made: Rows) -> None:
    """A notice, a view, a job, a figure; and a session for everybody."""
    clerk, later = User.objects.get(username="clerk"), TODAY + timedelta(days=30)
    batch = OrderBatch.objects.create(
        source="a", file_name="a.csv", unit=unit("office"), by_id=clerk.pk, state="checked"
    )
    order = WorkOrder.objects.create(matter_id=made["matter"], source="a", number="A1")
    made.ids |= {"order_batch": batch.pk, "order": order.pk}
    [party] = keep_reporters(Matter.objects.get(pk=made["matter"]), [Reporter("某", address="某街")])
    made.ids |= {
        "notice": Notice.objects.create(user=clerk, kind="x", title_zh="一", title_en="x", url="/").pk,
        "view": SavedView.objects.create(user=clerk, page="matter_list", name="我的", query="").pk,
        "job": JobRun.objects.create(kind="x", title="x", asked_by_id=clerk.pk).pk,
        "post": clerk.appointments.get().post_id,
        "appointment": clerk.appointments.get().pk,
        "absence": Absence.objects.create(
            # Not begun yet, so that it lends nobody another's rights.
            user=clerk,
            deputy=User.objects.get(username="head"),
            valid_from=later,
            valid_to=later,
        ).pk,
        "party": party.pk,
        **_systems(),
        "figure": Figure.objects.filter(revision__period_id=made["locked"])[0].pk,
    }
    for name in PEOPLE[1:]:
        client = Client()
        client.force_login(User.objects.get(username=name), backend=SESSION)
        made.ids[f"session {name}"] = client.cookies[settings.SESSION_COOKIE_NAME].value


def _systems() -> dict[str, object]:
    """A person's token; a connected system with a subscription that has two secrets and a delivery that failed."""
    clerk = User.objects.get(username="clerk")
    sysadmin = actor("sysadmin")
    token, _text = make_token(actor("clerk"), name="x", scopes=["matters:read"], days=30)
    post = clerk.appointments.get().post_id
    system = make_system_account(sysadmin, username="hotline", name="热线平台", post_id=post)
    url = "https://hotline.example.cn/news"
    with override_settings(WEBHOOK_HOSTS=["hotline.example.cn"]):
        row, _secret = subscribe(sysadmin, user_id=system.pk, url=url, events=["matter.filed"])
    failed = Delivery.objects.create(subscription=row, event="matter.filed", body="{}")
    return {"token_id": token.pk, "system": system.pk, "subscription": row.pk, "secret": row.secrets.get().pk,
            "delivery": failed.pk}  # fmt: skip


def client_of(rows: Rows, name: str) -> Client:
    """A client as that person; "" is nobody."""
    client = Client(raise_request_exception=True)
    if name:
        client.cookies[settings.SESSION_COOKIE_NAME] = rows[f"session {name}"]
    return client


def answers(rows: Rows, name: str, method: str, address: str) -> list[str]:
    """What the address answers everybody, written as in the table."""
    found = []
    for person in PEOPLE:
        with taken_back():
            before = AuditEntry.objects.count()
            answer = getattr(client_of(rows, person), method)(address)
            changed = AuditEntry.objects.count() > before
            code = answer.status_code
            is_sign_in = code == 302 and answer.headers["Location"].startswith("/sign-in/")
            is_sign_in = is_sign_in and name != "sign_out"  # there it is the answer, and on record
            if code in (400, 403, 404, 405, 409, 422) or is_sign_in:
                assert not changed, f"{person} was refused and yet something was recorded"
            written = str(code)
            if code == 302 and not is_sign_in and method == "post" and person and not changed:
                written = "r"
            found.append(written)
    return found


def test_every_address_has_a_row() -> None:
    assert NAMES == sorted(ADDRESSES) == sorted(BY_GET)
    assert set(BY_POST) <= set(NAMES)
    assert all(len(codes) == len(PEOPLE) for codes in (*BY_GET.values(), *BY_POST.values()))


@pytest.mark.parametrize("name", NAMES)
def test_what_an_address_answers(name, rows) -> None:
    keys = ADDRESSES[name].split()
    address = reverse(name, args=[key[1:] if key.startswith("=") else rows[key] for key in keys])
    assert answers(rows, name, "get", address) == BY_GET[name], f"GET {address} for {PEOPLE}"
    if name in BY_POST:
        assert answers(rows, name, "post", address) == BY_POST[name], f"POST {address} for {PEOPLE}"


def test_nobody_reaches_anything_but_sign_in_language_and_an_office_link() -> None:
    open_to_all = {name for name, codes in BY_GET.items() if codes[0] == "200"}
    assert open_to_all == {"sign_in", "progress", *BY_LINK}


def test_administrators_see_no_business() -> None:
    """What each administrator opens is administration, one's own things and lists that stay empty."""
    own = {
        "desk",
        "search",
        "waiting_list",
        "account",
        "api_docs",
        "api_docs_schema",
        "token_list",
        "password_change",
        "job_list",
        "notice_list",
        "sign_in",
        "progress",
        *BY_LINK,
    }
    empty = {
        "letter_list",
        "letter_counts",
        "letter_answers",
        "instruction_list",
        "matter_list",
        "order_list",
        "matter_rates",
        "matter_rate_rows",
    }
    allowed = {
        "sysadmin": {
            "system_list",
            "system_new",
            "system_detail",
            "subscription_new",
            "subscription_detail",
            "user_list",
            "user_new",
            "user_detail",
            "appointment_handover",  # how much a leaving person holds by name: kinds and counts
            "pack_list",
        },
        "secadmin": {"security", "post_roles"},
        "auditor": {"audit_list", "audit_verify", "audit_heads", "destruction_list"},
    }
    for person, pages in allowed.items():
        seen = {name for name, codes in BY_GET.items() if codes[PEOPLE.index(person)] == "200"}
        assert seen == own | empty | pages, person


FILES = {
    # the file's page → who gets it; everybody else 404, nobody goes to sign in
    "matter_file": {"clerk", "head", "leader", "justice", "justice_div"},
    "report_proof_file": {"clerk", "head", "leader", "justice", "justice_div"},
    "instruction_file": {"clerk", "head", "leader", "justice", "justice_div"},
    "document_file": {"clerk", "head", "leader"},
    "pack_archive": {"clerk", "head", "leader"},
    "pack_file": {"clerk", "head", "leader"},
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_goes_only_to_those_who_may_see_its_subject(name, rows) -> None:
    keys = ADDRESSES[name].split()
    address = reverse(name, args=[key[1:] if key.startswith("=") else rows[key] for key in keys])
    for person in PEOPLE[1:]:
        answer = client_of(rows, person).get(address)
        assert answer.status_code == (200 if person in FILES[name] else 404), person
        if answer.status_code == 200:
            assert re.match(r"attachment|inline", answer.headers["Content-Disposition"])


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("matter_file", ("matter", "document")),
        ("matter_file", ("matter", "report_document")),
        ("report_proof_file", ("entry", "matter_document")),
        ("report_office_file", ("token", "entry", "matter_document")),
        ("instruction_file", ("instruction", "matter_document")),
    ],
)
def test_a_file_cannot_be_had_through_another_subject(name, keys, rows) -> None:
    address = reverse(name, args=[rows[key] for key in keys])
    for person in ("clerk", "justice", "edu"):
        assert client_of(rows, person).get(address).status_code == 404, person
