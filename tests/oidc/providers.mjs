// The sign-in providers of the tests, each on a free port of loopback: prints their addresses as one line of JSON when they
// are ready, and ends with its standard input.
//   node providers.mjs PUBLIC_URL [ask]
import { startForger } from "./forger.mjs";
import { startGithub } from "./github.mjs";
import { startHonest } from "./honest.mjs";

// The first line alone is read.
console.info = console.warn = console.error;

const [publicUrl, ask] = process.argv.slice(2);
const [honest, forger, github] = await Promise.all([startHonest(publicUrl, ask === "ask"), startForger(), startGithub()]);
console.log(JSON.stringify({ honest, forger, github }));
process.stdin.on("end", () => process.exit(0)).resume();
