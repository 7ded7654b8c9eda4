"""Why a file is not read: one sentence each, saying what to do. Never a word of the file's content."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "empty": (
        "The file has no text in it; check that the right file was chosen and saved.",
        "文件里没有文字内容，请确认选对了文件并已保存后重新上传。",
    ),
    "too_big": (
        "The file is larger than 20 MB; take out pictures or split it, then hand it in again.",
        "文件超过20MB，请删去图片或拆分后重新上传。",
    ),
    "pdf": (
        "This is a PDF or a scan, from which tasks cannot be read reliably; hand in the Word or Excel "
        "original.",
        "这是PDF或扫描件，无法可靠识别任务，请上传Word或Excel原件。",
    ),
    "scan": (
        "The document holds pictures only, probably a scan; hand in the Word or Excel original.",
        "文档里只有图片，可能是扫描件，请上传Word或Excel原件。",
    ),
    "password": (
        "The file is protected by a password; remove it in Word or WPS and hand the file in again.",
        "文件设有打开密码，请在Word或WPS中取消密码后重新上传。",
    ),
    "wrong_type": (
        "The file's content does not fit its extension; open it and save it as .docx or .xlsx.",
        "文件内容与扩展名不符，请打开后另存为.docx或.xlsx再上传。",
    ),
    "unsupported": (
        "This kind of file cannot be read; hand in .docx, .xlsx or .csv, or paste the text.",
        "不支持这种文件，请上传.docx、.xlsx或.csv，或直接粘贴文字。",
    ),
    "bomb": (
        "The file unpacks to far more than it should; copy its text into a new document and hand that in.",
        "文件解压后大小异常，请把内容复制到新建文档后重新上传。",
    ),
    "external": (
        "The file loads things from outside (template, linked object or data); break these links and "
        "save it again.",
        "文件引用了外部内容（模板、链接对象或外部数据），请断开链接后另存再上传。",
    ),
    "entities": (
        "The file contains definitions an office file does not need; save it again in Word, Excel or WPS.",
        "文件含有正常公文不应有的实体定义，请用Word、Excel或WPS另存后重新上传。",
    ),
    "macros": (
        "The file contains macros; save it as .docx or .xlsx without macros and hand that in.",
        "文件含有宏，请另存为不含宏的.docx或.xlsx后重新上传。",
    ),
    "no_task_column": (
        "No column for the task was found; name one in the header row, for example “工作任务”, and "
        "hand it in again.",
        "表格中没有找到任务列，请在表头写明任务列（如“工作任务”）后重新上传。",
    ),
    "secret": (
        "The file carries a secrecy mark; it may not be handled here and nothing of it was kept.",
        "文件带有密级标志，不得在本系统处理，系统未保留其任何内容。",
    ),
    "no_converter": (
        "Old formats need LibreOffice, which is not installed here; open the file and save it as "
        ".docx or .xlsx.",
        "旧格式文件需要转换，本机未安装LibreOffice，请打开后另存为.docx或.xlsx再上传。",
    ),
    "not_converted": (
        "The file could not be converted; open it and save it as .docx or .xlsx.",
        "文件转换失败，请打开后另存为.docx或.xlsx再上传。",
    ),
    "damaged": (
        "The file is damaged and cannot be read; open it, save it again and hand that in.",
        "文件已损坏，无法读取，请打开后重新保存再上传。",
    ),
    "too_wide": (
        "The sheet spreads over too many cells; delete the empty rows and columns and save it again.",
        "工作表范围过大，请删除多余的空行空列后保存再上传。",
    ),
}


class Refused(Exception):
    """A file that is not read. `code` names the reason; `text_en` and `text_zh` are one sentence each."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.text_en, self.text_zh = SENTENCES[code]
        super().__init__(self.text_en)
