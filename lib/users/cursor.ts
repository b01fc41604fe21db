import { z } from "zod";
import { MAX_EMAIL_LENGTH } from "@/lib/core/email/rules";
import { idSchema } from "@/lib/core/id/schema";
import type { UserSort } from "./schema";

/** A keyset cursor of the list: the sort value and the id of the last row. `value` is null for "never logged in". */
export type UsersCursor = { sort: UserSort; value: string | null; id: string };

// The format of `toISOString`. ISO 8601 also allows the year 0 and any number of decimals; PostgreSQL reads neither.
const instant = z.iso.datetime({ precision: 3 }).regex(/^[1-9]/);
const cursorSchema = z.union([
  z.tuple([
    z.literal("email"),
    z
      .string()
      .max(MAX_EMAIL_LENGTH)
      .regex(/^\P{Cc}+$/u),
    idSchema,
  ]),
  z.tuple([z.literal("newest"), instant, idSchema]),
  z.tuple([z.enum(["last-login", "oldest-login"]), instant.nullable(), idSchema]),
]);

/** Encodes a cursor for a URL. */
export function encodeUsersCursor({ sort, value, id }: UsersCursor): string {
  return btoa(encodeURIComponent(JSON.stringify([sort, value, id]))).replace(/=+$/, "");
}

/** Decodes a cursor from `encodeUsersCursor`; null for any other text, and for a cursor of another sort order. */
export function decodeUsersCursor(text: string, sort: UserSort): UsersCursor | null {
  try {
    const [of, value, id] = cursorSchema.parse(JSON.parse(decodeURIComponent(atob(text))));
    return of === sort ? { sort, value, id } : null;
  } catch {
    return null;
  }
}
