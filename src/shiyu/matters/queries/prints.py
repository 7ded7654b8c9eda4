"""The printed forms of a matter, all from its one registration: registration form, notice to the person, transfer slip,
follow-up form, file index. Personal data stands in them masked, or in full where it was opened with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shiyu.documents.archive import safe_name, write_archive
from shiyu.documents.models import Attachment
from shiyu.documents.tables import Column, TableSpec
from shiyu.documents.word import OfficialDocument, render_document
from shiyu.letters.queries import letters_of
from shiyu.lib import clock
from shiyu.matters.access import SUBJECT
from shiyu.matters.actions.parties import OpenParty
from shiyu.matters.actions.sealing import OpenText
from shiyu.matters.kinds import kind_of, pack_for, source_label, state_label, topic_choices
from shiyu.matters.models import Assignment, Matter, Step
from shiyu.matters.queries.parties import reporters_of, sealed_in
from shiyu.packs.forms import shown_fields

MASK = "******"


@dataclass(frozen=True)
class Opened:
    """What was opened for this printing."""

    parties: Sequence[OpenParty]
    texts: Sequence[OpenText]


def printed(matter: Matter, form: str, opened: Opened | None = None) -> tuple[str, bytes]:
    """One form as a Word file, or all of them in one archive (`all`): its name and bytes. KeyError for another form."""
    if form == "all":
        files = {
            f"{n}{FORMS[code].title}.docx": _word(matter, code, opened)
            for n, code in enumerate(forms_of(matter), 1)
        }
        return f"{safe_name(matter.code)}.zip", write_archive(files, clock.today())
    return f"{safe_name(matter.code)}{FORMS[form].title}.docx", _word(matter, form, opened)


def _word(matter: Matter, form: str, opened: Opened | None) -> bytes:
    return render_document(FORMS[form].make(matter, opened))


def _document(
    matter: Matter, title: str, paragraphs: Sequence[str | TableSpec], **more: object
) -> OfficialDocument:
    given: dict[str, object] = {"signer": matter.unit.name, "date": clock.today()} | more
    return OfficialDocument(title=title, paragraphs=[*paragraphs], **given)  # type: ignore[arg-type]


def _table(rows: Sequence[tuple[str, str]]) -> TableSpec:
    columns = (Column("项目", 38.0, "center"), Column("内容", 118.0))
    return TableSpec("", columns, [row for row in rows if row[1]])


def _day(moment: datetime | None) -> str:
    return f"{clock.local(moment):%Y-%m-%d}" if moment else ""


def reporter_words(matter: Matter, opened: Opened | None) -> str:
    """Who reported it, one after the other: in full where opened, else in part."""
    if opened is None:
        lines = [line for line in reporters_of(matter) if not line.relation]
        return "；".join(
            "匿名" if line.anonymous else ("已按规定删除" if line.gone else line.words) for line in lines
        )
    rows = [row for row in opened.parties if not row.relation]
    full = [" ".join(text for text in (row.name, row.phone, row.address) if text) for row in rows]
    return "；".join(
        "匿名" if row.anonymous else (words or "已按规定删除") for row, words in zip(rows, full, strict=True)
    )


def _facts(matter: Matter, opened: Opened | None) -> list[tuple[str, str]]:
    """What was registered: the columns of every matter, then the kind's own fields, then what is sealed."""
    kind, pack = kind_of(matter), pack_for(matter)
    rows = [
        ("编号", matter.code),
        ("事项类型", kind.label.zh),
        ("标题", matter.title),
        ("来源", source_label(matter)),
        ("类别", dict(topic_choices(matter.kind)).get(matter.topic, matter.topic)),
        ("发生地点", matter.area.name if matter.area else ""),
        ("收到时间", f"{clock.local(matter.received_at):%Y-%m-%d %H:%M}"),
        ("来件人", reporter_words(matter, opened) if kind.reporter != "none" else ""),
        ("主要内容", matter.text),
        *((field.label, field.text) for field in shown_fields(kind.form, matter.fields, pack)),
        ("整改目标", matter.goal),
        ("整改措施", matter.measures),
    ]
    if opened is not None:
        return [*rows, *((text.label, "已按规定删除" if text.gone else text.text) for text in opened.texts)]
    return [*rows, *((label, MASK) for label in sealed_in(matter))]


def _registration(matter: Matter, opened: Opened | None) -> OfficialDocument:
    rows = [
        *_facts(matter, opened),
        ("受理单位", matter.unit.name),
        ("办理时限", _day(matter.due_at)),
        ("登记人签名", "　"),
    ]
    return _document(matter, f"{kind_of(matter).label.zh}登记表", [_table(rows)])


def _addressee(matter: Matter, opened: Opened | None) -> str:
    if opened is None:
        return reporter_words(matter, None) or "来件人"
    return "、".join(row.name for row in opened.parties if row.name and not row.relation) or "来件人"


