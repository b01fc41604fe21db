// Writes Vitest's JSON report without printing the file's name: the file is removed at the end of the run.

import fs from "node:fs/promises";
import { JsonReporter } from "vitest/node";

export default class QuietJsonReporter extends JsonReporter {
  writeReport(report) {
    return fs.writeFile(this.ctx.config.outputFile.json, report);
  }
}
