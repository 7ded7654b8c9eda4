"""The minutes of a meeting as an official document: GB/T 9704 layout, editable, the place of the seal left free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import override

from shiyu.documents.archive import safe_name
from shiyu.documents.word import OfficialDocument, Paragraph, chinese_date, render_document
from shiyu.kernel.documents import fill
from shiyu.kernel.spec.documents import Template
from shiyu.meetings.models import Attendance, Decision, Meeting
from shiyu.meetings.queries.meetings import Point, attendances_of, points_of
from shiyu.packs.queries import current_pack
from shiyu.people.models import Unit

DOCUMENT = "meeting_minutes"


def minutes_file(meeting: Meeting) -> tuple[str, bytes]:
    """Name and content of the minutes in Word, whatever language the reader has chosen."""
    with override("zh-hans"):
        return f"{safe_name(meeting.title)}纪要.docx", render_document(minutes_of(meeting))


def minutes_of(meeting: Meeting) -> OfficialDocument:
    """The minutes: time, place and chair, who came, each point with its decisions."""
    attended, points = attendances_of(meeting), points_of(None, meeting)
    title, opening = _worded(meeting)
    paragraphs = [*opening, *_units(attended), *_points(points), *_others(meeting, points)]
    return OfficialDocument(
        title=title,
        paragraphs=paragraphs,
        signer=meeting.unit.name,
        date=meeting.held_on,
        copies=[row.unit.name for row in attended],
        issued_by=meeting.unit.name,
        issued_on=meeting.held_on,
    )


def _worded(meeting: Meeting) -> tuple[str, list[str]]:
    """Title and first paragraphs, by the kind's template; without one the plain facts."""
    pack, day = current_pack(), meeting.held_on
    names = {
        "office": pack.pack.office.zh,
        "city": pack.pack.name.zh,
        "date": chinese_date(day),
        "year": day.year,
        "month": day.month,
        "period": f"{day.year}年{day.month}月",
        "period_start": "",
        "period_end": "",
        "number": "",
        "signer": meeting.unit.name,
        "meeting": meeting.title,
        "meeting_date": chinese_date(day),
        "place": meeting.place or meeting.unit.name,
        "chair": meeting.chair or f"{meeting.unit.name}负责人",
    }
    kind = pack.meeting.get(meeting.kind)
    template: Template | None = pack.template.get((kind.documents if kind else {}).get(DOCUMENT, ""))
    if template is None:
        opening = "{{meeting_date}}，{{chair}}在{{place}}主持召开{{meeting}}。纪要如下："
        return f"{meeting.title}纪要", [fill(opening, names)]
    body = [fill(text, names).lstrip("# ") for text in template.body]
    return fill(template.title, names), [*body, *([meeting.minutes] if meeting.minutes else [])]


def _units(attended: Iterable[Attendance]) -> Iterator[str]:
    """Who came, by unit and post, in the order of protocol."""
    rows = list(attended)
    words = {
        Attendance.Came.PRESENT: "出席",
        Attendance.Came.REPRESENTED: "委派人员出席",
        Attendance.Came.ABSENT: "请假",
    }
    for came, word in words.items():
        named = [
            f"{row.unit.name}{f'（{row.post}）' if row.post else ''}" for row in rows if row.came == came
        ]
        if named:
            yield f"{word}：{'、'.join(named)}。"


def _points(points: Iterable[Point]) -> Iterator[str | Paragraph]:
    for point in points:
        yield Paragraph(point.title, level=1)
        if point.reasons:
            yield f"列入原因：{'；'.join(point.reasons)}。"
        if point.lower:
            yield f"{point.lower.meeting.title}议定：{_stopped(point.lower.text)}"
        if point.row.notes:
            yield point.row.notes
        yield from (_decided(row) for row in point.decisions)


def _others(meeting: Meeting, points: Iterable[Point]) -> Iterator[str | Paragraph]:
    """Decisions that belong to no point."""
    shown = {row.pk for point in points for row in point.decisions}
    decided = meeting.decisions.select_related("lead_unit").prefetch_related("supporting_units")
    rows = [row for row in decided.order_by("number") if row.pk not in shown]
    if rows:
        yield Paragraph("其他议定事项", level=1)
    yield from (_decided(row) for row in rows)


RULED = {
    "measure": "交办",
    "letter": "发函",
    "climb": "提级",
    "lift": "提请上级会商",
    "take_in_charge": "包案",
    "supervise": "挂牌督办",
    "watch": "列入关注清单",
    "unwatch": "移出关注清单",
    "no_action": "不采取措施",
}
"""What a decision on a matter is called in the minutes."""


def _decided(row: Decision) -> Paragraph:
    """A decision: its number, what kind it is where it is about a matter, its words, the unit and the day."""
    letter = current_pack().letter.get(row.letter_kind)
    ruled = f"{RULED.get(row.ruling, row.ruling)}：{letter.label.zh}" if letter else RULED.get(row.ruling, "")
    kind = f"（{ruled}）" if row.matter_id and ruled else ""
    return Paragraph(f"{_stopped(row.text)}{_given(row)}", lead=f"议定事项{row.number}{kind}。")


def _given(row: Decision) -> str:
    """Who has it and until when, in the words of its kind."""
    unit, day = row.lead_unit.name, chinese_date(row.due_on)
    post = f"（{row.post}）" if row.post else ""
    if row.ruling in ("watch", "take_in_charge") and row.due_on == row.meeting.held_on:
        return f"议定日期：{day}。"  # entered before a decision kept its day of review
    if row.ruling == "watch":
        measure = f"下步措施：{_stopped(row.next_measure)}" if row.next_measure else ""
        return f"{measure}跟进单位：{unit}{post}，复查日期：{day}。"
    if row.ruling == "take_in_charge":
        leader = f"包案领导：{row.post}，" if row.post else ""
        return f"{leader}议定单位：{unit}，复查日期：{day}。"
    if row.ruling in ("climb", "supervise", "unwatch", "no_action"):
        return f"议定单位：{unit}，议定日期：{day}。"
    names = "、".join(one.name for one in in_protocol(row.supporting_units.all()))
    supporting = f"配合单位：{names}，" if names else ""
    return f"责任单位：{unit}，{supporting}时限：{day}。"


def in_protocol(units: Iterable[Unit]) -> list[Unit]:
    """Units at hand in the order of protocol."""
    return sorted(units, key=lambda unit: (unit.protocol_order, unit.code))


def _stopped(text: str) -> str:
    """The text with a full stop at its end."""
    return text if text.endswith(("。", "！", "？", "；")) else f"{text}。"


def circulated_to(meeting: Meeting) -> list[Unit]:
    """The units the minutes go to: all that belong to the meeting, and those its decisions name."""
    named = Unit.objects.filter(attendances__meeting=meeting) | Unit.objects.filter(
        led_decisions__meeting=meeting
    )
    return list(named.exclude(pk=meeting.unit_id).distinct().by_protocol())  # type: ignore[attr-defined]
