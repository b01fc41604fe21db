// Vitest's report as JSON, without the line that names its file: that is gone when somebody reads it.

import fs from "node:fs/promises";
import { JsonReporter } from "vitest/node";

export default class QuietJsonReporter extends JsonReporter {
  writeReport(report) {
    return fs.writeFile(this.ctx.config.outputFile.json, report);
  }
}
