import Link from "next/link";
import type { ComponentProps } from "react";

/**
 * A link to another page, which is fetched when the link is followed, and not before. Nearly all pages are read from the
 * database for each request, so of a page fetched early only the frame could be kept. Fetching what the sidebar leads to
 * took more CPU than the page itself, and a loading state that is there at once stays for React's 300 ms.
 */
export function PageLink(props: Omit<ComponentProps<typeof Link>, "prefetch">) {
  return <Link {...props} prefetch={false} />;
}
