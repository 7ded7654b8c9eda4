/** Drafts of long forms, kept in this browser so that nothing typed is lost. Pure, apart from the store given. */

export interface Field { name: string; value: string; type: string; checked?: boolean }
export type Draft = { at: number; values: Record<string, string[]> };
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const PREFIX = "shiyu-draft:";
/** Never kept: secrets, tokens, files, and what the server put there. */
const SKIPPED = new Set(["password", "hidden", "file", "submit", "button", "reset"]);
/** A draft older than this (14 days, in ms) is not offered again. */
export const MAX_AGE = 14 * 24 * 3600 * 1000;

export const draftKey = (owner: string, path: string, form: string): string => `${PREFIX}${owner}:${path}:${form}`;

/** What of the form is worth keeping: text, choices and ticks, by name. */
export function collect(fields: Field[]): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const field of fields) {
    if (!field.name || SKIPPED.has(field.type)) continue;
    const list = (values[field.name] ??= []);
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) list.push(field.value);
    } else list.push(field.value);
  }
  return values;
}

export const isSame = (a: Record<string, string[]>, b: Record<string, string[]>): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Keeps the draft; false where the browser's store is full or closed (the page then says nothing was kept). */
export function keep(store: Store, key: string, values: Record<string, string[]>, at: number): boolean {
  try {
    store.setItem(key, JSON.stringify({ at, values }));
    return true;
  } catch {
    return false;
  }
}

export function recall(store: Store, key: string, now: number): Draft | null {
  try {
    const text = store.getItem(key);
    const draft = text ? (JSON.parse(text) as Draft) : null;
    if (!draft || typeof draft.at !== "number" || typeof draft.values !== "object") return null;
    if (now - draft.at > MAX_AGE) {
      store.removeItem(key);
      return null;
    }
    return draft;
  } catch {
    return null;
  }
}
