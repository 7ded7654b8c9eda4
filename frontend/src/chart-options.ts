/** From the data block beside a table to an ECharts option. Pure: tested without a browser. */

export interface Series { name: string; mark?: string; values: (number | null)[]; urls?: (string | null)[] }
export interface ChartData {
  kind: "blocks" | "units" | "months";
  labels: string[];
  series: Series[];
  /** Shown where there is no value. */
  unit?: string;
  percent?: boolean;
}

/** One colour a state, with a pattern of its own so that it is never told by colour alone. */
export const COLOURS: Record<string, string> = {
  done: "#1b4a8a", on: "#7fa3d1", behind: "#dcb463", late: "#b42318", none: "#cfd6df", plan: "#ffffff",
};
const PATTERNS: Record<string, object> = {
  on: { symbol: "rect", rotation: Math.PI / 4, color: "rgba(255,255,255,.55)", dashArrayX: [1, 0], dashArrayY: [2, 5] },
  behind: { symbol: "triangle", symbolSize: 0.8, color: "#855300", dashArrayX: [[6, 8]], dashArrayY: [6, 6] },
  late: { symbol: "rect", rotation: -Math.PI / 4, color: "rgba(255,255,255,.8)", dashArrayX: [1, 0], dashArrayY: [1, 5] },
};
const LINES = ["#1b4a8a", "#855300", "#5f6b7a", "#b42318"];
const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3]];
const FONT = "Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif";

/** Reads a data block defensively; null where it is none of ours (the table then stays alone). */
export function parseData(text: string): ChartData | null {
  try {
    const data = JSON.parse(text) as ChartData;
    const fits = ["blocks", "units", "months"].includes(data.kind) && Array.isArray(data.labels) &&
      Array.isArray(data.series) && data.series.every((s) => Array.isArray(s.values) && s.values.length === data.labels.length);
    return fits ? data : null;
  } catch {
    return null;
  }
}

/** The address behind a bar or point; only addresses of this site. */
export function urlAt(data: ChartData, series: number, index: number): string | null {
  const url = data.series[series]?.urls?.[index];
  return typeof url === "string" && /^[/?](?![/\\])/.test(url) ? url : null;
}

/** Height in px that leaves every unit a readable line. */
export const heightFor = (data: ChartData): number =>
  data.kind === "units" ? 60 + data.labels.length * 20 : data.kind === "blocks" ? 60 + data.labels.length * 44 : 280;

const axisText = { color: "#465363", fontSize: 12, fontFamily: FONT };

function bars(data: ChartData): Record<string, unknown> {
  return {
    xAxis: { type: "value", minInterval: 1, axisLabel: axisText, splitLine: { lineStyle: { color: "#dde2e9" } } },
    yAxis: {
      // The order is the server's (protocol order): never sorted by value, first row on top.
      type: "category", data: data.labels, inverse: true, axisLabel: { ...axisText, interval: 0 },
      axisTick: { show: false }, axisLine: { lineStyle: { color: "#b9c3cf" } },
    },
    series: data.series.map((s) => ({
      type: "bar", stack: "all", name: s.name, data: s.values, cursor: s.urls ? "pointer" : "default",
      barMaxWidth: data.kind === "units" ? 12 : 24,
      itemStyle: {
        color: COLOURS[s.mark ?? ""] ?? "#1b4a8a", borderColor: "#fff", borderWidth: 1,
        decal: PATTERNS[s.mark ?? ""] ?? { symbol: "none" },
      },
      label: {
        show: data.kind === "blocks", color: ["done", "late"].includes(s.mark ?? "") ? "#fff" : "#1c2733", fontSize: 12,
        formatter: (p: { value: number | null }) => (p.value ? String(p.value) : ""),
      },
    })),
  };
}

function lines(data: ChartData): Record<string, unknown> {
  const format = (value: number): string => (data.percent ? `${value}%` : String(value));
  return {
    xAxis: { type: "category", data: data.labels, boundaryGap: false, axisLabel: axisText },
    yAxis: {
      type: "value", min: 0, ...(data.percent ? { max: 100 } : { minInterval: 1 }),
      axisLabel: { ...axisText, formatter: format }, splitLine: { lineStyle: { color: "#dde2e9" } },
    },
    series: data.series.map((s, i) => ({
      type: "line", name: s.name, data: s.values, connectNulls: false, symbolSize: 7,
      symbol: ["circle", "rect", "triangle", "diamond"][i % 4], color: LINES[i % LINES.length],
      lineStyle: { width: 2, type: DASHES[i % DASHES.length] }, cursor: s.urls ? "pointer" : "default",
    })),
  };
}

/** The whole option: stacked bars for blocks and units, lines for months. A month without a base is a gap. */
export function optionFor(data: ChartData): Record<string, unknown> {
  const main = data.kind === "months" ? lines(data) : bars(data);
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 10, textStyle: axisText },
    grid: { left: 8, right: 24, top: 34, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis", axisPointer: { type: data.kind === "months" ? "line" : "shadow" }, renderMode: "richText",
      valueFormatter: (v: unknown) => (typeof v === "number" ? `${String(v)}${data.percent ? "%" : (data.unit ?? "")}` : "—"),
    },
    ...main,
  };
}
