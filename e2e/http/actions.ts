import { readFileSync } from "node:fs";
import { fromOwnPage, type Got, send } from "./client";

/** A server action in the build's manifest. */
export type BuiltAction = {
  id: string;
  /** The address of its folder and the name of its export: `/login logIn`. */
  title: string;
  name: string;
  /** The address of a page that accepts it. */
  page: string;
};

type Manifest = {
  node: Record<string, { workers: Record<string, unknown>; filename: string; exportedName: string }>;
};

/** Every server action of the build, whether or not a page uses it. */
export function builtActions(): BuiltAction[] {
  const text = readFileSync(".next/server/server-reference-manifest.json", "utf8");
  const manifest: Manifest = JSON.parse(text);
  return Object.entries(manifest.node).map(([id, { workers, filename, exportedName }]) => ({
    id,
    title: `${addressOf(filename)} ${exportedName}`,
    name: exportedName,
    page: addressOf(Object.keys(workers)[0] ?? ""),
  }));
}

/** `app/(console)/settings/security/page` is served at `/settings/security`; titles of its actions begin with that. */
function addressOf(page: string): string {
  const segments = page.split("/").filter((part) => !/^(?:app|page|actions\.ts|\(.*\))$/.test(part));
  return `/${segments.join("/")}`;
}

/** Finds an action by the name of its export. */
export function actionNamed(name: string): BuiltAction {
  const found = builtActions().find((action) => action.name === name);
  if (!found) throw new Error(`There is no action ${name} in the build.`);
  return found;
}

/**
 * Calls an action as our pages' scripts do.
 *
 * @param args the arguments as JSON text: the encoding of plain values in React's reply protocol
 */
export function callAction(
  url: string,
  { id, page }: Pick<BuiltAction, "id" | "page">,
  args: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Got> {
  return send(url, {
    method: "POST",
    path: page,
    headers: {
      "content-type": "text/plain;charset=UTF-8",
      accept: "text/x-component",
      "next-action": id,
      ...fromOwnPage(url),
      ...headers,
    },
    body: args,
  });
}

/** Calls an action behind a form as our pages' scripts do: with the form's previous state, and the fields. */
export async function callFormAction(
  url: string,
  { id, page }: Pick<BuiltAction, "id" | "page">,
  fields: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
): Promise<Got> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(`_1_${name}`, value);
  form.set("0", '[{},"$K1"]');
  const encoded = new Request(url, { method: "POST", body: form });
  return send(url, {
    method: "POST",
    path: page,
    headers: {
      "content-type": encoded.headers.get("content-type") ?? "",
      accept: "text/x-component",
      "next-action": id,
      ...fromOwnPage(url),
      ...headers,
    },
    body: Buffer.from(await encoded.arrayBuffer()),
  });
}

/** An action's result: the row of the RSC payload that its first row refers to; undefined for a page or an error. */
export function answerOf({ body }: Got): unknown {
  const rows = new Map(
    body.split("\n").flatMap((line) => {
      const [, id, json] = /^([0-9a-f]+):(.*)$/.exec(line) ?? [];
      return id !== undefined && json !== undefined ? [[id, json] as const] : [];
    }),
  );
  const reference = /"a":"\$@([0-9a-f]+)"/.exec(rows.get("0") ?? "")?.[1];
  const row = reference === undefined ? undefined : rows.get(reference);
  return row?.startsWith("{") ? JSON.parse(row) : undefined;
}
