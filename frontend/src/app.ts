/** Runs on every page: htmx without eval, "/" for search, drafts, dialogs, progress, confirmations. */
import htmx from "htmx.org";
import { copyButtons } from "./copy";
import { collect, draftKey, isSame, keep, recall, type Field } from "./drafts";
import { nextPoll, progressOf } from "./progress";
import { isTyping } from "./keys";
import { natives } from "./natives";
import { pickers } from "./picker";
import { rowKeys } from "./rows";
import { word } from "./words";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages hold personal data: none of it stays in the browser's store

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const controls = (form: HTMLFormElement): Control[] =>
  Array.from(form.elements).filter(
    (el): el is Control =>
      el instanceof HTMLInputElement || el instanceof HTMLSelectElement || el instanceof HTMLTextAreaElement,
  );

function fieldsOf(form: HTMLFormElement): Field[] {
  return controls(form)
    .filter((el) => !el.hasAttribute("data-no-draft"))
    .flatMap((el): Field[] =>
      el instanceof HTMLSelectElement && el.multiple
        ? Array.from(el.selectedOptions, (o) => ({ name: el.name, value: o.value, type: "select" }))
        : [{ name: el.name, value: el.value, type: el.type, checked: el instanceof HTMLInputElement && el.checked }],
    );
}

