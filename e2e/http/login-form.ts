import { fromOwnPage, type Got, send } from "./client";

/** Reads the login form. @returns a function that submits it as a browser without scripts does, with Next's fields */
export async function readLoginForm(url: string): Promise<(email: string, password: string) => Promise<Got>> {
  const page = await send(url, { path: "/login" });
  const form = /<form[\s\S]*?<\/form>/.exec(page.body)?.[0] ?? "";
  const hidden = [...form.matchAll(/<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?/g)];
  return async (email, password) => {
    const data = new FormData();
    for (const [, name = "", value = ""] of hidden) data.set(name, value.replaceAll("&quot;", '"'));
    data.set("email", email);
    data.set("password", password);
    const encoded = new Request(url, { method: "POST", body: data });
    return send(url, {
      method: "POST",
      path: "/login",
      headers: { ...fromOwnPage(url), "content-type": encoded.headers.get("content-type") ?? "" },
      body: Buffer.from(await encoded.arrayBuffer()),
    });
  };
}

/** Sends the login form once, as a browser without scripts does. */
export async function submitLogin(url: string, email: string, password: string): Promise<Got> {
  return (await readLoginForm(url))(email, password);
}
