import { NextRequest } from "next/server";
import { expect, it } from "vitest";
import { passGate } from "@/lib/request/gate";

it.each([
  ["a page", "/audit?kind=login-failed", "/login?next=%2Faudit%3Fkind%3Dlogin-failed"],
  [
    "a file, for the page that offers it",
    "/audit/export?kind=login-failed",
    "/login?next=%2Faudit%3Fkind%3Dlogin-failed",
  ],
  ["the first page", "/", "/login"],
])("whoever is not logged in is led from %s to the login, and then on", async (_what, asked, led) => {
  const answer = await passGate(new NextRequest(new URL(asked, "http://localhost:3000")));
  expect([answer.status, answer.headers.get("location")]).toEqual([303, `http://localhost:3000${led}`]);
});
