import { z } from "zod";

/*
 * zod looks whether it may compile its parsers by `new Function`, as soon as a schema of an object is made; the console's
 * content security policy forbids that. Imported ahead of every schema that reaches the browser.
 */
z.config({ jitless: true });
