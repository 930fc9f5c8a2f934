// Prints each document on standard input again, once in each style that is named.
//
// A line in is one JSON text. A line out is the printed bytes in Base64, or `!` where
// the text cannot be read or printed. The first style comes first, with all documents.
import { readFileSync } from "node:fs";

const styles = {
  "javascript-stringify": (value) => JSON.stringify(value),
  "javascript-stringify-indent-2": (value) => JSON.stringify(value, null, 2),
  "javascript-stringify-indent-4": (value) => JSON.stringify(value, null, 4),
  "javascript-stringify-tab": (value) => JSON.stringify(value, null, "\t"),
};

const documents = readFileSync(0, "utf8").split("\n").slice(0, -1);
const lines = [];
for (const code of process.argv.slice(2)) {
  for (const text of documents) {
    try {
      lines.push(Buffer.from(styles[code](JSON.parse(text)), "utf8").toString("base64"));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      lines.push("!");
    }
  }
}
process.stdout.write(lines.join("\n") + "\n");
