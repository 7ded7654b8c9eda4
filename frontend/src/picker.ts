/** Long lists to choose from (select[data-pick], 700 units; with `multiple` many of them): a box to type into and
 * ticks, the chosen ones first. The select stays the form's value and is all there is without script. */
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

/** So many lines are drawn at once: the rest is found by typing. */
const DRAWN = 60;
/** A shorter list to choose one from stays the browser's own. */
const SHORT = 12;

interface Row { option: HTMLOptionElement; box: HTMLInputElement; line: HTMLLabelElement }

function rowOf(option: HTMLOptionElement, type: string): Row {
  const line = document.createElement("label");
  const box = document.createElement("input");
  box.type = type;
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
  const options = Array.from(select.options);
  const drawn = new Map<HTMLOptionElement, Row>();
  const rowFor = (option: HTMLOptionElement): Row => {
    const row = drawn.get(option) ?? rowOf(option, select.multiple ? "checkbox" : "radio");
    drawn.set(option, row);
    return row;
  };
  const filter = document.createElement("input");
  filter.type = "search";
  // The box takes the place of the select: its label and what says that it is wrong lead to it.
  filter.id = select.id;
  select.id = `${select.id}_list`;
  filter.autocomplete = "off";
  filter.setAttribute("data-no-draft", "");
  filter.placeholder = word("pickFilter");
  filter.setAttribute("aria-label", `${named} ${word("pickFilter")}`);
  const list = document.createElement("div");
  list.className = "ticks";
  list.setAttribute("role", select.multiple ? "group" : "radiogroup");
  list.setAttribute("aria-label", named);
  const said = document.createElement("p");
  said.className = "help";
  said.setAttribute("aria-live", "polite");

  const tell = (): void => {
    const chosen = options.filter((option) => option.selected && option.value).map((one) => shortOf(one.text));
    said.textContent = word("chosen", chosen.length) + (chosen.length ? `：${chosen.join("、")}` : "");
  };
  const sync = (): void => {
    for (const row of drawn.values()) row.box.checked = row.option.selected;
    tell();
  };
  const draw = (): void => {
    const order = chosenFirst(options.map((option) => option.selected));
    const found = order.flatMap((at) => options[at] ?? []).filter((option) => isMatch(option.text, filter.value));
    const shown = found.slice(0, DRAWN).map(rowFor);
    for (const row of shown) row.box.checked = row.option.selected;
    list.replaceChildren(...shown.map((row) => row.line));
    if (!found.length) list.textContent = word("pickNone");
    if (found.length > DRAWN) {
      const more = document.createElement("p");
      more.className = "mut";
      more.textContent = word("pickMore", found.length - DRAWN);
      list.append(more);
    }
  };
  const boxes = (): HTMLInputElement[] => Array.from(list.querySelectorAll("input"));

  list.addEventListener("input", (event) => {
    const row = Array.from(drawn.values()).find((one) => one.box === event.target);
    if (row) row.option.selected = row.box.checked;
    sync(); // of one choice the others are off
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
  root.querySelectorAll<HTMLSelectElement>("select[data-pick]:not([hidden])").forEach((select) => {
    if (select.multiple || select.options.length > SHORT) pick(select);
  });
}