def _notice(matter: Matter, opened: Opened | None) -> OfficialDocument:
    """Accepted, refused with the remedy, or, before that, that it is being looked at and when the answer comes."""
    received = f"您于{_day(matter.received_at)}反映的事项（编号：{matter.code}）已经登记。"
    refused = Step.objects.filter(matter_id=matter.pk, verb="refuse").order_by("-left_at").first()
    if matter.phase == "refused" and refused is not None:
        title = "不予受理告知书"
        texts = [
            f"{received}经审查，决定不予受理。",
            f"理由：{refused.note}",
            f"您可以通过以下途径提出诉求：{matter.remedy}",
        ]
    elif matter.phase == "filed":
        title = "登记告知书"
        by = matter.step_due_at or matter.due_at
        texts = [f"{received}我们将在{_day(by)}前告知您是否受理以及由哪个单位办理。"]
    else:
        title = "受理告知书"
        lead = matter.assignments.filter(role=Assignment.Role.LEAD).exclude(
            ended__in=("returned", "transferred")
        )
        row = lead.select_related("unit").order_by("-asked_at").first()
        handles = f"由{row.unit.name}办理" if row else "正在确定办理单位"
        texts = [f"{received}经审查决定受理，{handles}，办理期限至{_day(matter.due_at)}。"]
    texts.append("办理进展可以凭回执上的编号和密码在网上查询，也可以持回执到窗口询问。")
    return _document(matter, title, texts, addressees=[_addressee(matter, opened)])


def _transfer(matter: Matter, opened: Opened | None) -> OfficialDocument:
    held = matter.assignments.filter(active=True).select_related("unit").order_by("-role", "asked_at")
    rows = [*held] or [*matter.assignments.select_related("unit").order_by("-role", "asked_at")]
    roles = {Assignment.Role.LEAD: "牵头", Assignment.Role.SUPPORTING: "配合"}
    units = TableSpec(
        "",
        (
            Column("单位", 60.0),
            Column("分工", 24.0, "center"),
            Column("交办时间", 36.0, "center"),
            Column("时限", 36.0, "center"),
        ),
        [
            (row.unit.name, roles[Assignment.Role(row.role)], _day(row.asked_at), _day(row.due_at))
            for row in rows
        ],
    )
    texts: list[str | TableSpec] = [
        f"现将“{matter.title}”（编号：{matter.code}）转你单位办理。请按期办理并报送结果；不属本单位职责的，在规定时限内写明理由退回。",
        units,
        f"主要内容：{matter.text or matter.title}",
    ]
    return _document(matter, "事项交办单", texts, addressees=[row.unit.name for row in rows])


def _follow_up(matter: Matter, opened: Opened | None) -> OfficialDocument:
    result = matter.progress or "—"
    done = [row for row in matter.follow_ups.order_by("due_at") if row.done_at]
    rows = [
        ("编号", matter.code),
        ("标题", matter.title),
        ("来件人", reporter_words(matter, opened)),
        ("办理结果", result),
        *((f"{_day(row.done_at)}回访", f"{row.result}（{row.by_name}）") for row in done),
        ("是否解决", "□是　□否　□部分解决"),
        ("是否满意", "□满意　□基本满意　□不满意"),
        ("意见建议", "　"),
        ("是否愿意再次接受回访", "□愿意　□请不要再打"),
        ("回访人签名、日期", "　"),
    ]
    return _document(matter, "事项回访表", [_table(rows)])


def _index(matter: Matter, opened: Opened | None) -> OfficialDocument:
    """The papers of the matter in the order they came: forms, files, letters of its history."""
    files = Attachment.objects.filter(subject_type=SUBJECT, subject_id=matter.pk)
    files = files.select_related("document").order_by("created_at", "id")
    papers = [
        (row.document.title, _day(row.created_at), row.document.archive_number or "", "") for row in files
    ]
    papers += [
        (letter.title, f"{letter.issued_on:%Y-%m-%d}", "", letter.number_text)
        for letter in letters_of(matter.pk)
        if letter.issued_on
    ]
    registration = (f"{kind_of(matter).label.zh}登记表", _day(matter.received_at), "", "")
    papers = [registration, *sorted(papers, key=lambda paper: paper[1])]
    columns = (
        Column("序号", 14.0, "center"),
        Column("材料名称", 80.0),
        Column("日期", 30.0, "center"),
        Column("档号", 32.0, "center"),
        Column("备注", 20.0),
    )
    table = TableSpec("", columns, [(n, *paper) for n, paper in enumerate(papers, start=1)])
    words = f"编号：{matter.code}　　状态：{state_label(matter)}"
    return _document(matter, "卷内目录", [words, table], signer="", date=None, created=clock.today())


@dataclass(frozen=True)
class Printed:
    """One form: what it is called, and how it is made."""

    title: str
    make: Callable[[Matter, Opened | None], OfficialDocument]


FORMS: Mapping[str, Printed] = {
    "registration": Printed("登记表", _registration),
    "notice": Printed("告知书", _notice),
    "transfer": Printed("交办单", _transfer),
    "follow_up": Printed("回访表", _follow_up),
    "index": Printed("卷内目录", _index),
}
"""The forms in the order of a matter's way; official papers are Chinese whatever the page's language."""


def forms_of(matter: Matter, *, is_sent: bool | None = None) -> dict[str, str]:
    """The forms that make sense for a matter now: without a reporter no notice and no follow-up, before it was sent out
    no transfer slip. `is_sent` where that is known already."""
    has_reporter = kind_of(matter).reporter != "none"
    was_sent = matter.assignments.exists() if is_sent is None else is_sent
    needs = {"notice": has_reporter, "follow_up": has_reporter, "transfer": was_sent}
    return {code: form.title for code, form in FORMS.items() if needs.get(code, True)}
