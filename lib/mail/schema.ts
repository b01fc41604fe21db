/** The kinds of mail, each with the values that its template needs. Times are ISO instants. */
export type MailValues = {
  "account-locked": {
    email: string;
    attempts: number;
    lockedAt: string;
    lockedUntil: string | null;
    address: string;
    userAgent: string;
  };
  "account-locked-owner": {
    attempts: number;
    lockedAt: string;
    lockedUntil: string | null;
    address: string;
    userAgent: string;
    unlockUrl: string;
  };
  "password-reset-forced": { resetUrl: string; expiresAt: string };
  "password-changed": { changedAt: string; address: string; userAgent: string };
};
export type MailKind = keyof MailValues;

/** A mail about to be written into the outbox. */
export type Mail = {
  [K in MailKind]: {
    kind: K;
    /** Exactly as stored with the account or in the settings, never as somebody typed it. */
    recipient: string;
    userId: string | null;
    values: MailValues[K];
  };
}[MailKind];
