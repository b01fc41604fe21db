import { z } from "zod";
import { addressOf, whole } from "../fields/schema";

const tlsModes = ["starttls", "tls", "none"] as const;
/** How the way to the mail server is protected; STARTTLS is insisted on, not tried. */
export type TlsMode = (typeof tlsModes)[number];

const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45})$/;

export const mailSettingsSchema = z.object({
  /** Null: there is no mail server, and mails wait. */
  host: z
    .string({ error: "Enter the server’s name." })
    .regex(HOST, {
      error: "Server must be a host name or an IP address, like smtp.example.org, without a port.",
    })
    .nullable(),
  port: whole("Port", { min: 1, max: 65_535 }),
  tls: z.enum(tlsModes, { error: "Choose how the connection is encrypted." }),
  /** Null: the server wants no login. */
  user: z
    .string({ error: "Enter a user name." })
    .max(255, { error: "User name must have at most 255 characters." })
    .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), {
      error: "User name must not contain control characters.",
    })
    .nullable(),
  /** Null: an address at the host of BASE_URL. */
  fromAddress: addressOf("From address").nullable(),
});
export type MailSettings = z.infer<typeof mailSettingsSchema>;

export const mailSettingsDefaults: MailSettings = {
  host: null,
  port: 587,
  tls: "starttls",
  user: null,
  fromAddress: null,
};
