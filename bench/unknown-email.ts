/** Returns an address that no account has, as long as those of the accounts that the benchmark makes. */
export function unknownEmail(): string {
  return `${crypto.randomUUID().slice(0, 13)}@example.org`;
}
