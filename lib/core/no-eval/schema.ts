import { z } from "zod/mini";

/*
 * When the first object schema is created, zod tests whether it may compile parsers with `new Function`, which violates
 * the console's content security policy. Import this module before every schema that reaches the browser.
 */
z.config({ jitless: true });
