"""Words of time → a dated, ongoing or recurring deadline. Days are ISO, the last day allowed."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, replace

from shiyu.reading.result import Deadline

# same length, so that places in the text stay right
_NARROW = str.maketrans("０１２３４５６７８９．／－", "0123456789./-")
_QUARTER = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_EVERY = {
    "年度": "year",
    "年": "year",
    "半年": "half-year",
    "季度": "quarter",
    "季": "quarter",
    "月度": "month",
    "月": "month",
    "周": "week",
    "星期": "week",
    "日": "day",
    "天": "day",
}
_RANGE = r"(?:\s*[-—–~～至到]+\s*)"
_REL = r"(?:今年|本年度?|当年|明年|次年)"
_DATE = re.compile(
    r"(?P<cue>截至|到|至|于)?\s*(?:"
    r"(?P<iso>20\d\d[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?)"
    r"|(?P<compact>20\d{6})(?!\d)"
    rf"|(?P<y0>20\d\d)年?{_RANGE}(?P<y1>20\d\d)\s*年(?P<yend>底|末)?"
    rf"|(?:(?:(?P<y_1>20\d\d)\s*年|{_REL})\s*)?(?:\d{{1,2}}月?{_RANGE})?(?P<m>1[0-2]|0?[1-9])\s*月(?P<d>[0-3]?\d)\s*日"
    rf"|(?:(?:(?P<y_2>20\d\d)\s*年|{_REL})\s*)?(?:\d{{1,2}}月?(?:份|底)?{_RANGE})?(?P<m2>1[0-2]|0?[1-9])\s*月\s*(?P<part>底|末|份|上旬|中旬|下旬)?"
    rf"|(?:(?:(?P<y_3>20\d\d)\s*年|{_REL})\s*)?第?(?P<q>[一二三四1-4])\s*季度(?:底|末)?"
    rf"|(?:(?:(?P<y_4>20\d\d)\s*年|{_REL})\s*)?(?P<half>上半年|下半年)"
    r"|[“\"]?(?P<five>十[三四五六]五)[”\"]?(?:规划)?(?:期间|时期|期末|末)"
    r"|(?P<ym>20\d\d)[-/.](?P<mm>1[0-2]|0?[1-9])(?!\d)"
    r"|(?P<ye>20\d\d)\s*年\s*(?P<yq>年?底|年?末|内|全年)?"
    r"|(?P<thisyear>(?:今年|本年|当年|明年|次年)?年?(?:年底|年末)|年内|(?:今|明|本|当)年(?:底|末|内))"
    r")(?P<before>\s*(?:之前|以前|前))?"
)
_ONGOING_WORDS = (
    "长期坚持|长期推进|长期实施|长期落实|长期开展|长期|持续推进|持续开展|持续实施|持续落实|持续深化|持续|常态化推进|"
    "常态化开展|常态化|常态|经常性工作|经常性|贯穿全年|全年推进|全年|日常工作|日常|坚持经常"
)
_ONGOING = re.compile(_ONGOING_WORDS)
_ONGOING_PROSE = re.compile(
    r"(?:^|(?<=[，,；;。（(、\s]))(?:并|要|须)?"
    r"(长期坚持|长期推进|持续推进|常态化推进|常态化开展|持续开展|长期实施|贯穿全年|全年推进)(?=[。；;）)\s]|$)"
)
_RECURRING = re.compile(
    r"(?:每|按|逐)\s*(?P<every>半年|季度|季|年度|月度|年|月|周|星期|日|天)(?P<rest>[^，,。；;]{0,8}?(?:底|末|日|月)?前)?"
)
# bound to something that happens: no day, but a deadline all the same
_EVENT = re.compile(
    r"(?:汛期|主汛期|春节|国庆|中秋|五一|元旦|两会|开学|入冬|供暖季?|采暖季|节假?日?|换届|验收|考核|迎检|会议召开)"
    r"(?:之)?前|(?:立行立改|即知即改|立即整改|即时|随时|本月内?底?前?|近期|尽快)$"
)
_ROUND = re.compile(r"[^，,。；;]{0,12}")
_UNITS_END = re.compile(r"(?:局|委|办|厅|部|中心|单位|部门|政府)(?:负责|牵头|配合)?$")
_WILL_BE = re.compile(
    r"(?:底|末)?(?:基本|全部|全面|力争)?(?:完成|建成|印发|出台|竣工|投用|投入使用|办结)(?![了的过])"
)
_DONE = re.compile(r"[^。；;]{0,12}(?:完成|办结|建成|达到|实现|到位|投用|出台|印发|取得)")


@dataclass(frozen=True)
class Found:
    """A deadline in a text, with its place and whether it needs a second look."""

    deadline: Deadline
    start: int
    end: int
    doubt: str = ""


def parse_deadline(text: str, year: int | None) -> tuple[Deadline, str]:
    """A cell or labelled value → (deadline, doubt code or ""). `year` is used where the words name none.

    With several dates the one said to be the completion wins, else the last, and that is doubted.
    """
    said = " ".join(text.split())
    deadline, doubt = _parse(said.translate(_NARROW), year)
    return replace(deadline, text=said), doubt


def _parse(words: str, year: int | None) -> tuple[Deadline, str]:
    if not words:
        return Deadline(), ""
    recurring = _RECURRING.search(words)
    if recurring and not words[: recurring.start()].strip("，, "):
        return Deadline("recurring", None, words, _EVERY[recurring.group("every")]), ""
    # "2023年起每年调整" begins then, it does not end
    dates = [one for one in _dates(words, year) if not words[one.end :].startswith(("起", "开始"))]
    if dates:
        last = next((one for one in reversed(dates) if _DONE.match(words, one.end)), dates[-1])
        doubt = last.doubt or ("several_dates" if len({one.deadline.date for one in dates}) > 1 else "")
        return Deadline(last.deadline.kind, last.deadline.date, words), doubt
    if recurring:
        return Deadline("recurring", None, words, _EVERY[recurring.group("every")]), ""
    if _ONGOING.search(words):
        return Deadline("ongoing", None, words), ""
    return Deadline("none", None, words), "unclear_deadline"


def is_deadline(text: str) -> bool:
    """Whether the words are a deadline and nothing else ("2022年12月底前完成", "长期坚持")."""
    words = text.strip(" 　。；;，,").translate(_NARROW)
    if _EVENT.fullmatch(words.removesuffix("完成").removesuffix("基本")):
        return True
    every = _RECURRING.match(words)
    if every and _ROUND.fullmatch(words, every.end()) and not _UNITS_END.search(words):
        return True
    for pattern in (_RECURRING, _DATE, _ONGOING):
        found = pattern.match(words)
        rest = words[found.end() :] if found else ""
        if (
            found
            and found.end()
            and re.fullmatch(
                r"(?:基本|全部|全面|持续)?(?:完成|办结|落实|到位|建成|推进|实施|(?:取得|出台|印发|制定|启动)[^，]{0,12})?",
                rest,
            )
        ):
            return True
    return False


def find_in_prose(text: str, year: int | None) -> tuple[Found | None, str]:
    """The deadline a running text states, if it states exactly one; else None and a doubt code.

    Only clear words count: a date with 前 or 到 before it, 年内, 每季度, a sentence ending in 长期坚持.
    """
    text = text.translate(_NARROW)
    dates = [one for one in _dates(text, year) if _is_clear(text, one)]
    recurring = [_recurring(found) for found in _RECURRING.finditer(text) if _is_clear_recurring(found)]
    dates = [one for one in dates if not any(r.start <= one.start < r.end for r in recurring)]
    for group in (dates, recurring):
        if group:
            if len({(one.deadline.date, one.deadline.every) for one in group}) > 1:
                return None, "several_dates"
            return group[0], group[0].doubt
    ongoing = _ONGOING_PROSE.search(text)
    if ongoing:
        return Found(Deadline("ongoing", None, ongoing.group(1)), ongoing.start(1), ongoing.end(1)), ""
    return None, ""


def _is_clear(text: str, one: Found) -> bool:
    words = text[one.start : one.end]
    if words.endswith("前") or re.search(r"(?:年内|年底|年末)$", words):
        return True
    if _WILL_BE.match(text, one.end):
        return True
    return words.startswith(("到", "截至")) and bool(
        re.match(r"[，,]|底|末|基本|全面|全市|全县|力争|实现|建成", text[one.end :])
    )


def _is_clear_recurring(found: re.Match[str]) -> bool:
    if not found.group().startswith("每"):
        return False
    return found.group("every") not in ("年", "年度", "日", "天") or bool(found.group("rest"))


def _recurring(found: re.Match[str]) -> Found:
    deadline = Deadline("recurring", None, found.group(), _EVERY[found.group("every")])
    return Found(deadline, found.start(), found.end())


def _dates(text: str, year: int | None) -> list[Found]:
    found: list[Found] = []
    known = year
    for match in _DATE.finditer(text):
        if text[: match.start()].endswith("每") or not match.group().strip():
            continue
        stated = _stated_year(match)
        # "2022年6月底前启动，12月底前完成": the year said once holds for the dates after it
        known = stated or known
        day, doubt = _day(match, known, year)
        kind = "date" if day else "none"
        found.append(Found(Deadline(kind, day, match.group().strip()), match.start(), match.end(), doubt))
    return found


def _stated_year(match: re.Match[str]) -> int | None:
    for key in ("y", "y1", "ym", "ye"):
        for name, value in match.groupdict().items():
            if value and (name == key or re.fullmatch(rf"{key}_\d", name)):
                return int(value)
    return None


def _day(match: re.Match[str], year: int | None, base: int | None) -> tuple[str | None, str]:
    part = match.groupdict()
    if part["iso"] or part["compact"]:
        digits = (
            re.findall(r"\d+", part["iso"] or "") or re.findall(r"(\d{4})(\d\d)(\d\d)", part["compact"])[0]
        )
        return _iso(*(int(one) for one in digits[:3]))
    if part["y1"] or part["ye"]:
        return _iso(int(part["y1"] or part["ye"]), 12, 31)
    if part["five"]:
        # five-year plans end with the years 2020, 2025, 2030, 2035
        return _iso(2020 + 5 * "三四五六".index(part["five"][1]), 12, 31)
    if part["ym"]:
        return _month_end(int(part["ym"]), int(part["mm"]))
    relative = match.group()
    if re.search(r"明年|次年", relative):
        year = base + 1 if base else None
    elif re.search(r"今年|本年|当年", relative):
        year = base
    if year is None:
        return None, "no_year"
    return _day_in_year(part, year)


def _day_in_year(part: dict[str, str | None], year: int) -> tuple[str | None, str]:
    if part["m"]:
        return _iso(year, int(part["m"]), int(part["d"] or 0))
    if part["m2"]:
        month, third = int(part["m2"]), part["part"]
        if third in ("上旬", "中旬"):
            return _iso(year, month, 10 if third == "上旬" else 20)
        # "12月前" may mean before the month begins; offices mostly mean within it
        doubt = "before_month" if part["before"] and not third else ""
        day, wrong = _month_end(year, month)
        return day, wrong or doubt
    if part["q"]:
        return _month_end(year, 3 * _QUARTER[part["q"]])
    if part["half"]:
        return _month_end(year, 6 if part["half"] == "上半年" else 12)
    return _iso(year, 12, 31)


def _month_end(year: int, month: int) -> tuple[str | None, str]:
    return _iso(year, month, calendar.monthrange(year, month)[1])


def _iso(year: int, month: int, day: int) -> tuple[str | None, str]:
    try:
        return dt.date(year, month, day).isoformat(), ""
    except ValueError:
        return None, "impossible_date"
