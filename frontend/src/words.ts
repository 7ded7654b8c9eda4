/** The few words the scripts themselves say. Everything else comes from the server, translated there. */
const WORDS = {
  zh: {
    kept: "草稿已存在本机", notKept: "本机存储已满，草稿未能保存", takeDraft: "恢复草稿", dropDraft: "丢弃",
    draftFrom: "本机有未提交的草稿：", chosen: "已选{n}项", full: "看完整表格", cards: "看卡片", table: "看表格",
    pickFilter: "输入名称查找", pickNone: "没有符合的名称", pickMore: "另有{n}项，请输入名称查找",
    chooseFile: "选择文件", chooseFiles: "选择文件（可多选）", noFile: "未选文件", copied: "已复制", notCopied: "请手动复制", calendar: "选日期",
  },
  en: {
    kept: "Draft kept in this browser", notKept: "The browser's store is full: the draft was not kept",
    takeDraft: "Take it back", dropDraft: "Discard", draftFrom: "There is an unsent draft here from",
    chosen: "{n} chosen", full: "Show the full table", cards: "Show as cards", table: "Show the table",
    pickFilter: "Type to find", pickNone: "No such name", pickMore: "{n} more: type to find them",
    chooseFile: "Choose a file", chooseFiles: "Choose files", noFile: "No file chosen", copied: "Copied", notCopied: "Copy it by hand", calendar: "Calendar",
  },
};
export type Word = keyof (typeof WORDS)["zh"];

export function word(key: Word, n?: number, lang: string = document.documentElement.lang): string {
  const words = lang.toLowerCase().startsWith("zh") ? WORDS.zh : WORDS.en;
  return words[key].replace("{n}", String(n ?? ""));
}
