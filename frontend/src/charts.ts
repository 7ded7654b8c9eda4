/**
 * Charts beside their tables. Expected in the page:
 *   <figure data-chart="chart-blocks"> … <table> the same figures, each a link … </table> </figure>
 *   {{ data|json_script:"chart-blocks" }}
 * The table stays in the page (folded, one click away) and is what screen readers and browsers without canvas get.
 */
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { heightFor, optionFor, parseData, urlAt } from "./chart-options";
import { word } from "./words";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

function draw(figure: HTMLElement): void {
  const block = document.getElementById(figure.dataset.chart ?? "");
  const data = block ? parseData(block.textContent) : null;
  const table = figure.querySelector("table");
  // Without a canvas the table below stays as it is.
  if (!data?.labels.length || !document.createElement("canvas").getContext("2d")) return;
  const place = document.createElement("div");
  place.className = "chart";
  place.style.height = `${heightFor(data)}px`;
  place.setAttribute("aria-hidden", "true");
  figure.prepend(place);
  const chart = init(place, null, { renderer: "canvas" });
  chart.setOption(optionFor(data));
  chart.on("click", (event) => {
    const url = urlAt(data, event.seriesIndex ?? -1, event.dataIndex);
    if (url) location.assign(url);
  });
  new ResizeObserver(() => chart.resize()).observe(place);
  window.addEventListener("beforeprint", () => chart.resize());
  if (table) fold(table);
}

/** The table goes under a summary: still there for keyboard, screen reader and print. */
function fold(table: HTMLTableElement): void {
  const details = document.createElement("details");
  details.className = "fold";
  const summary = document.createElement("summary");
  summary.textContent = word("table");
  table.before(details);
  details.append(summary, table);
}

document.querySelectorAll<HTMLElement>("[data-chart]").forEach(draw);
