/** Lists by keyboard: j and k (or the arrows) move along the rows, Enter opens one, x chooses it. */
import { nextRow, rowAction } from "./keys";

const rows = (): HTMLTableRowElement[] =>
  Array.from(document.querySelectorAll<HTMLTableRowElement>("main .wide > table > tbody > tr, main .flat > table > tbody > tr"))
    .filter((row) => row.querySelector("a[href], input[name=chosen]") !== null);

/** The row that is focused, or holds what is focused. */
const here = (all: HTMLTableRowElement[]): number =>
  all.findIndex((row) => row.contains(document.activeElement));

function move(all: HTMLTableRowElement[], to: number): void {
  const row = all[to];
  if (!row) return;
  row.tabIndex = -1; // reached by these keys alone: Tab goes on through the links as before
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

export function rowKeys(): void {
  document.addEventListener("keydown", (event) => {
    const action = rowAction(event);
    if (!action || document.querySelector("dialog[open]")) return;
    if (action === "help") {
      const help = document.getElementById("keys");
      if (!(help instanceof HTMLDialogElement) || typeof help.showModal !== "function") return;
      event.preventDefault();
      help.showModal();
      return;
    }
    const all = rows();
    const at = here(all);
    const row = all[at];
    // The arrows scroll, Enter presses what is focused: ours only once a row itself is focused.
    const isOnRow = row !== undefined && row === document.activeElement;
    if (!all.length || (event.key.length > 1 && !isOnRow)) return;
    if (action === "next" || action === "previous") {
      event.preventDefault();
      move(all, nextRow(at, all.length, action));
    } else if (action === "open") {
      event.preventDefault();
      row?.querySelector<HTMLAnchorElement>("a[href]")?.click();
    } else {
      row?.querySelector<HTMLInputElement>("input[name=chosen]")?.click();
    }
  });
}
