/**
 * The import page: source left, result right, keys. The server owns every change; a key presses the row's own
 * button, so that what the keyboard does is exactly what the mouse does.
 *
 * Expected in the page:
 *   [data-import]                                the whole; [data-source] and [data-result] the two scrolling panes
 *   result rows  [data-item="id"][data-para="7"] (tr or article; its doubt row may follow, [data-doubt-of="id"])
 *   source       [data-p="7"] paragraphs
 *   buttons in or after a row, in any form or with hx-post: [data-do="accept|edit|reject|split|merge|context"]
 *   [data-do="undo"] anywhere in the page; [data-do="doubt"] goes to the next doubt
 */
import { importAction, nextIndex } from "./keys";

class ImportPage {
  private at = -1;
  private busy = false; // the panes scroll each other: the one moved by us must not answer

  constructor(private readonly root: HTMLElement) {
    this.source?.addEventListener("scroll", () => this.follow("source"), { passive: true });
    this.result?.addEventListener("scroll", () => this.follow("result"), { passive: true });
    root.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => this.pressed(event));
    document.body.addEventListener("htmx:afterSwap", () => this.mark(false));
    const wanted = new URLSearchParams(location.hash.slice(1)).get("item");
    this.at = Math.max(0, this.rows.findIndex((row) => row.dataset.item === wanted));
    this.mark(wanted !== null);
  }

  private get source(): HTMLElement | null { return this.root.querySelector("[data-source]"); }
  private get result(): HTMLElement | null { return this.root.querySelector("[data-result]"); }
  private get rows(): HTMLElement[] { return Array.from(this.root.querySelectorAll<HTMLElement>("[data-item]")); }

  private doubtOf(row: HTMLElement): HTMLElement | null {
    return this.root.querySelector(`[data-doubt-of="${CSS.escape(row.dataset.item ?? "")}"]`);
  }

  private paragraph(row: HTMLElement): HTMLElement | null {
    return this.root.querySelector(`[data-p="${CSS.escape(row.dataset.para ?? "")}"]`);
  }

  /** Marks the current row and its paragraph; keeps the place in the address so that a reload returns here. */
  private mark(scroll: boolean): void {
    const rows = this.rows;
    if (!rows.length) return;
    this.at = Math.min(Math.max(this.at, 0), rows.length - 1);
    this.root.querySelectorAll(".cur").forEach((el) => el.classList.remove("cur"));
    const row = rows[this.at]!;
    const para = this.paragraph(row);
    row.classList.add("cur");
    row.setAttribute("aria-current", "true");
    rows.forEach((other) => other !== row && other.removeAttribute("aria-current"));
    para?.classList.add("cur");
    history.replaceState(null, "", `#item=${encodeURIComponent(row.dataset.item ?? "")}`);
    if (!scroll) return;
    this.quietly(() => {
      row.scrollIntoView({ block: "nearest" });
      this.doubtOf(row)?.scrollIntoView({ block: "nearest" });
      para?.scrollIntoView({ block: "center" });
    });
  }

  private quietly(work: () => void): void {
    this.busy = true;
    work();
    window.setTimeout(() => (this.busy = false), 120);
  }

  /** The other pane shows what belongs to the first visible row or paragraph of this one. */
  private follow(moved: "source" | "result"): void {
    const pane = moved === "source" ? this.source : this.result;
    const other = moved === "source" ? this.result : this.source;
    if (this.busy || !pane || !other) return;
    const top = pane.getBoundingClientRect().top + 40;
    const pairs = this.rows.map((row) => [row, this.paragraph(row)] as const);
    const hit = pairs.find(([row, para]) => {
      const here = moved === "source" ? para : row;
      return here !== null && here.getBoundingClientRect().bottom > top;
    });
    const there = hit && (moved === "source" ? hit[0] : hit[1]);
    if (there) this.quietly(() => { other.scrollTop += there.getBoundingClientRect().top - top; });
  }

  private clicked(event: MouseEvent): void {
    const target = event.target as Element;
    if (target.closest('[data-do="doubt"]')) return this.nextDoubt();
    const row = target.closest<HTMLElement>("[data-item]");
    const doubt = target.closest<HTMLElement>("[data-doubt-of]");
    const para = target.closest<HTMLElement>("[data-p]");
    const at = this.rows.findIndex((one) =>
      one === row || (doubt && one.dataset.item === doubt.dataset.doubtOf) || (para && one.dataset.para === para.dataset.p));
    if (at < 0 || at === this.at) return;
    this.at = at;
    this.mark(Boolean(para) || !target.closest("button,a,input,select,textarea"));
  }

  private pressed(event: KeyboardEvent): void {
    const action = importAction(event);
    if (!action || document.querySelector("dialog[open]")) return;
    const rows = this.rows;
    const go = (i: number): void => {
      if (i < 0) return;
      this.at = i;
      this.mark(true);
    };
    if (action === "next") go(Math.min(this.at + 1, rows.length - 1));
    else if (action === "previous") go(Math.max(this.at - 1, 0));
    else if (action === "doubt") this.nextDoubt();
    else this.press(action, rows[this.at]);
    event.preventDefault();
  }

  private nextDoubt(): void {
    const rows = this.rows;
    const at = nextIndex(this.at, rows.length, (i) => this.doubtOf(rows[i]!) !== null);
    if (at >= 0) {
      this.at = at;
      this.mark(true);
    } else this.root.querySelector<HTMLElement>(".dbox")?.scrollIntoView({ block: "center" });
  }

  private press(action: string, row: HTMLElement | undefined): void {
    const wanted = `[data-do="${action}"]`;
    const places = action === "undo" || !row ? [this.root] : [this.doubtOf(row), row];
    for (const place of places) {
      const button = place?.querySelector<HTMLElement>(wanted);
      if (button) return button.click();
    }
    if (action === "undo") document.querySelector<HTMLElement>(wanted)?.click();
  }
}

document.querySelectorAll<HTMLElement>("[data-import]").forEach((root) => new ImportPage(root));
