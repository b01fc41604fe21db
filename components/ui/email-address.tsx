/**
 * An e-mail address that wraps before its `@` if necessary, and elsewhere only if that is not enough. No translator may
 * take its parts for words, nor a screen reader: to Chromium, the place to wrap would be a space.
 */
export function EmailAddress({ address }: { address: string }) {
  const at = Math.max(0, address.lastIndexOf("@"));
  return (
    <span translate="no" className="[overflow-wrap:anywhere]">
      {address.slice(0, at)}
      <wbr aria-hidden />
      {address.slice(at)}
    </span>
  );
}
