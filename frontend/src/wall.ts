/**
 * The wall: the server draws it; here the detail line follows the pointer and the keyboard.
 *
 * Expected: [data-wall] holds cells <td data-task="37"><a …></td>; [data-detail-of="37"] are hidden detail lines
 * (class selb, attribute hidden); without script the mark's link opens the task. Arrow keys walk between tasks.
 */
import { step } from "./grid";

function wall(root: HTMLElement): void {
  const cells = Array.from(root.querySelectorAll<HTMLElement>("[data-task]"));
  const details = Array.from(document.querySelectorAll<HTMLElement>("[data-detail-of]"));
  const show = (task: string): void => {
    const detail = details.find((d) => d.dataset.detailOf === task);
    if (!detail) return;
    details.forEach((d) => (d.hidden = d !== detail));
    cells.forEach((cell) => cell.classList.toggle("sel", cell.dataset.task === task));
  };
  const of = (event: Event): HTMLElement | null => (event.target as Element).closest("[data-task]");
  root.addEventListener("mouseover", (event) => { const c = of(event); if (c) show(c.dataset.task ?? ""); });
  root.addEventListener("focusin", (event) => { const c = of(event); if (c) show(c.dataset.task ?? ""); });
  root.addEventListener("keydown", (event) => {
    const here = of(event);
    if (!here) return;
    const places = cells.map((cell) => {
      const box = cell.getBoundingClientRect();
      return { x: box.left, y: box.top, open: cell.querySelector("a") !== null };
    });
    const to = step(places, cells.indexOf(here), event.key);
    if (to < 0) return;
    event.preventDefault();
    cells[to]?.querySelector("a")?.focus();
  });
}

document.querySelectorAll<HTMLElement>("[data-wall]").forEach(wall);
