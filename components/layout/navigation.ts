import {
  CircleUser,
  History,
  KeyRound,
  type LucideIcon,
  Mail,
  ServerCog,
  ShieldCheck,
  Users,
} from "lucide-react";

type NavigationItem = { href: string; label: string; icon: LucideIcon };
type NavigationGroup = { title: string; items: NavigationItem[] };

/** What administrators have in the sidebar, in its order. A new page adds its line here and is then everywhere. */
const consoleNavigation: NavigationGroup[] = [
  {
    title: "Security",
    items: [{ href: "/settings/security", label: "Security settings", icon: ShieldCheck }],
  },
  {
    title: "People",
    items: [{ href: "/users", label: "Users", icon: Users }],
  },
  {
    title: "System",
    items: [
      { href: "/mail", label: "Mail", icon: Mail },
      { href: "/settings/mail", label: "Mail settings", icon: ServerCog },
      { href: "/audit", label: "Audit", icon: History },
    ],
  },
];

/** What is everybody's own. Administrators find it in the menu under their name. */
const ownNavigation: NavigationGroup[] = [
  {
    title: "Your account",
    items: [
      { href: "/account", label: "Profile and sessions", icon: CircleUser },
      { href: "/account/password", label: "Password", icon: KeyRound },
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
