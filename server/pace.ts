/** How many requests that change something begin in one turn of the event loop. */
const PER_TURN = 2;

/**
 * Lets requests that arrive at once begin a few at a time, a turn of the event loop for each few. To begin two hundred
 * costs as much either way, but whoever else asks meanwhile is answered between two turns and not behind them all.
 *
 * @returns what each of them awaits before it begins; first come, first served
 */
export function createPace(perTurn = PER_TURN): () => Promise<void> {
  const waiting: (() => void)[] = [];
  function turn(): void {
    for (const begin of waiting.splice(0, perTurn)) begin();
    if (waiting.length > 0) setImmediate(turn);
  }
  return () =>
    new Promise((begin) => {
      waiting.push(begin);
      if (waiting.length === 1) setImmediate(turn);
    });
}
