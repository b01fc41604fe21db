/** Returns a promise, and the function that fulfils it: for work that is to take as long as a test needs. */
export function hold(): { held: Promise<void>; release: () => void } {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { held, release };
}
