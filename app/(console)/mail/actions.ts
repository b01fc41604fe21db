"use server";

import { resendSchema } from "@/lib/mail/schema";
import { resendMail } from "@/lib/mail/service/outbox";
import { adminAction } from "@/lib/request/action";

export const resend = adminAction("resend", resendSchema, resendMail);
