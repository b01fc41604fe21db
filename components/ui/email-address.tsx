/**
 * An e-mail address that wraps before its `@` if necessary, and elsewhere only if that is not enough. No translator may
 * take its parts for words.
 */
export function EmailAddress({ address }: { address: string }) {
  const at = Math.max(0, address.lastIndexOf("@"));
  return (
    <span translate="no" className="[overflow-wrap:anywhere]">
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </span>
  );
}
