"use server";

import { mailEditSchema, testMailSchema } from "@/lib/mail/schema";
import { updateMailSettings } from "@/lib/mail/service/mail-settings";
import { sendTestMail } from "@/lib/mail/service/send-test-mail";
import { adminAction } from "@/lib/request/action";

export const saveMailSettings = adminAction("saveMailSettings", mailEditSchema, updateMailSettings);
export const sendTest = adminAction("sendTest", testMailSchema, sendTestMail);
