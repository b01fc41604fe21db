// Is loaded into the programs that scripts/run.js runs, before anything else.

const { whenParentEnds } = require("./parent.js");

whenParentEnds(() => process.exit(1));
