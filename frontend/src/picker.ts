/** Long lists to choose many from (select[multiple][data-pick], 63 units): a box to type into and ticks, the chosen
 * ones first. The select stays the form's value and is all there is without script. */
import { word } from "./words";

/** Whether a name holds every typed word, in any order. */
export function isMatch(text: string, typed: string): boolean {
  const name = text.toLowerCase();
  return typed.toLowerCase().split(/[\s、，,]+/).every((part) => name.includes(part));
}

/** Positions in the order shown: the chosen ones first, otherwise as they came. */
export function chosenFirst(chosen: boolean[]): number[] {
  const all = chosen.map((_, at) => at);
  return [...all.filter((at) => chosen[at]), ...all.filter((at) => !chosen[at])];
}

/** A name as it stands in a list of those chosen: a clause by its number alone. */
export function shortOf(text: string): string {
  return text.length > 24 ? (text.split(" ")[0] ?? text) : text;
}

interface Row { option: HTMLOptionElement; box: HTMLInputElement; line: HTMLLabelElement }

function rowOf(option: HTMLOptionElement): Row {
  const line = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.setAttribute("data-no-draft", "");
  const group = option.parentElement instanceof HTMLOptGroupElement ? option.parentElement.label : "";
  line.append(box, option.text);
  if (group) {
    const said = document.createElement("small");
    said.className = "mut";
    said.textContent = group;
    line.append(said);
  }
  return { option, box, line };
}

function pick(select: HTMLSelectElement): void {
  const label = select.id ? document.querySelector<HTMLLabelElement>(`label[for="${select.id}"]`) : null;
  const named = (label?.firstChild?.textContent ?? select.getAttribute("aria-label") ?? "").trim();
  const rows = Array.from(select.options, rowOf);
  const filter = document.createElement("input");
  filter.type = "search";
  filter.id = `${select.id}_filter`;
  filter.autocomplete = "off";
  filter.setAttribute("data-no-draft", "");
  filter.placeholder = word("pickFilter");
  filter.setAttribute("aria-label", `${named} ${word("pickFilter")}`);
  const list = document.createElement("div");
  list.className = "ticks";
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", named);
  const said = document.createElement("p");
  said.className = "help";
  said.setAttribute("aria-live", "polite");

  const tell = (): void => {
    const chosen = rows.filter((row) => row.option.selected).map((row) => shortOf(row.option.text));
    said.textContent = word("chosen", chosen.length) + (chosen.length ? `：${chosen.join("、")}` : "");
  };
  const sync = (): void => {
    for (const row of rows) row.box.checked = row.option.selected;
    tell();
  };
  const draw = (): void => {
    const order = chosenFirst(rows.map((row) => row.option.selected));
    const shown = order.flatMap((at) => rows[at] ?? []).filter((row) => isMatch(row.option.text, filter.value));
    list.replaceChildren(...shown.map((row) => row.line));
    if (!shown.length) list.textContent = word("pickNone");
  };
  const boxes = (): HTMLInputElement[] => Array.from(list.querySelectorAll("input"));

  list.addEventListener("input", (event) => {
    const row = rows.find((one) => one.box === event.target);
    if (row) row.option.selected = row.box.checked;
    tell();
  });
  filter.addEventListener("input", draw);
  filter.addEventListener("keydown", (event) => {
    const all = boxes();
    if (event.key === "Enter") {
      event.preventDefault(); // Enter chooses the only one left, it never sends the form
      if (all.length === 1) all[0]?.click();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      all[0]?.focus();
    } else if (event.key === "Escape" && filter.value) {
      event.stopPropagation();
      filter.value = "";
      draw();
    }
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = boxes();
    const next = all[all.indexOf(event.target as HTMLInputElement) + step];
    (next ?? (step < 0 ? filter : null))?.focus();
  });
  select.form?.addEventListener("input", (event) => {
    if (event.target !== select.form) return;
    sync(); // a draft was taken back
    draw();
  });

  const whole = document.createElement("div");
  whole.className = "picker";
  whole.append(filter, list, said);
  select.hidden = true;
  select.after(whole);
  if (label) label.htmlFor = filter.id;
  sync();
  draw();
}

/** Every such list below `root`. */
export function pickers(root: ParentNode): void {
  root.querySelectorAll<HTMLSelectElement>("select[multiple][data-pick]:not([hidden])").forEach(pick);
}
