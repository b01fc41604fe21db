import { z } from "zod";
import { contract } from "@/lib/request/contract";

export const openApiCall = contract({
  method: "GET",
  path: "/api/openapi.json",
  summary: "This OpenAPI document.",
  access: "anyone",
  answer: z.looseObject({ openapi: z.literal("3.1.0") }),
});
