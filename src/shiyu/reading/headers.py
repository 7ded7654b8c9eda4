"""Words that head a table's column or a labelled responsibility → the role of what stands there."""

from __future__ import annotations

import re

_WORDS: dict[str, str] = {
    "number": "序号 编号 项号 任务序号 任务编号 no 号 序",
    "category": "类别 分类 工作类别 任务类别 领域 板块 任务领域 一级任务 项目类别 重点领域 工作领域 "
    "方面 大类 类型 任务分类",
    "task": "任务事项 重点任务 工作任务 任务 事项 目标任务 主要任务 工作事项 任务名称 项目名称 "
    "重点工作 重点工作任务 重点事项 "
    "工作项目 重点任务事项 任务项目 项目 重点项目 任务清单 整改任务 督查事项 督办事项 议定事项 "
    "改革任务 改革事项 重要任务 主要工作任务 "
    "重点任务名称 工作名称 年度重点任务 年度任务 年度工作任务 责任事项 交办事项 重点改革任务 任务分解 "
    "考核项目 考核指标 指标 指标名称 "
    "具体事项 民生实事 实事项目 条款 政策措施 清单事项 工作 目标任务内容 二级任务 三级任务",
    "detail": "重点工作内容 工作内容 任务内容 具体任务 具体内容 主要内容 内容 具体工作 重点任务内容 "
    "主要工作 工作任务内容 任务描述 "
    "主要工作内容 具体工作内容 具体工作任务 建设内容 事项内容 考核内容 整改内容 细化任务 分解任务 "
    "任务具体内容 项目内容 主要建设内容",
    "measures": "工作要求 具体措施 工作措施 主要措施 落实措施 推进措施 举措 措施 整改措施 工作举措 "
    "具体举措 主要举措 要求 具体要求 任务要求 "
    "落实举措 工作标准 推进举措 实施路径 方法步骤 工作步骤 推进计划 落实要求 任务措施 工作目标及措施 "
    "完成措施",
    "target": "目标 年度目标 完成标志 工作目标 目标要求 预期目标 成果形式 预期成效 完成目标 达到目标 "
    "目标值 完成标准 任务目标 年度目标任务 "
    "预期成果 标志性成果 成果 阶段目标 阶段性目标 全年目标 工作成效 指标值 验收标准 年度工作目标 成果体现 "
    "整改目标",
    "lead": "牵头单位 主办 主办单位 牵头部门 牵头责任单位 牵头 主责单位 牵头负责单位 第一责任单位 "
    "主办部门 主责部门 牵头单位部门 牵头部门单位 "
    "主要责任单位 总牵头单位 牵头责任部门 主要牵头单位 主责 市级牵头单位 县级牵头单位 省级牵头单位 "
    "市级牵头部门 牵头市直单位 主牵头单位 "
    "共同牵头单位 牵头处室 牵头科室",
    "responsible": "责任单位 责任部门 责任主体 负责单位 负责部门 实施单位 责任单位部门 责任部门单位 "
    "落实单位 承办单位 承办 承办部门 组织单位 "
    "责任单位及部门 责任处室 具体责任单位 整改责任单位 整改单位 任务单位 负责 分工单位 分工 职责分工 "
    "任务分工 责任分工 单位 部门 落实部门 "
    "实施主体 建设单位 完成单位 牵头及责任单位 牵头责任及配合单位 责任 部门单位 单位部门 "
    "牵头及配合单位 牵头配合单位 牵头单位及配合单位 "
    "牵头单位和配合单位 牵头单位配合单位 主办协办单位 主协办单位 承办落实单位 责任单位名称 承接单位 "
    "落实责任单位",
    "supporting": "配合单位 协办 协办单位 参与单位 配合部门 协办部门 参加单位 责任配合单位 协同单位 "
    "配合责任单位 支持单位 参与部门 参加部门 配合 "
    "协助单位 参与 协同部门 配合单位部门 配合部门单位 协作单位 协同配合单位 参与配合单位 协同责任单位 "
    "参加 协助部门 主要配合单位 "
    "配合及参与单位 其他责任单位 会办单位 会办 协同 配合科室 配合处室 参建单位 联办单位 其他单位",
    "leader": "责任领导 牵头领导 分管领导 牵头市领导 市级领导 挂包领导 包抓领导 联系领导 市领导 "
    "县领导 区领导 牵头县领导 分管市领导 分管县领导 "
    "领导 市级责任领导 县级责任领导 牵头责任领导 主要责任领导 市级牵头领导 县级牵头领导 分管负责人 "
    "责任市领导 包联领导 督办领导",
    "person": "责任人 联系人 负责人 具体责任人 第一责任人 直接责任人 经办人 联络员 责任人员 "
    "具体负责人 责任人及职务 责任人及联系电话 责任人姓名 "
    "联系人及电话 联系方式 联系电话 具体联系人 承办人",
    "office": "责任科室 承办科室 责任股室 承办处室 科室 股室 责任科 具体责任科室 责任股 负责科室",
    "start": "开始时间 启动时间 起始时间 开工时间 交办时间 开始日期 计划开始时间 起始日期 下达时间",
    "deadline": "完成时限 要求完成时间 完成时间 时限 时间要求 办结时限 时间节点 完成日期 完成期限 "
    "时限要求 计划完成时间 截止时间 截止日期 工作时限 整改时限 "
    "预计完成时间 办理时限 完成时间节点 期限 任务时限 推进时限 落实时限 时间安排 时间 进度要求 "
    "完成时间要求 要求完成时限 计划完成时限 "
    "结束时间 完成节点 整改期限 时间进度 进度安排 完成时间及要求",
    "progress": "整改状态 进度情况 进展 进展情况 工作进展 落实情况 完成情况 推进情况 进度 目前进展 当前进展 "
    "本月进展 办理情况 整改情况 工作进度 "
    "累计完成情况 进度状态 工作进展情况 完成进度 最新进展 推进落实情况 办理结果 整改进展",
    "note": "备注 说明 备考 注 其他 附注",
    "score": "分值 分数 权重 考核分值 得分 标准分 分值权重 基础分 计分",
    "problem": "存在问题 问题 困难问题 存在的问题 存在困难 存在的困难和问题 需协调事项 需协调解决问题 "
    "需协调问题 下步措施 下一步措施 下步打算 "
    "下一步工作 下一步工作打算 佐证材料 问题描述 问题表现 具体问题",
}
_ROLE = {word: role for role, words in _WORDS.items() for word in words.split()}
RESPONSIBILITY = {"lead", "responsible", "supporting"}
LABELS = RESPONSIBILITY | {"leader", "person", "office", "deadline"}
TASK_ROLES = ("task", "detail", "measures")
_FALLBACK = (
    (re.compile(r"(?:牵头|主办|主责)[^配合参与协]{0,6}(?:单位|部门)$"), "lead"),
    (re.compile(r"(?:配合|协办|参与|协同|协助)[^牵头]{0,4}(?:单位|部门)$"), "supporting"),
    (re.compile(r"责任[^人]{0,4}(?:单位|部门)$"), "responsible"),
    (re.compile(r"(?:完成|办结|整改|落实)(?:时限|时间|期限)$"), "deadline"),
    (re.compile(r"(?:牵头|责任|分管|包联|市级|县级)[^人]{0,4}领导$"), "leader"),
    (re.compile(r"(?:时限|期限|时间节点|时间安排|时间要求|时间表|完成日期|办结日期)$"), "deadline"),
    (re.compile(r"(?:举措|措施)$"), "measures"),
    (re.compile(r"(?:目标|成效|成果)$"), "target"),
    (re.compile(r"(?:进展|进度|落实|完成)情况$"), "progress"),
    (re.compile(r"(?:任务|事项)(?:内容|名称)?$"), "task"),
)


