import { EmailAddress } from "@/components/ui/email-address";
import { Popover, popoverItem } from "@/components/ui/popover";
import { ThemeToggle } from "./theme-toggle";

type PersonMenuProps = { person: { name: string; email: string }; logOutAction: () => Promise<void> };

/** Returns the initials of the first and last name; the first letter of the address if there is no name. */
function initials(name: string, email: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? "")][0] ?? "",
  );
  return (letters.join("") || email.slice(0, 1)).toUpperCase();
}

/** The menu of the logged-in person: name, theme, own account and logout. */
export function PersonMenu({ person: { name, email }, logOutAction }: PersonMenuProps) {
  return (
    <Popover
      label={
        <>
          <span
            aria-hidden
            className="grid min-h-6 min-w-6 shrink-0 place-items-center rounded bg-accent-wash px-0.5 text-xs font-semibold whitespace-nowrap text-accent"
          >
            {initials(name, email)}
          </span>
          <bdi className="max-w-44 truncate max-sm:sr-only">{name || email}</bdi>
          <span className="icon icon-chevron size-3.5" />
        </>
      }
    >
      <div className="px-2.5 py-2">
        <p className="font-medium break-words">
          <bdi>{name || email}</bdi>
        </p>
        {name ? (
          <p className="text-sm text-muted">
            <EmailAddress address={email} />
          </p>
        ) : null}
      </div>
      {/* Hidden where the top bar has room for the theme toggle. */}
      <div className="-mx-1 my-1 border-y px-1 py-1 sm:border-b-0 sm:py-0">
        <div className="flex items-center justify-between px-2.5 py-1 sm:hidden">
          <span className="text-muted">Theme</span>
          <ThemeToggle />
        </div>
      </div>
      {/* Not a client-side link, which would leave the menu open over the next page. */}
      <a href="/account" className={popoverItem}>
        <span className="icon icon-account size-4 text-muted" />
        Your account
      </a>
      <form action={logOutAction}>
        <button type="submit" className={popoverItem}>
          <span className="icon icon-log-out size-4 text-muted" />
          Log out
        </button>
      </form>
    </Popover>
  );
}
