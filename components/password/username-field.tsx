/**
 * The account's address in a form that changes its password, so that a password manager stores the password under it.
 * Belongs before the form's first password, because Firefox looks for it only there.
 */
export function UsernameField({ address }: { address: string }) {
  return <input type="text" autoComplete="username" value={address} readOnly hidden />;
}
