/** Keyboard rules shared by the islands. */

export interface KeyLike {
  key: string; ctrlKey?: boolean; metaKey?: boolean; altKey?: boolean; isComposing?: boolean; target?: unknown;
}

/** Whether the key belongs to somebody typing (fields, Chinese input method) or to the browser. */
export function isTyping(event: KeyLike): boolean {
  const target = event.target as { tagName?: string; isContentEditable?: boolean } | null | undefined;
  const tag = target?.tagName ?? "";
  return Boolean(
    event.ctrlKey || event.metaKey || event.altKey || event.isComposing ||
      target?.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(tag),
  );
}

/** What the import page's keys do. */
export const IMPORT_KEYS: Record<string, string> = {
  j: "next", k: "previous", d: "doubt", y: "accept", e: "edit", n: "reject", s: "split", m: "merge", c: "context", u: "undo",
};

export const importAction = (event: KeyLike): string | null =>
  isTyping(event) ? null : (IMPORT_KEYS[event.key.toLowerCase()] ?? null);

/** The next index from `at` among `count` rows that satisfies `wanted`; round the end once; -1 if none. */
export function nextIndex(at: number, count: number, wanted: (i: number) => boolean): number {
  for (let step = 1; step <= count; step++) {
    const i = (at + step + count) % count;
    if (wanted(i)) return i;
  }
  return -1;
}

export type RowAction = "next" | "previous" | "open" | "choose" | "help";

const ROW_KEYS: Record<string, RowAction> = {
  j: "next", ArrowDown: "next", k: "previous", ArrowUp: "previous", Enter: "open", x: "choose", "?": "help", "？": "help",
};

/** What a key does in a list. A ticked box is no field somebody types into. */
export function rowAction(event: KeyLike): RowAction | null {
  const target = event.target as { tagName?: string; type?: string } | null | undefined;
  const isBox = target?.tagName === "INPUT" && target.type === "checkbox";
  const { key, ctrlKey, metaKey, altKey, isComposing } = event;
  if (isTyping(isBox ? { key, ctrlKey, metaKey, altKey, isComposing } : event)) return null;
  return ROW_KEYS[key.length === 1 ? key.toLowerCase() : key] ?? null;
}

/** The row the key leads to: from none the first, and no further than the ends. */
export function nextRow(at: number, count: number, action: "next" | "previous"): number {
  if (at < 0) return 0;
  return Math.max(0, Math.min(count - 1, at + (action === "next" ? 1 : -1)));
}
