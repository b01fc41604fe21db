import { z } from "zod";
import { contract } from "@/lib/request/contract";

export const systemInfoCall = contract({
  method: "GET",
  path: "/api/system/info",
  summary: "The version of ThingsBoard whose calls these are. Its Dart client asks before anything else.",
  access: "person",
  answer: z.object({
    version: z.string().meta({ description: "ThingsBoard's version, not Gatehouse's.", examples: ["4.0.0"] }),
    artifact: z.string().meta({ description: "The product's short name.", examples: ["gatehouse"] }),
    name: z.string().meta({ description: "The product's name.", examples: ["Gatehouse"] }),
  }),
});
