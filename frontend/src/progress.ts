/** Progress of background work, as the server's JSON says it. */

export interface Progress { share: number; text: string; done: boolean; failed: boolean; url: string }

/** Reads an answer defensively: share is cut to 0…1, only addresses of this site are followed. */
export function progressOf(answer: unknown): Progress {
  const given = (answer ?? {}) as Record<string, unknown>;
  const share = Number(given.share);
  const url = typeof given.url === "string" && /^\/(?![/\\])/.test(given.url) ? given.url : "";
  return {
    share: Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0,
    text: typeof given.text === "string" ? given.text : "",
    done: given.done === true,
    failed: given.failed === true,
    url: given.done === true ? url : "",
  };
}

/** Milliseconds until the next question: 2 s, slower after failures, null after ten in a row. */
export function nextPoll(failures: number): number | null {
  return failures >= 10 ? null : Math.min(30000, 2000 * 2 ** failures);
}