function restore(form: HTMLFormElement, values: Record<string, string[]>): void {
  const used: Record<string, number> = {};
  for (const el of controls(form)) {
    const given = values[el.name];
    if (!given || el.hasAttribute("data-no-draft")) continue;
    if (el instanceof HTMLSelectElement) {
      for (const option of Array.from(el.options)) option.selected = given.includes(option.value);
    } else if (el.type === "checkbox" || el.type === "radio") {
      (el as HTMLInputElement).checked = given.includes(el.value);
    } else if (!["password", "hidden", "file", "submit", "button"].includes(el.type)) {
      const at = used[el.name] ?? 0;
      used[el.name] = at + 1;
      el.value = given[at] ?? el.value;
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Forms with data-guard keep drafts (per person and address) and warn before one leaves with unsent text. */
function guard(form: HTMLFormElement, index: number): void {
  if (form.querySelector("input[type=password]")) return; // nothing of a sign-in stays on an office's computer
  const owner = document.body.dataset.person ?? "";
  const key = draftKey(owner, location.pathname, form.getAttribute("data-guard") || String(index));
  const said = form.querySelector<HTMLElement>("[data-kept]");
  const start = collect(fieldsOf(form));
  const hasErrors = document.querySelector("[data-errors]") !== null;
  const kept = hasErrors ? null : recall(localStorage, key, Date.now());
  if (kept && !isSame(kept.values, start) && said) offer(form, said, key, kept.values, kept.at);
  let dirty = false;
  let timer = 0;
  form.addEventListener("input", () => {
    const now = collect(fieldsOf(form));
    dirty = !isSame(now, start);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (!dirty) return localStorage.removeItem(key);
      const ok = keep(localStorage, key, now, Date.now());
      if (said) said.textContent = ok ? word("kept") : word("notKept");
      return undefined;
    }, 600);
  });
  form.addEventListener("submit", () => {
    window.clearTimeout(timer);
    dirty = false;
    // The draft stays until the next page shows that it went through; `sent` marks it for removal.
    sessionStorage.setItem("shiyu-sent", JSON.stringify({ key, from: location.pathname }));
  });
  window.addEventListener("beforeunload", (event) => {
    if (!dirty) return;
    event.preventDefault();
    event.returnValue = "";
  });
}

function offer(
  form: HTMLFormElement, said: HTMLElement, key: string, values: Record<string, string[]>, at: number,
): void {
  const when = new Date(at).toLocaleString(document.documentElement.lang);
  const take = document.createElement("button");
  take.type = "button";
  take.className = "b s t";
  take.textContent = word("takeDraft");
  take.addEventListener("click", () => { restore(form, values); take.remove(); drop.remove(); });
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "b s t";
  drop.textContent = word("dropDraft");
  drop.addEventListener("click", () => { localStorage.removeItem(key); said.textContent = ""; });
  said.textContent = `${word("draftFrom")} ${when} `;
  said.append(take, drop);
}

/** A form that was sent and led to a page without errors needs its draft no longer. */
function clearSentDraft(): void {
  const text = sessionStorage.getItem("shiyu-sent");
  if (!text) return;
  sessionStorage.removeItem("shiyu-sent");
  const stayed = document.querySelector("[data-errors], .say.error, main .box.w") !== null;
  if (!stayed) localStorage.removeItem((JSON.parse(text) as { key: string }).key);
}

/** Asks [data-progress] addresses (JSON {share, text, done, url, failed}) until they are done. */
function follow(el: HTMLElement): void {
  const address = el.dataset.progress ?? "";
  let failures = 0;
  const ask = async (): Promise<void> => {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = progressOf(await answer.json());
      failures = 0;
      const bar = el.querySelectorAll("rect");
      const full = Number(bar[0]?.getAttribute("width") ?? 120);
      bar[1]?.setAttribute("width", (state.share * full).toFixed(1));
      const text = el.querySelector("[data-progress-text]");
      if (text) text.textContent = state.text;
      if (state.url) return location.assign(state.url);
      if (state.done) return location.reload();
      if (state.failed) return;
    } catch {
      failures += 1;
    }
    const wait = nextPoll(failures);
    if (wait !== null) window.setTimeout(() => void ask(), wait);
    return undefined;
  };
  void ask();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !isTyping(event)) {
    const box = document.querySelector<HTMLInputElement>(".find input");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
  if (event.key === "Escape")
    document.querySelectorAll<HTMLDetailsElement>("details.me[open],details.pm[open],details.pop[open]").forEach((d) => {
      d.open = false;
      d.querySelector("summary")?.focus();
    });
});

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  document.querySelectorAll<HTMLDetailsElement>("details.me[open],details.pm[open],details.pop[open]").forEach((d) => {
    if (!d.contains(target)) d.open = false;
  });
  const opener = target.closest<HTMLElement>("[data-open]");
  const thing = opener && document.getElementById(opener.dataset.open ?? "");
  if (thing) {
    event.preventDefault();
    if (thing instanceof HTMLDialogElement && typeof thing.showModal === "function") thing.showModal();
    else thing.classList.toggle("open");
    thing.querySelector<HTMLElement>("textarea,input:not([type=hidden]),select")?.focus();
  }
  const closer = target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
  if (target.closest("[data-print]")) window.print();
  const asks = target.closest<HTMLElement>("[data-confirm]");
  if (asks && !window.confirm(asks.dataset.confirm)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

/** [data-auto-submit]: a choice that sends its form at once (period, unit). The button stays for no script. */
document.addEventListener("change", (event) => {
  const el = event.target as HTMLElement;
  if (el.matches("[data-auto-submit]")) (el as HTMLSelectElement).form?.submit();
});

/** What an address points at is opened, with all that is folded around it (`#do-close` on a matter's page). */
function unfold(): void {
  const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (!target) return;
  const own = target.querySelector<HTMLDetailsElement>(":scope > details");
  if (own) own.open = true;
  for (let d = target.closest("details"); d; d = d.parentElement?.closest("details") ?? null) d.open = true;
  target.scrollIntoView({ block: "nearest" });
}
window.addEventListener("hashchange", unfold);

clearSentDraft();
unfold();
natives(document);
pickers(document);
copyButtons();
rowKeys();
document.querySelectorAll<HTMLFormElement>("form[data-guard]").forEach(guard);
document.querySelectorAll<HTMLElement>("[data-progress]").forEach(follow);
document.querySelector<HTMLElement>("[data-errors]")?.focus();
document.body.addEventListener("htmx:load", (event) => {
  const part = (event as CustomEvent<{ elt: HTMLElement }>).detail.elt;
  if (part === document.body) return;
  part.querySelectorAll<HTMLElement>("[data-progress]").forEach(follow);
  natives(part);
  pickers(part);
});
