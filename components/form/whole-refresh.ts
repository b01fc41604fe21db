import { ASK_AGAIN_MS } from "./ask-server";

const PAYLOAD = "text/x-component";

let isWatching = false;

/**
 * Refreshes the page's data, and keeps the page until they have arrived whole. By itself Next reloads the page if the
 * answer is lost, and replaces it with the error page if the answer is cut: what was typed, or a link that is shown only
 * once, would be gone. docs/decisions/0031-a-refresh-arrives-whole.md
 */
export function refreshWhole({ refresh }: { refresh: () => void }): void {
  if (!isWatching) {
    isWatching = true;
    const send = window.fetch;
    window.fetch = (input, init) =>
      isRefresh(input, init) ? wholeAnswer(send, input, init) : send(input, init);
  }
  refresh();
}

/** Tells whether Next's router asks for the data of the page that is shown. */
function isRefresh(input: RequestInfo | URL, init?: RequestInit): boolean {
  if (!(input instanceof URL) || !new Headers(init?.headers).has("rsc")) return false;
  const asked = new URL(input);
  asked.searchParams.delete("_rsc");
  const shown = new URL(location.href);
  return asked.pathname === shown.pathname && String(asked.searchParams) === String(shown.searchParams);
}

/**
 * Asks until an answer has arrived to its end with which no proxy says that Gatehouse is away. Any other answer of a proxy
 * goes to Next, which then loads the page again: it may come each time, and until one is taken Next shows no other page.
 */
async function wholeAnswer(
  send: typeof fetch,
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  for (;;) {
    try {
      const answer = await send(input, init);
      await answer.clone().arrayBuffer();
      if (answer.status < 500 || answer.headers.get("content-type")?.startsWith(PAYLOAD)) return answer;
    } catch (error) {
      // Lost, or cut; or nobody waits for it any more.
      if (init?.signal?.aborted) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
