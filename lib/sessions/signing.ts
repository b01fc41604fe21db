import "server-only";
import type { RawDb } from "@/lib/core/db";
import type { JwtSettings } from "@/lib/settings/jwt/schema";
import { settingsInForce } from "@/lib/settings/service";
import { currentKey } from "@/lib/tokens/key-ring";
import type { SigningKeyRow } from "@/lib/tokens/store";

/** What the next tokens of a session are signed by: the lifetimes and the key in force. */
export type Signing = { jwt: JwtSettings; key: SigningKeyRow };

/** Reads the lifetimes and the signing key in force. @throws Error on a database that was never set up */
export async function signingInForce(db: RawDb): Promise<Signing> {
  const [settings, key] = await Promise.all([settingsInForce(db), currentKey(db)]);
  return { jwt: settings.jwt.values, key };
}
