import { withInvisibleNamed } from "@/lib/core/plain-text/rules";

/** An issuer name as it is in every token: also what is invisible in it shows. */
export function IssuerName({ name }: { name: string }) {
  return <bdi>{withInvisibleNamed(name)}</bdi>;
}
