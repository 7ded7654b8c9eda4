/** Wide lists: frozen columns, arrow keys, choosing rows. Everything works without it, only less comfortably. */
import { isTyping } from "./keys";
import { offsets } from "./frozen";
import { word } from "./words";

function freeze(box: HTMLElement): void {
  const table = box.querySelector("table");
  const heads = Array.from(table?.tHead?.rows[0]?.cells ?? []);
  const frozen = heads.map((cell) => cell.classList.contains("f"));
  const lefts = offsets(heads.map((cell) => cell.getBoundingClientRect().width), frozen);
  const last = frozen.lastIndexOf(true);
  for (const row of Array.from(table?.rows ?? [])) {
    if (row.cells.length !== heads.length) continue;
    lefts.forEach((left, i) => {
      if (left === null) return;
      const cell = row.cells[i];
      if (!cell) return;
      cell.style.left = `${left}px`; // set through CSSOM: no inline style in the page
      cell.classList.toggle("edge", i === last);
    });
  }
}

function scrollByKeys(box: HTMLElement): void {
  box.addEventListener("keydown", (event) => {
    if (isTyping(event)) return;
    const by = { ArrowRight: 200, ArrowLeft: -200 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    box.scrollBy({ left: by });
  });
}

function choose(form: HTMLFormElement): void {
  const all = form.querySelector<HTMLInputElement>("[data-choose-all]");
  const rows = Array.from(form.querySelectorAll<HTMLInputElement>("input[name=chosen]"));
  const said = form.querySelector("[data-chosen-count]");
  const none = said?.textContent ?? "";
  let last = -1;
  const show = (): void => {
    const n = rows.filter((r) => r.checked).length;
    if (said) said.textContent = n ? word("chosen", n) : none;
    if (all) {
      all.checked = n > 0 && n === rows.length;
      all.indeterminate = n > 0 && n < rows.length;
    }
    rows.forEach((r) => r.closest("tr")?.classList.toggle("sel", r.checked));
  };
  all?.addEventListener("change", () => { rows.forEach((r) => (r.checked = all.checked)); show(); });
  rows.forEach((row, i) => row.addEventListener("click", (event) => {
    if (event.shiftKey && last >= 0)
      for (let j = Math.min(i, last); j <= Math.max(i, last); j++) rows[j]!.checked = row.checked;
    last = i;
    show();
  }));
  form.addEventListener("submit", (event) => {
    if (rows.some((r) => r.checked)) return;
    event.preventDefault();
    rows[0]?.focus();
  });
  show();
}

/** On a phone a wide list comes as cards; a button shows the full table. */
function offerFullTable(box: HTMLElement): void {
  if (!window.matchMedia("(max-width:720px)").matches || !box.querySelector("tbody td[data-l]")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "b s t";
  button.textContent = word("full");
  button.addEventListener("click", () => {
    const full = box.classList.toggle("full");
    button.textContent = word(full ? "cards" : "full");
    if (full) freeze(box);
  });
  box.before(button);
}

document.querySelectorAll<HTMLElement>("[data-wide]").forEach((box) => {
  freeze(box);
  scrollByKeys(box);
  offerFullTable(box);
  window.addEventListener("resize", () => freeze(box));
});
document.querySelectorAll<HTMLFormElement>("form[data-bulk]").forEach(choose);
