import { describe, expect, it } from "vitest";
import { heightFor, optionFor, parseData, urlAt, type ChartData } from "./chart-options";
import { collect, draftKey, keep, MAX_AGE, recall, type Store } from "./drafts";
import { offsets } from "./frozen";
import { step } from "./grid";
import { importAction, isTyping, nextIndex, nextRow, rowAction } from "./keys";
import { plainDay } from "./natives";
import { chosenFirst, isMatch, shortOf } from "./picker";
import { nextPoll, progressOf } from "./progress";
import { word } from "./words";

const memory = (): Store & { rows: Map<string, string> } => {
  const rows = new Map<string, string>();
  return {
    rows,
    getItem: (k) => rows.get(k) ?? null,
    setItem: (k, v) => void rows.set(k, v),
    removeItem: (k) => void rows.delete(k),
  };
};

describe("picker", () => {
  it("finds a name by every typed word, whatever their order and case", () => {
    expect(isMatch("市住房和城乡建设局", "住房")).toBe(true);
    expect(isMatch("市住房和城乡建设局", "建设 住房")).toBe(true);
    expect(isMatch("市住房和城乡建设局", "")).toBe(true);
    expect(isMatch("Housing Bureau", "bureau h")).toBe(true);
    expect(isMatch("市住房和城乡建设局", "公安")).toBe(false);
  });

  it("shows the chosen ones first and keeps the order otherwise", () => {
    expect(chosenFirst([false, true, false, true])).toEqual([1, 3, 0, 2]);
    expect(chosenFirst([])).toEqual([]);
  });

  it("says a clause by its number, a unit by its name", () => {
    expect(shortOf("1.1.1 市委每半年专题研究一次市域社会治理，议定事项形成清单并跟踪落实")).toBe("1.1.1");
    expect(shortOf("市住房和城乡建设局")).toBe("市住房和城乡建设局");
  });
});

describe("drafts", () => {
  it("keeps text and ticks, never passwords, tokens or files", () => {
    const values = collect([
      { name: "text", value: "整改情况", type: "textarea" },
      { name: "csrfmiddlewaretoken", value: "t", type: "hidden" },
      { name: "password", value: "p", type: "password" },
      { name: "file", value: "C:\\a.docx", type: "file" },
      { name: "a", value: "1", type: "checkbox", checked: true },
      { name: "a", value: "2", type: "checkbox", checked: false },
      { name: "a", value: "3", type: "checkbox", checked: true },
    ]);
    expect(values).toEqual({ text: ["整改情况"], a: ["1", "3"] });
  });
  it("gives a draft back, but not one that is too old or damaged", () => {
    const store = memory();
    const key = draftKey("7", "/reports/2026-10/", "0");
    keep(store, key, { text: ["x"] }, 1000);
    expect(recall(store, key, 2000)?.values).toEqual({ text: ["x"] });
    expect(recall(store, key, 1000 + MAX_AGE + 1)).toBeNull();
    expect(store.rows.size).toBe(0);
    store.setItem(key, "{");
    expect(recall(store, key, 0)).toBeNull();
  });
  it("keeps two persons at one computer apart", () => {
    expect(draftKey("1", "/a/", "0")).not.toBe(draftKey("2", "/a/", "0"));
  });
  it("says when the store is full", () => {
    const full = { ...memory(), setItem: () => { throw new Error("QuotaExceededError"); } };
    expect(keep(full, "k", {}, 0)).toBe(false);
  });
});

describe("keys", () => {
  it("leaves typing, shortcuts and input methods alone", () => {
    expect(isTyping({ key: "/", target: { tagName: "TEXTAREA" } })).toBe(true);
    expect(importAction({ key: "c", ctrlKey: true })).toBeNull();
    expect(importAction({ key: "y", isComposing: true })).toBeNull();
    expect(importAction({ key: "Y", target: { tagName: "BODY" } })).toBe("accept");
    expect(importAction({ key: "q" })).toBeNull();
  });
  it("finds the next doubt round the end", () => {
    const doubts = [1, 4];
    const is = (i: number): boolean => doubts.includes(i);
    expect(nextIndex(1, 6, is)).toBe(4);
    expect(nextIndex(4, 6, is)).toBe(1);
    expect(nextIndex(1, 6, (i) => i === 1)).toBe(1);
    expect(nextIndex(0, 6, () => false)).toBe(-1);
  });
});

describe("rows", () => {
  it("moves, opens, chooses and helps, never while somebody types", () => {
    expect(rowAction({ key: "j" })).toBe("next");
    expect(rowAction({ key: "K" })).toBe("previous");
    expect(rowAction({ key: "ArrowDown" })).toBe("next");
    expect(rowAction({ key: "Enter" })).toBe("open");
    expect(rowAction({ key: "？" })).toBe("help");
    expect(rowAction({ key: "q" })).toBeNull();
    expect(rowAction({ key: "j", target: { tagName: "INPUT", type: "text" } })).toBeNull();
    expect(rowAction({ key: "j", target: { tagName: "TEXTAREA" } })).toBeNull();
    expect(rowAction({ key: "x", isComposing: true })).toBeNull();
    expect(rowAction({ key: "k", ctrlKey: true })).toBeNull();
    expect(rowAction({ key: "x", target: { tagName: "INPUT", type: "checkbox" } })).toBe("choose");
    expect(rowAction({ key: "k", ctrlKey: true, target: { tagName: "INPUT", type: "checkbox" } })).toBeNull();
  });
  it("begins at the first row and stops at the ends", () => {
    expect(nextRow(-1, 3, "previous")).toBe(0);
    expect(nextRow(0, 3, "next")).toBe(1);
    expect(nextRow(2, 3, "next")).toBe(2);
    expect(nextRow(0, 3, "previous")).toBe(0);
  });
});

