/** `icon`: the name of an icon in app/icons.css; nothing checks that it exists. */
type NavigationItem = { href: string; label: string; icon: string };
type NavigationGroup = { title: string; items: NavigationItem[] };

/** The administrators' sidebar, in order. */
const consoleNavigation: NavigationGroup[] = [
  {
    title: "Security",
    items: [
      { href: "/overview", label: "Overview", icon: "icon-overview" },
      { href: "/settings/security", label: "Security settings", icon: "icon-shield" },
      { href: "/settings/history", label: "History", icon: "icon-history" },
    ],
  },
  {
    title: "People",
    items: [
      { href: "/users", label: "Users", icon: "icon-users" },
      { href: "/sessions", label: "Sessions", icon: "icon-sessions" },
    ],
  },
  {
    title: "System",
    items: [
      { href: "/mail", label: "Mail", icon: "icon-mail" },
      { href: "/settings/mail", label: "Mail settings", icon: "icon-server" },
      { href: "/audit", label: "Audit", icon: "icon-scroll" },
      { href: "/api-docs", label: "API", icon: "icon-braces" },
    ],
  },
];

/** The pages for everyone. Administrators reach their account from the menu under their name. */
const ownNavigation: NavigationGroup[] = [
  {
    title: "Your account",
    items: [
      { href: "/account", label: "Profile and sessions", icon: "icon-person" },
      { href: "/account/password", label: "Password", icon: "icon-key" },
      { href: "/account/mobile", label: "Mobile app", icon: "icon-phone" },
    ],
  },
  {
    title: "For programs",
    items: [{ href: "/api-docs", label: "API", icon: "icon-braces" }],
  },
];

/** Who sees the sidebar. */
export type Audience = "administrator" | "person";

/** Returns the sidebar's groups for an audience. */
export function navigationFor(audience: Audience): NavigationGroup[] {
  return audience === "administrator" ? consoleNavigation : ownNavigation;
}

/**
 * Finds the item that a page belongs to, and its group: the item with the longest matching path. If two have the same
 * path, the one in the reader's sidebar wins.
 */
export function locate(pathname: string, audience: Audience): { group: string; item: NavigationItem } | null {
  const all = [...navigationFor(audience), ...ownNavigation].flatMap(({ title, items }) =>
    items.map((item) => ({ group: title, item })),
  );
  const above = all.filter(({ item: { href } }) => pathname === href || pathname.startsWith(`${href}/`));
  return above.sort((a, b) => b.item.href.length - a.item.href.length)[0] ?? null;
}
