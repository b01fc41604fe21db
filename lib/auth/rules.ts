/** When a lock that begins now ends by itself; null when it waits for somebody. */
export function lockEnd(lockoutDurationMinutes: number | null, now: Date): Date | null {
  return lockoutDurationMinutes ? new Date(now.getTime() + lockoutDurationMinutes * 60_000) : null;
}

/** Whether that many wrong passwords in a row lock an account; null and 0 mean that none do. */
export function locksAccount(failedAttempts: number, maxFailedLoginAttempts: number | null): boolean {
  return Boolean(maxFailedLoginAttempts) && failedAttempts >= Number(maxFailedLoginAttempts);
}

/**
 * What login attempts are counted by: an IPv4 address, or the /64 of an IPv6 address, because that much of one is any
 * single subscriber's to choose (RFC 6177).
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const bare = address.replace(/%.*$/, "");
  if (!bare.includes(":")) return address;
  const [head = "", tail] = bare.toLowerCase().split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const gap = tail === undefined ? [] : Array<string>(Math.max(8 - left.length - right.length, 0)).fill("0");
  const groups = [...left, ...gap, ...right].map((group) => group.replace(/^0+(?=.)/, ""));
  return `${groups.slice(0, 4).join(":")}::/64`;
}