describe("progress", () => {
  it("cuts the share and follows no foreign address", () => {
    expect(progressOf({ share: 3, done: true, url: "//evil.example/" })).toMatchObject({ share: 1, url: "" });
    expect(progressOf({ share: "x", url: "/a/" })).toMatchObject({ share: 0, url: "", done: false });
    expect(progressOf({ share: 1, done: true, url: "/packs/1/" }).url).toBe("/packs/1/");
    expect(progressOf(null).share).toBe(0);
  });
  it("slows down after failures and gives up", () => {
    expect(nextPoll(0)).toBe(2000);
    expect(nextPoll(3)).toBe(16000);
    expect(nextPoll(9)).toBe(30000);
    expect(nextPoll(10)).toBeNull();
  });
});

describe("lists and wall", () => {
  it("puts frozen columns side by side", () => {
    expect(offsets([36, 46, 72, 200, 80], [true, true, true, false, false])).toEqual([0, 36, 82, null, null]);
  });
  it("walks to the nearest open mark of the same row or column", () => {
    const places = [
      { x: 0, y: 0, open: true }, { x: 11, y: 0, open: false }, { x: 22, y: 0, open: true },
      { x: 0, y: 30, open: true }, { x: 11, y: 15, open: true },
    ];
    expect(step(places, 0, "ArrowRight")).toBe(2);
    expect(step(places, 0, "ArrowDown")).toBe(3);
    expect(step(places, 0, "ArrowUp")).toBe(-1);
    expect(step(places, 0, "x")).toBe(-1);
  });
});

describe("charts", () => {
  const data: ChartData = {
    kind: "units", labels: ["市委办公室", "市公安局"],
    series: [
      { name: "已完成", mark: "done", values: [1, 5], urls: ["/lists/?unit=1", "javascript:alert(1)"] },
      { name: "逾期", mark: "late", values: [null, 2], urls: ["//evil.example", null] },
    ],
  };
  it("keeps the protocol order", () => {
    const option = optionFor(data) as { yAxis: { data: string[]; inverse: boolean } };
    expect(option.yAxis.data).toEqual(["市委办公室", "市公安局"]);
    expect(option.yAxis.inverse).toBe(true);
  });
  it("opens only addresses of this site", () => {
    expect(urlAt(data, 0, 0)).toBe("/lists/?unit=1");
    expect(urlAt(data, 0, 1)).toBeNull();
    expect(urlAt(data, 1, 0)).toBeNull();
    expect(urlAt(data, 9, 0)).toBeNull();
  });
  it("writes — where there is no base and leaves the gap", () => {
    const months: ChartData = { kind: "months", labels: ["9月", "10月"], percent: true, series: [{ name: "按期", values: [null, 90.4] }] };
    const option = optionFor(months) as { tooltip: { valueFormatter(v: unknown): string }; series: { connectNulls: boolean }[] };
    expect(option.tooltip.valueFormatter(null)).toBe("—");
    expect(option.tooltip.valueFormatter(90.4)).toBe("90.4%");
    expect(option.series[0]?.connectNulls).toBe(false);
  });
  it("gives every state a pattern besides its colour", () => {
    const option = optionFor(data) as { series: { itemStyle: { decal: object } }[] };
    expect(option.series[0]?.itemStyle.decal).not.toEqual(option.series[1]?.itemStyle.decal);
  });
  it("refuses data that does not fit its labels", () => {
    expect(parseData(JSON.stringify(data))).not.toBeNull();
    expect(parseData('{"kind":"units","labels":["a"],"series":[{"name":"x","values":[]}]}')).toBeNull();
    expect(parseData("<p>")).toBeNull();
  });
  it("leaves each unit a line", () => expect(heightFor({ ...data, labels: Array<string>(63).fill("u") })).toBe(1320));
});

describe("days", () => {
  it("reads what people type and refuses what is no day", () => {
    for (const text of ["2026-11-20", "2026.11.20", "2026/11/20", "2026年11月20日", "20261120", " 2026-11-20 "])
      expect(plainDay(text)).toBe("2026-11-20");
    expect(plainDay("2026-1-5")).toBe("2026-01-05");
    for (const text of ["", "2026-02-30", "2026-13-01", "明天", "11-20"]) expect(plainDay(text)).toBe("");
  });
});

describe("words", () => {
  it("speaks the page's language", () => {
    expect(word("chosen", 3, "zh-Hans")).toBe("已选3项");
    expect(word("chosen", 3, "en")).toBe("3 chosen");
  });
});