def plain_header(text: str) -> str:
    """A header's words without spaces, units of measure, notes in brackets, colons."""
    words = re.sub(r"\s+", "", text)
    shorter = re.sub(r"[（(][^（）()]*[）)]", "", words)
    words = shorter or words
    return re.sub(r"[：:/／、|*＊★.。\-—及和]+$|^[*＊★]+", "", words).lower()


def header_role(text: str) -> str:
    """The role of a column with this header, "" when it is none we know."""
    words = plain_header(text)
    if not words or len(words) > 16:
        return ""
    joined = re.sub(r"[/／、|和及与]", "", words)
    if words in _ROLE or joined in _ROLE:
        return _ROLE.get(words) or _ROLE[joined]
    # "任务名称及要求" is first of all the task
    first = re.split(r"[/／、|和及与]", words)[0]
    if len(first) > 1 and _ROLE.get(first, "") not in ("", "number"):
        return _ROLE[first]
    return next((role for pattern, role in _FALLBACK if pattern.search(words)), "")


def label_role(text: str) -> str:
    """The role of a label before a colon in running words, "" when it is none of a responsibility."""
    words = plain_header(text)
    joined = re.sub(r"[/／、|和及与]", "", words)
    role = _ROLE.get(words) or _ROLE.get(joined) or ""
    if not role and len(words) <= 8:
        role = next((one for pattern, one in _FALLBACK if pattern.search(words)), "")
    return (
        role
        if role in LABELS and words not in ("单位", "部门", "时间", "领导", "负责", "责任", "参加", "分工")
        else ""
    )
