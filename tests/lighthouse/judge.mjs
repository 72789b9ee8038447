// Asks Lighthouse what it thinks of the pages, as a phone sees them: `make lighthouse`.
//
//   node judge.mjs LOCAL HANDLER
//
// Starts the app with its neighbours on free ports, goes the way of a recipient in the Chromium on the PATH, and judges each
// page on it. Ends with 1 where a page has less than 95 in accessibility or best practices.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const LEAST = 95;
const CATEGORIES = ["accessibility", "best-practices", "performance"];
const [local, handler] = process.argv.slice(2);
const chromium = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();

const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const [PORT_APP, PORT_SIGN_IN, PORT_MAILBOX, PORT_SMTP, PORT_WEBHOOK] =
  [await freePort(), await freePort(), await freePort(), await freePort(), await freePort()];
const app = `http://127.0.0.1:${PORT_APP}`;
const dir = mkdtempSync(join(tmpdir(), "lighthouse-"));
const stack = spawn(local, [handler], {
  env: { ...process.env, PORT_APP, PORT_SIGN_IN, PORT_MAILBOX, PORT_SMTP, PORT_WEBHOOK, LOCAL_DIR: dir },
  stdio: ["ignore", "ignore", "inherit"],
});
const ended = new Promise((resolve) => stack.once("exit", resolve));

const invite = async () => {
  for (let tries = 0; ; tries += 1) {
    try {
      const answer = await fetch(`${app}/api/Invitations`, {
        method: "POST",
        headers: { "x-functions-key": "local-host-key", "content-type": "application/json" },
        body: JSON.stringify({
          recipient: { email: "anna.meier@meier-praezision.example", firstName: "Anna", lastName: "Meier", locale: "en" },
          inviter: { name: "Thomas Keller", organization: "GFMS" },
          company: { name: "Meier Präzision AG", street: "Seestrasse 12", postalCode: "8002", city: "Zürich", country: "CH" },
        }),
      });
      if (answer.status === 201) return (await answer.json()).link;
      throw new Error(`the invitation was not created: ${answer.status}`);
    } catch (error) {
      if (tries > 300 || stack.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};

let worst = 100;
const judge = async (page, name, url) => {
  const flags = { onlyCategories: CATEGORIES, disableStorageReset: true, output: "json", logLevel: "error" };
  const { lhr } = await lighthouse(url, flags, undefined, page);
  const scores = CATEGORIES.map((category) => Math.round(lhr.categories[category].score * 100));
  console.log(`${name.padEnd(14)} ${CATEGORIES.map((category, i) => `${category} ${scores[i]}`).join("   ")}`);
  for (const category of CATEGORIES.slice(0, 2)) {
    for (const { id, weight } of lhr.categories[category].auditRefs) {
      const { score, title } = lhr.audits[id];
      if (weight && score !== null && score < 1) console.log(`    ${category}: ${title}`);
    }
  }
  worst = Math.min(worst, scores[0], scores[1]);
};

const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
try {
  const link = await invite();
  const page = await browser.newPage();
  const press = async (selector) => {
    await page.waitForSelector(selector);
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
  };
  await judge(page, "invitation", link);
  await page.goto(link);
  for (const selector of ["#get-started", "#next", "#next", "#accept"]) await press(selector);
  await judge(page, "company", `${app}/api/CreateCompany`);
  await page.goto(`${app}/api/CreateCompany`);
  await press("#create-company");
  await judge(page, "welcome", `${app}/api/Welcome`);
} finally {
  await browser.close();
  stack.kill("SIGTERM");
  await ended;
  rmSync(dir, { recursive: true, force: true });
}
process.exitCode = worst < LEAST ? 1 : 0;
