import { History, type LucideIcon, Mail, ServerCog, ShieldCheck } from "lucide-react";

type NavigationItem = { href: string; label: string; icon: LucideIcon };
type NavigationGroup = { title: string; items: NavigationItem[] };

/** What the sidebar shows, in its order. A new page adds its line here and is then everywhere. */
export const navigation: NavigationGroup[] = [
  {
    title: "Security",
    items: [{ href: "/settings/security", label: "Security settings", icon: ShieldCheck }],
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

/** Whether a page lies at or under an item's address. */
export function isWithin(pathname: string, href: string): boolean {
  return pathname === href || pathname.startsWith(`${href}/`);
}
