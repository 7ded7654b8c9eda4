"""Tables: work plans, three lists, division-of-labour tables, as Word, Excel and CSV."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import docx
import xlsxwriter

from shiyu.reading.tests.factories import Row, sheet_bytes, word_bytes, word_table
from shiyu.reading.tests.genre import Case

MERGED_ROWS: list[Row] = [
    ["某市2024年重点工作推进计划表", "", "", "", "", "", ""],
    ["填报单位：市政府办公室", "", "", "", "", "填报时间：2024年1月10日", ""],
    ["", "", "", "", "", "", ""],
    ["序号", "重点任务", "工作举措", "责任单位", "", "完成时限", "备注"],
    ["", "", "", "牵头单位", "配合单位", "", ""],
    ["一、产业发展", "", "", "", "", "", ""],
    ["1", "壮大主导产业", "编制产业链图谱", "市工信局", "市发改委、市科技局", "2024年3月底", ""],
    ["", "", "引进链主企业2家", "市商务局\n市工信局", "各县区", "2024年12月", ""],
    ["2", "培育专精特新企业", "建立梯度培育库", "市工信局", "—", "持续推进", ""],
    ["二、城乡建设", "", "", "", "", "", ""],
    ["1", "实施城市更新", "改造老旧小区", "市住建局", "市财政局；市自然资源局", "2024.11", ""],
    ["注：各责任单位每月25日前报送进展。", "", "", "", "", "", ""],
]
MERGES = [
    (0, 0, 0, 6),
    (3, 0, 4, 0),
    (3, 1, 4, 1),
    (3, 2, 4, 2),
    (3, 3, 3, 4),
    (3, 5, 4, 5),
    (3, 6, 4, 6),
    (5, 0, 5, 6),
    (6, 0, 7, 0),
    (6, 1, 7, 1),
    (9, 0, 9, 6),
    (11, 0, 11, 6),
]
MERGED_EXPECTED = """
一/1 | 市工信局 | 市发改委、市科技局 | | 2024-03-31
一/1 #2 | 市商务局、市工信局 | | 各县区 | 2024-12-31
一/2 | 市工信局 | | | ongoing
二/1 | 市住建局 | 市财政局、市自然资源局 | | 2024-11-30
"""

ONE_COLUMN: list[Row] = [
    ["序号", "工作任务", "责任单位", "责任人", "完成时限"],
    ["1", "开展隐患排查", "牵头：市应急局\n配合：市住建局、市消防救援支队", "×××", "每月"],
    ["2", "推进数据共享", "牵头单位：市大数据局；责任单位：市直各部门", "×××", "6月30日"],
    ["3", "办好群众体育赛事", "市体育局、市教育局、市总工会、各区政府", "×××", "全年"],
    ["4", "清理拖欠账款", "市工信局牵头，市财政局、市国资委等配合", "×××", "年底前"],
    ["5", "做好防汛备汛", "市水利局（牵头）\n市应急局\n市气象局", "×××", "汛期前"],
]
ONE_COLUMN_EXPECTED = """
1 | 市应急局 | 市住建局、市消防救援支队 | | recurring month
2 | 市大数据局 | | 市直各部门 | 2023-06-30
3 | 市体育局 | 市教育局、市总工会 | 各区政府 | ongoing
4 | 市工信局 | 市财政局、市国资委 | | 2023-12-31
5 | 市水利局 | 市应急局、市气象局 | |
"""


def _one_column() -> bytes:
    return word_table(ONE_COLUMN, above=["2023年政府重点工作任务分解表"], below=["联系人：×××"])


THREE_LISTS: dict[str, Sequence[Row]] = {
    "问题清单": [
        ["问题清单", "", "", "", "", ""],
        ["序号", "问题表现", "责任单位", "整改措施", "整改时限", "整改责任人"],
        ["1", "台账不全", "县民政局", "逐项建立台账", "2023年5月底", "×××"],
        ["2", "宣传不够", "县司法局\n县融媒体中心", "开展集中宣传", "2023年6月15日前", "×××"],
    ],
    "任务清单": [
        ["编号", "目标任务", "完成时间", "主办单位", "协办单位"],
        ["R-01", "建成托位600个", "2023年10月", "县卫健局", "县教体局"],
        ["R-02", "新增停车位1000个", "2023年第四季度", "县城管局", "县自然资源局、各街道"],
    ],
    "责任清单": [
        ["单位", "职责任务", "完成时限"],
        ["县公安局", "整治交通秩序", "长期"],
        ["县交通局", "优化公交线路", "8月"],
    ],
    "填表说明": [["1.本表由县委办解释。"], ["2.每季度末更新。"]],
}
THREE_LISTS_EXPECTED = """
1 | 县民政局 | | | 2023-05-31
2 | 县司法局 | 县融媒体中心 | | 2023-06-15
R-01 | 县卫健局 | 县教体局 | | 2023-10-31
R-02 | 县城管局 | 县自然资源局 | 各街道 | 2023-12-31
| 县公安局 | | | ongoing
| 县交通局 | | | 2023-08-31
"""

REPEATED: list[Row] = [
    ["项目", "内容", "主要措施", "时限", "责任部门"],
    ["（一）", "简政放权", "", "", ""],
    ["1", "取消下放审批事项", "公布目录", "3月底", "市审批服务局"],
    ["2", "精简证明材料", "公布清单", "4月底", "市司法局 市审批服务局"],
    ["项目", "内容", "主要措施", "时限", "责任部门"],
    ["（二）", "加强监管", "", "", ""],
    ["1", "联合检查", "制定计划", "3月底", "市市场监管局及各行业主管部门"],
    ["2", "信用监管", "完善平台", "9月底", "市发改委（信用办）"],
]
REPEATED_EXPECTED = """
（一）/1 | 市审批服务局 | | | 2022-03-31
（一）/2 | 市司法局 | 市审批服务局 | | 2022-04-30
（二）/1 | 市市场监管局 | | 各行业主管部门 | 2022-03-31
（二）/2 | 市发改委（信用办） | | | 2022-09-30
"""

CSV_GBK = (
    "某县2023年度重点项目责任表,,,,\r\n序号,项目名称,建设单位,责任领导,计划完成时间\r\n"
    "1,县医院迁建,县卫健局,×××,2023年12月\r\n2,污水处理厂提标,县住建局、县环境分局,×××,2023/9/30\r\n"
    "3,产业园道路,开发区管委会,×××,2023-10\r\n"
)
CSV_EXPECTED = """
1 | 县卫健局 | | | 2023-12-31
2 | 县住建局 | 县环境分局 | | 2023-09-30
3 | 开发区管委会 | | | 2023-10-31
"""
TABBED = (
    "任务\t牵头部门\t参与部门\t时间节点\n完善应急预案\t应急管理办公室\t各科室\t2022年4月20日\n"
    "组织应急演练\t应急管理办公室\t安全科、后勤科\t每半年一次\n更新物资储备\t后勤科\t\t2022年上半年\n"
)
TABBED_EXPECTED = """
| 应急管理办公室 | | 各科室 | 2022-04-20
| 应急管理办公室 | 安全科、后勤科 | | recurring half-year
| 后勤科 | | | 2022-06-30
"""

CARDS: list[list[Row]] = [
    [
        ["任务名称", "建设智慧停车平台", "任务编号", "ZD-01"],
        ["牵头单位", "市城管局", "配合单位", "市公安局、市大数据局"],
        ["工作目标", "接入泊位2万个", "完成时限", "2023年11月底前"],
        ["具体措施", "1.摸清底数；2.建设平台；3.上线运行", "", ""],
    ],
    [
        ["任务名称", "新建口袋公园20个", "任务编号", "ZD-02"],
        ["牵头单位", "市园林局", "配合单位", "各区政府"],
        ["工作目标", "全部建成开放", "完成时限", "2023年12月"],
        ["具体措施", "分批实施", "", ""],
    ],
]
CARDS_EXPECTED = """
ZD-01 | 市城管局 | 市公安局、市大数据局 | | 2023-11-30
ZD-02 | 市园林局 | | 各区政府 | 2023-12-31
"""


def _cards() -> bytes:
    document = docx.Document()
    document.add_paragraph("2023年重点任务责任卡")
    for rows in CARDS:
        table = document.add_table(len(rows), 4)
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, value in zip(row.cells, texts, strict=True):
                cell.text = value
        table.cell(3, 1).merge(table.cell(3, 3)).text = rows[3][1]
        document.add_paragraph("")
    return word_bytes(document)


TALL_CARD: list[Row] = [
    ["某市领导包抓重点项目责任书", ""],
    ["项目名称", "轨道交通2号线一期"],
    ["包抓领导", "×××"],
    ["责任单位", "市轨道办、市发改委、沿线各区政府"],
    ["完成时间", "2025年12月31日前"],
    ["主要内容", "线路全长20公里"],
]
TALL_CARD_EXPECTED = "| 市轨道办 | 市发改委 | 沿线各区政府 | 2025-12-31"

MATRIX: list[Row] = [
    ["2024年专项行动任务分工矩阵", "", "", "", "", ""],
    ["序号", "工作任务", "市教育局", "市公安局", "市卫生健康委", "完成时限"],
    ["1", "校园周边治理", "主", "配", "", "6月底前"],
    ["2", "医疗秩序维护", "", "▲", "★", "全年"],
    ["3", "健康教育进校园", "牵头", "", "配合", "9月1日前"],
    ["说明：“主”“★”为牵头，“配”“▲”为配合。", "", "", "", "", ""],
]
MATRIX_EXPECTED = """
1 | 市教育局 | 市公安局 | | 2024-06-30
2 | 市卫生健康委 | 市公安局 | | ongoing
3 | 市教育局 | 市卫生健康委 | | 2024-09-01
"""
TICKS: list[Row] = [
    ["序号", "任务", "县民政局", "县财政局", "县残联", "各乡镇"],
    ["1", "发放补贴", "√", "√", "", "√"],
    ["2", "适配辅具", "", "", "√", ""],
]
TICKS_EXPECTED = """
1 | 县民政局 | 县财政局 | 各乡镇 |
2 | 县残联 | | |
"""


def _dates_and_numbers() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("分工")
    day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
    sheet.merge_range(0, 0, 0, 4, "某局2023年度工作分工")
    sheet.write_row(2, 0, ["序号", "工作事项", "牵头科室", "配合科室", "完成日期"])
    sheet.write_number(3, 0, 1)
    sheet.write_row(3, 1, ["编制预算", "财务科", "办公室、人事科"])
    sheet.write_datetime(3, 4, dt.datetime(2023, 5, 31), day)
    sheet.write_formula(4, 0, "=A4+1", None, 2)
    sheet.write_formula(4, 1, '=CONCATENATE("组织","培训")', None, "组织培训")
    sheet.write_row(4, 2, ["人事科", "各科室"])
    sheet.write_datetime(4, 4, dt.datetime(2023, 9, 30), day)
    sheet.set_row(4, None, None, {"hidden": True})
    sheet.write_string(5, 0, "3")
    sheet.write_row(5, 1, ["开展调研", "综合科", "", "2023年10月"])
    book.close()
    return buffer.getvalue()


DATES_EXPECTED = """
1 | 财务科 | 办公室、人事科 | | 2023-05-31
2 | 人事科 | | 各科室 | 2023-09-30
3 | 综合科 | | | 2023-10-31
"""


def _several_tables() -> bytes:
    """One table that Word broke in two, the second half without a header, under a paragraph."""
    document = docx.Document()
    document.add_paragraph("某镇2022年重点工作责任分工表")
    for rows in (
        [["序号", "工作任务", "责任单位", "完成时限"], ["1", "厕所革命", "农业农村办", "10月底"]],
        [["2", "道路硬化", "村镇建设办", "11月底"], ["3", "河道保洁", "水利站、各村", "常态化"]],
    ):
        table = document.add_table(len(rows), 4)
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, value in zip(row.cells, texts, strict=True):
                cell.text = value
        document.add_paragraph("（续表）" if rows[0][0] == "序号" else "")
    return word_bytes(document)


SEVERAL_EXPECTED = """
1 | 农业农村办 | | | 2022-10-31
2 | 村镇建设办 | | | 2022-11-30
3 | 水利站 | | 各村 | ongoing
"""

CATEGORY: list[Row] = [
    ["类别", "序号", "任务名称及要求", "牵头领导", "牵头单位(部门)", "责任单位", "完成时限(年月日)"],
    ["经济运行", "1", "稳定粮食生产。播种面积不低于60万亩。", "×××", "农业农村局", "各乡镇政府", "10月31日"],
    ["", "2", "扩大消费", "×××", "商务局", "文旅局 市场监管局", "12月31日"],
    ["社会治理", "3", "化解信访积案", "×××", "信访局", "县直有关单位，各乡镇政府", "随时"],
]
CATEGORY_EXPECTED = """
1 | 农业农村局 | | 各乡镇政府 | 2023-10-31
2 | 商务局 | 文旅局、市场监管局 | | 2023-12-31
3 | 信访局 | | 县直有关单位、各乡镇政府 |
"""

FIRST = frozenset({"first_leads"})
CASES = {
    "merged docx": Case(lambda: word_table(MERGED_ROWS, MERGES), "a.docx", MERGED_EXPECTED),
    "merged xlsx": Case(lambda: sheet_bytes({"计划": MERGED_ROWS}, MERGES), "a.xlsx", MERGED_EXPECTED),
    "one column": Case(_one_column, "a.docx", ONE_COLUMN_EXPECTED, FIRST | {"unclear_deadline"}),
    "three lists": Case(
        lambda: sheet_bytes(THREE_LISTS), "某县2023年清单.xlsx", THREE_LISTS_EXPECTED, FIRST
    ),
    "repeated header": Case(
        lambda: word_table(REPEATED, above=["某市2022年简政放权工作要点分工"]), "a.docx", REPEATED_EXPECTED, FIRST
    ),
    "gbk csv": Case(lambda: CSV_GBK.encode("gb18030"), "表.csv", CSV_EXPECTED, FIRST),
    "bom csv": Case(lambda: CSV_GBK.encode("utf-8-sig"), "表.csv", CSV_EXPECTED, FIRST),
    "tabbed": Case(lambda: TABBED, "", TABBED_EXPECTED),
    "cards": Case(_cards, "a.docx", CARDS_EXPECTED),
    "tall card": Case(lambda: sheet_bytes({"卡": TALL_CARD}), "a.xlsx", TALL_CARD_EXPECTED, FIRST),
    "matrix": Case(lambda: sheet_bytes({"表": MATRIX}, [(0, 0, 0, 5)]), "a.xlsx", MATRIX_EXPECTED),
    "ticks": Case(lambda: word_table(TICKS), "a.docx", TICKS_EXPECTED, FIRST),
    "dates": Case(_dates_and_numbers, "a.xlsx", DATES_EXPECTED, frozenset({"hidden_rows"})),
    "several tables": Case(_several_tables, "a.docx", SEVERAL_EXPECTED, None),
    "category": Case(
        lambda: word_table(CATEGORY, [(1, 0, 2, 0)], above=["某县2023年度目标任务分解表"]),
        "a.docx", CATEGORY_EXPECTED, frozenset({"unclear_deadline"}),
    ),
}  # fmt: skip
