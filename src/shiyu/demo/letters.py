"""Letters of the simulated half year: drafted, approved, issued, received, circulated, answered, sent back, withdrawn."""

from functools import partial
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from shiyu.demo.centres import Centres
from shiyu.documents.actions import store_document
from shiyu.kernel.actor import Actor
from shiyu.letters import actions
from shiyu.letters.models import Circulation, Letter, Reply
from shiyu.letters.queries import letter_in_pdf, number_to_come
from shiyu.lib import clock
from shiyu.matters.access import SUBJECT
from shiyu.matters.models import Matter
from shiyu.matters.queries.letters import letters_due
from shiyu.packs.queries import current_pack
from shiyu.people.models import Post, Unit

Row = dict[str, Any]


class Letters:
    """Plays each row of the material's `letters` from its first word to where it stands today."""

    def __init__(self, centres: Centres) -> None:
        self.agenda, self.cast = centres.agenda, centres.cast
        self.rows: list[Row] = centres.material.letters

    def schedule(self) -> None:
        """Each on its day, `began` workdays before the end."""
        for number, row in enumerate(self.rows):
            day = self.agenda.workday_before(int(row["began"]))
            self.agenda.at(self.agenda.moment(day, 9, 3 * number), partial(self._write, row))

    def _unit(self, code: str) -> Unit:
        if code not in self.cast.units:
            raise LookupError(f"seed/demo: no unit {code}")
        return self.cast.units[code]

    def _who(self, right: str, unit_id: UUID) -> Actor:
        actor = self.cast.who(right, unit_id)
        if actor is None:
            raise LookupError(f"seed/demo: nobody with {right} in {unit_id}")
        return actor

    def _write(self, row: Row) -> None:
        unit = self._unit(row["from"])
        head = self._who("letter.issue", unit.pk)
        about = (
            Matter.objects.filter(title=row.get("about", ""), is_open=True).order_by("-received_at").first()
        )
        words = {
            "kind": row["kind"],
            "unit_id": unit.pk,
            "title": row["title"],
            "body": row["text"],
            "recipients": [self._unit(code).pk for code in row["to"]],
            "copies": [self._unit(code).pk for code in row.get("copies", ())],
            "contact": row.get("contact", ""),
            "despite": row.get("despite", ""),
        }
        subject = (SUBJECT, about.pk) if about else None
        if not current_pack().letter[row["kind"]].formal:
            self._issued(actions.issue_letter(head, subject=subject, **words), row)
            return
        due = letters_due(head, about) if about else []
        deed = next((one.step_id for one in due if one.kind == row["kind"]), None)
        letter = actions.draft_letter(head, actions.Bound(subject=subject, occasion_id=deed), **words)
        if row.get("then") == "draft":
            return
        actions.submit_letter(head, letter.pk)
        if row.get("then") != "approval":
            self.agenda.after(0, partial(self._back, head, letter.pk, row), hour=15)

    def _back(self, head: Actor, letter_id: UUID, row: Row) -> None:
        """The formal file is back from the office's own document system."""
        letter = Letter.objects.select_related("unit").get(pk=letter_id)
        file = ContentFile(letter_in_pdf(letter), f"{letter.title}（正式文件，演示无印章）.pdf")
        document = store_document(head, kind="formal", upload=file, unit_id=letter.unit_id)
        number = number_to_come(letter)
        letter = actions.register_issue(
            head,
            letter.pk,
            number=number,
            issued_on=clock.today(),
            signer=row.get("signer", "主任"),
            formal_document=document,
        )
        self._issued(letter, row)

    def _issued(self, letter: Letter, row: Row) -> None:
        for code in row["received"] if "received" in row else row["to"]:
            self.agenda.after(1, partial(self._receive, letter.pk, code, row), hour=9)
        for reply in row.get("replies") or ():
            self.agenda.after(int(reply["after"]), partial(self._reply, letter, reply), hour=11)
        head = self._who("letter.issue", letter.unit_id)
        if "urged" in row:
            urge = partial(actions.urge_letter, head, letter.pk, words=row["urged"]["words"])
            self.agenda.after(int(row["urged"]["after"]), urge, hour=15)
        if "withdrawn" in row:
            self.agenda.after(
                int(row["withdrawn"]["after"]), partial(self._withdraw, letter.pk, row), hour=10
            )

    def _receive(self, letter_id: UUID, code: str, row: Row) -> None:
        if Letter.objects.get(pk=letter_id).state != Letter.State.ISSUED:
            return
        actor = self._who("matter.handle", self._unit(code).pk)
        actions.receive_letter(actor, letter_id, self._unit(code).pk)
        shown = [one for one in row.get("circulated", ()) if one["unit"] == code]
        if not shown:
            return
        posts = {post.code: post.pk for post in Post.objects.filter(code__in=[one["post"] for one in shown])}
        made = actions.circulate_letter(actor, letter_id, post_ids=list(posts.values()), note="请阅示。")
        for one in shown:
            if "word" in one:
                circulation = next(row for row in made or () if row.post_id == posts[one["post"]])
                self.agenda.after(0, partial(self._read, circulation.pk, one), hour=14)

    def _read(self, circulation_id: UUID, one: Row) -> None:
        post = Circulation.objects.select_related("post").get(pk=circulation_id).post
        holder = next((a for a in self.cast.actors if a.user_id in _holders(post)), None)
        if holder is not None:
            actions.read_circulated(holder, circulation_id, word=one["word"])

    def _reply(self, letter: Letter, row: Row) -> None:
        unit = self._unit(row["unit"])
        if row.get("by_letter"):
            self._answer(letter, unit, row)
            return
        actor = self._who("matter.handle", unit.pk)
        files = (
            [ContentFile(f"演示用材料：{row['file']}".encode(), f"{row['file']}.txt")]
            if "file" in row
            else []
        )
        asked = actions.reply_letter(actor, letter.pk, reply=row["text"], unit_id=unit.pk, files=files)
        reply = asked.replies.filter(verdict="").latest("replied_at")
        if "back" in row:
            self.agenda.after(1, partial(self._judge, letter, reply.pk, "sent_back", row["back"]), hour=9)
            again = {**row["again"], "unit": row["unit"]}
            self.agenda.after(int(again["after"]), partial(self._reply, letter, again), hour=11)
        elif row.get("accepted", True):
            self.agenda.after(1, partial(self._judge, letter, reply.pk, "accepted", ""), hour=9)

    def _answer(self, letter: Letter, unit: Unit, row: Row) -> None:
        head = self._who("letter.issue", unit.pk)
        kind = next(code for code, one in current_pack().letter.items() if one.use == "reply")
        bound = actions.Bound(answers_id=letter.recipients.get(unit=unit).pk)
        made = actions.draft_letter(
            head,
            bound,
            kind=kind,
            unit_id=unit.pk,
            title=f"关于{letter.number_text}的复函",
            body=row["text"],
            recipients=[letter.unit_id],
        )
        actions.submit_letter(head, made.pk)
        self._back(head, made.pk, {"to": []})

    def _judge(self, letter: Letter, reply_id: UUID, verdict: str, reason: str) -> None:
        if Reply.objects.filter(pk=reply_id, verdict="").exists():
            head = self._who("letter.issue", letter.unit_id)
            actions.judge_reply(head, reply_id, verdict=verdict, reason=reason)

    def _withdraw(self, letter_id: UUID, row: Row) -> None:
        letter = Letter.objects.get(pk=letter_id)
        head = self._who("letter.issue", letter.unit_id)
        made = actions.withdraw_letter(head, letter_id, reason=row["withdrawn"]["reason"])
        actions.submit_letter(head, made.pk)
        self._back(head, made.pk, {"to": row["to"]})


def _holders(post: Post) -> set[UUID]:
    """Who holds a post."""
    return set(post.appointments.filter(valid_to=None).values_list("user_id", flat=True))
