import { proofError } from "@/app/api/proof-error";
import type { ReplaceJwtFailure } from "@/lib/jwt-security/service/replace-settings";
import { RestError } from "@/lib/request/rest-errors";

const PROOF_REQUIRED =
  "Another key or issuer requires a login within the last five minutes, or currentPassword in the body.";

/** Returns the REST error for JWT settings that were not saved. */
export function jwtSettingsError(failure: ReplaceJwtFailure): RestError {
  switch (failure.code) {
    case "invalid":
      return new RestError("bad-request", { fieldErrors: failure.fieldErrors });
    case "conflict":
      return new RestError("conflict");
    // Not 401: clients react to that by refreshing the token, which proves nothing about the person.
    case "proof-required":
      return new RestError("forbidden", { message: PROOF_REQUIRED });
    default:
      return proofError(failure);
  }
}
