// The suite in a process of its own: Node, Deno and Bun. Reads a file of lines or `--measure`, prints what came of it as JSON.
import { readFileSync } from "node:fs";
import process from "node:process";
import { load } from "latchkey";
import { measure, play } from "./suite.mjs";

const latchkey = await load();
const asked = process.argv[2];
const came = asked === "--measure" ? measure(latchkey) : play(latchkey, readFileSync(asked, "utf8").split("\n"));
console.log(JSON.stringify(came));
