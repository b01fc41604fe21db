/**
 * The address of the account whose password a form asks for, so that a password manager knows it.
 * Belongs before the form's first password, because Firefox looks for it only there.
 */
export function UsernameField({ address }: { address: string }) {
  return <input type="text" autoComplete="username" value={address} readOnly hidden />;
}
