// Checks pages in Chromium; one line per fault, and exit code 1 if there is any.
import { mkdirSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const shots = process.env.SCREENSHOTS;
if (shots) mkdirSync(shots, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const faults = [];
const looks = [
  { name: "wide", width: 1280, colorScheme: "light" },
  { name: "dark", width: 1280, colorScheme: "dark" },
  { name: "phone", width: 360, colorScheme: "light" },
  { name: "phone-dark", width: 360, colorScheme: "dark" },
];

for (const file of process.argv.slice(2)) {
  const url = pathToFileURL(resolve(file)).href;
  const expect = (holds, what) => { if (!holds) faults.push(`${basename(file)}: ${what}`); };
  for (const look of looks) {
    const context = await browser.newContext({ viewport: { width: look.width, height: 900 }, colorScheme: look.colorScheme });
    const page = await context.newPage();
    page.on("console", (message) => { if (["error", "warning"].includes(message.type())) expect(false, `console: ${message.text()}`); });
    page.on("pageerror", (error) => expect(false, `script: ${error.message}`));
    page.on("request", (request) => expect(request.url() === url || request.url().startsWith("data:"), `asks for ${request.url()}`));
    await page.goto(url, { waitUntil: "load" });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide <= 0, `${look.name}: ${wide} px too wide`);
    await page.evaluate(() => document.querySelectorAll("details").forEach((one, at) => { one.open = at < 2; }));
    // The page lets no script in that is not its own, and a test is no exception: it comes by the back door.
    const found = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ["violations"] })`);
    for (const one of found.violations.filter((one) => ["serious", "critical"].includes(one.impact))) {
      expect(false, `${look.name}: ${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
    }
    if (shots) await page.screenshot({ path: `${shots}/${basename(file, ".html")}-${look.name}.png`, fullPage: true });
    if (look.name === "wide") {
      await marks(page, expect);
      await sorting(page, expect);
      for (const format of ["A4", "Letter"]) {
        await page.emulateMedia({ media: "print" });
        const paper = await page.pdf({ format, path: shots ? `${shots}/${basename(file, ".html")}-${format}.pdf` : undefined });
        expect(paper.length > 5000, `${format}: nothing to print`);
      }
      // Paper can't be scrolled: at the width of A4 less its margins nothing may stick out.
      await page.setViewportSize({ width: 702, height: 900 });
      const out = await page.evaluate(() => document.documentElement.scrollWidth - 702);
      expect(out <= 0, `print: ${out} px too wide`);
    }
    await context.close();
  }
  const plain = await browser.newContext({ javaScriptEnabled: false });
  const page = await plain.newPage();
  await page.goto(url);
  expect((await page.locator("table").count()) > 0, "no table without script");
  await plain.close();
}
await browser.close();
faults.forEach((fault) => console.error(fault));
console.log(`${process.argv.length - 2} pages, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);

// A circle for each internal score, a square for each external one.
async function marks(page, expect) {
  const counts = await page.evaluate(() => {
    const part = document.querySelector("#csr");
    if (!part) return null;
    const heads = [...part.querySelectorAll("thead th")].map((head) => head.textContent);
    const figures = (name) => [...part.querySelectorAll("tbody tr")].filter((row) => row.cells[heads.indexOf(name)].dataset.v !== "").length;
    const drawn = (what) => part.querySelectorAll(`.row ${what}`).length;
    return { internal: figures("Internal"), circles: drawn("circle"), external: figures("External"), squares: drawn("rect") };
  });
  if (!counts) return;
  const course = await page.evaluate(() => {
    const part = document.querySelector("#trend");
    if (!part) return null;
    const heads = [...part.querySelectorAll("thead th")].map((head) => head.textContent);
    const weeks = [...part.querySelectorAll("tbody tr")].filter((row) => row.cells[heads.indexOf("Score")].dataset.v !== "").length;
    return { weeks, points: part.querySelectorAll(".row circle").length };
  });
  expect(course && course.points > 1 && course.points === course.weeks, `the course: ${JSON.stringify(course)}`);
  expect(counts.circles > 0 && counts.circles === counts.internal, `${counts.circles} circles for ${counts.internal} internal scores`);
  expect(counts.squares > 0 && counts.squares === counts.external, `${counts.squares} squares for ${counts.external} external scores`);
}

// By a click, and by the keyboard back again.
async function sorting(page, expect) {
  const body = page.locator("tbody").filter({ has: page.locator("tr:nth-child(2)") }).first();
  if (!(await body.count())) return;
  const names = () => body.locator("tr > :first-child").allTextContents();
  const before = await names();
  const button = body.locator("xpath=..").locator("thead button").first();
  await button.click();
  const sorted = await names();
  expect(JSON.stringify(sorted) === JSON.stringify([...before].sort((a, b) => a.localeCompare(b))), "a click does not sort");
  await button.press("Enter");
  const back = await names();
  expect(JSON.stringify(back) === JSON.stringify([...sorted].reverse()) || new Set(back).size < back.length, "Enter does not turn the order");
}
