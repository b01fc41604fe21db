/** `icon`: a drawing of app/icons.css. */
type NavigationItem = { href: string; label: string; icon: string };
type NavigationGroup = { title: string; items: NavigationItem[] };

/** What administrators have in the sidebar, in its order. A new page adds its line here and is then everywhere. */
const consoleNavigation: NavigationGroup[] = [
  {
    title: "Security",
    items: [{ href: "/settings/security", label: "Security settings", icon: "icon-shield" }],
  },
  {
    title: "People",
    items: [{ href: "/users", label: "Users", icon: "icon-users" }],
  },
  {
    title: "System",
    items: [
      { href: "/mail", label: "Mail", icon: "icon-mail" },
      { href: "/settings/mail", label: "Mail settings", icon: "icon-server" },
      { href: "/audit", label: "Audit", icon: "icon-history" },
    ],
  },
];

/** What is everybody's own. Administrators find it in the menu under their name. */
const ownNavigation: NavigationGroup[] = [
  {
    title: "Your account",
    items: [
      { href: "/account", label: "Profile and sessions", icon: "icon-person" },
      { href: "/account/password", label: "Password", icon: "icon-key" },
    ],
  },
];

/** For whom the sidebar is. */
export type Audience = "administrator" | "person";

export function navigationFor(audience: Audience): NavigationGroup[] {
  return audience === "administrator" ? consoleNavigation : ownNavigation;
}

/** The item that a page belongs to, and its group: of those at or above its address, the nearest. */
export function locate(pathname: string): { group: string; item: NavigationItem } | null {
  const all = [...consoleNavigation, ...ownNavigation].flatMap(({ title, items }) =>
    items.map((item) => ({ group: title, item })),
  );
  const above = all.filter(({ item: { href } }) => pathname === href || pathname.startsWith(`${href}/`));
  return above.sort((a, b) => b.item.href.length - a.item.href.length)[0] ?? null;
}
