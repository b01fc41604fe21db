import { TextLink } from "@/components/ui/text-link";

/** A link on a line of its own, with room around it for a finger that does not move the text. */
export function RoomyLink({ href, children }: { href: string; children: string }) {
  return (
    <TextLink
      href={href}
      className="relative pointer-coarse:after:absolute pointer-coarse:after:inset-x-0 pointer-coarse:after:-inset-y-3"
    >
      {children}
    </TextLink>
  );
}
