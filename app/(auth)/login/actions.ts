"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { leaveSession } from "@/lib/auth/leave-session";
import { signInWithPassword } from "@/lib/auth/sign-in";
import { buttonAction, formAction, formText } from "@/lib/request/action";
import { pageAfterLogin } from "@/lib/request/start-page";
import {
  failureState,
  incompleteState,
  type LoginState,
  refusalState,
  resetRequiredState,
} from "./login-state";

export const logIn = formAction<LoginState>(async (_actor, form) => {
  const [email, password] = [formText(form, "email"), formText(form, "password")];
  if (email.trim() === "" || password === "") return incompleteState(email);
  const result = await signInWithPassword({ email, password });
  if (result.ok) redirect(pageAfterLogin(result.person, formText(form, "next")));
  if (result.code === "password-expired") redirect("/password-expired");
  if (result.code === "reset-required") return resetRequiredState(email, result.isMailed);
  return refusalState(result, email);
}, failureState);

export const logOut = buttonAction(async (actor) => {
  await leaveSession(actor);
  // Has the router forget its pages. Without a cookie to delete, because another tab has logged out, it would show them
  // to whoever goes back before the login page is loaded anew.
  revalidatePath("/", "layout");
  redirect("/login?notice=logged-out");
});
