/** A server of the benchmark's own, with 10,000 contacts in one account and 100,000 in another. */
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const EMAIL = "bench@mainstay.local";
export const PASSWORD = "correct horse battery";

const FIRST = ["Ana", "Marta", "Mateo", "Isla", "Liam", "Sofía", "Ava", "Oskar", "Elena", "Noah", "Giulia", "Javier"];
const LAST = ["Larsen", "Fernández", "Conti", "Taylor", "Laurent", "Rossi", "Smith", "Sánchez", "Schmidt", "Vidal"];
const STAGES = ["lead", "qualified", "opportunity", "customer", "former"];

const MAPPING = `
[data]
currency = "EUR"

[[step]]
name = "companies"
file = "companies.csv"
collection = "companies"
key = ["name"]

[step.fields]
name = "name"

[[step]]
name = "contacts"
file = "contacts.csv"
collection = "contacts"
key = ["email"]

[step.fields]
firstName = "first"
lastName = "last"
email = "email"
phone = "phone"
lifecycle = "lifecycle"
company = { column = "company", match = "name" }
`;

/** Starts the server on a port that the kernel picks and resolves with its address. */
export async function start(binary) {
  const folder = mkdtempSync(join(tmpdir(), "mainstay-bench-web-"));
  const env = {
    ...process.env,
    MAINSTAY_DATA: join(folder, "data"),
    MAINSTAY_DEMO: "0",
    MAINSTAY_LISTEN: "127.0.0.1:0",
    MAINSTAY_ADMIN_EMAIL: EMAIL,
    MAINSTAY_ADMIN_PASSWORD: PASSWORD,
  };
  delete env.DATABASE_URL;
  const { child, url } = await serve(binary, env, folder);
  const stop = async () => {
    child.kill("SIGTERM");
    await new Promise((done) => child.once("exit", done));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const [slug, rows] of [["ten", 10_000], ["hundred", 100_000]]) {
      fill(binary, env, folder, slug, rows);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function serve(binary, env, folder) {
  const child = spawn(binary, ["serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(join(folder, "server.log"));
  child.stderr.pipe(log);
  const url = await new Promise((found, failed) => {
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
      const at = /Mainstay is ready at (\S+)/.exec(said);
      if (at) found(at[1]);
    });
    child.once("exit", (code) => failed(new Error(`the server ended with ${code}\n${said}`)));
  });
  return { child, url };
}

function fill(binary, env, folder, slug, rows) {
  const companies = Array.from({ length: rows / 20 }, (_, at) => `Company ${slug} ${at}`);
  writeFileSync(join(folder, "companies.csv"), `name\n${companies.join("\n")}\n`);
  const lines = ["first,last,email,phone,lifecycle,company"];
  for (let at = 0; at < rows; at++) {
    const first = FIRST[at % FIRST.length];
    const last = LAST[Math.floor(at / FIRST.length) % LAST.length];
    const phone = `+34 600 ${String(at).padStart(6, "0")}`;
    const company = companies[at % companies.length];
    lines.push(`${first},${last},c${at}@${slug}.example,${phone},${STAGES[at % STAGES.length]},${company}`);
  }
  writeFileSync(join(folder, "contacts.csv"), `${lines.join("\n")}\n`);
  const mapping = join(folder, "mapping.toml");
  writeFileSync(mapping, MAPPING);
  const args = ["import", mapping, "--data", folder, "--account", slug, "--create"];
  const done = spawnSync(binary, args, { env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`import failed\n${done.stdout}\n${done.stderr}`);
}
