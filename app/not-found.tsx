import type { Metadata } from "next";
import { NotFoundLater } from "./not-found-later";

export const metadata: Metadata = { title: "Page not found" };

export default function NotFound() {
  return <NotFoundLater />;
}
