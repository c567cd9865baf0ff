// Opens pages in one headless browser and says what happened.
//
// In: JSON lines on stdin, each {page, fragment, width, height, dark, print, javascript, keys, axe,
// evaluate, screenshot, pdf}; out: a JSON line for each. CHROMIUM names the browser.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(import.meta.url);
const WebSocket = require("ws");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const profile = mkdtempSync(join(tmpdir(), "browse-"));
const browser = spawn(
  process.env.CHROMIUM,
  ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-extensions", "--disable-background-networking", "--hide-scrollbars",
    "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"],
  { stdio: ["ignore", "ignore", "pipe"] },
);

const address = await new Promise((resolve, reject) => {
  let said = "";
  browser.stderr.on("data", (piece) => {
    said += piece;
    const found = said.match(/DevTools listening on (ws:\S+)/);
    if (found) resolve(found[1]);
  });
  browser.on("exit", () => reject(new Error(said)));
});

const socket = new WebSocket(address, { perMessageDeflate: false });
await new Promise((resolve) => socket.on("open", resolve));
let asked = 0;
const waiting = new Map();
let heard = () => {};
socket.on("message", (data) => {
  const message = JSON.parse(data);
  if (message.id) {
    const { resolve, reject } = waiting.get(message.id);
    waiting.delete(message.id);
    message.error ? reject(new Error(message.error.message)) : resolve(message.result);
  } else heard(message);
});
function ask(method, params = {}, sessionId = undefined) {
  const id = ++asked;
  socket.send(JSON.stringify({ id, method, params, sessionId }));
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

async function look(job) {
  const { targetId } = await ask("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await ask("Target.attachToTarget", { targetId, flatten: true });
  const say = (method, params) => ask(method, params, sessionId);
  const found = { requests: [], problems: [] };
  let loaded;
  const load = new Promise((resolve) => { loaded = resolve; });
  heard = ({ method, params }) => {
    if (method === "Page.loadEventFired") loaded();
    if (method === "Network.requestWillBeSent") found.requests.push(params.request.url);
    if (method === "Log.entryAdded") found.problems.push(params.entry.text);
    if (method === "Runtime.exceptionThrown") found.problems.push(params.exceptionDetails.text);
    if (method === "Page.javascriptDialogOpening") found.problems.push(`dialog ${params.message}`);
  };
  await Promise.all(["Page", "Network", "Log", "Runtime"].map((each) => say(`${each}.enable`)));
  await say("Emulation.setDeviceMetricsOverride", {
    width: job.width ?? 1280, height: job.height ?? 900, deviceScaleFactor: 1,
    mobile: (job.width ?? 1280) < 600,
  });
  await say("Emulation.setEmulatedMedia", {
    media: job.print ? "print" : "",
    features: [{ name: "prefers-color-scheme", value: job.dark ? "dark" : "light" }],
  });
  if (job.javascript === false) {
    await say("Emulation.setScriptExecutionDisabled", { value: true });
  }
  const began = performance.now();
  await say("Page.navigate", { url: job.page + (job.fragment ?? "") });
  await load;
  found.milliseconds = performance.now() - began;
  const value = async (expression) => {
    const { result, exceptionDetails } = await say("Runtime.evaluate", {
      expression, awaitPromise: true, returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description);
    return result.value;
  };
  for (const { focus, key, code, times } of job.keys ?? []) {
    await value(`document.querySelector(${JSON.stringify(focus)}).focus()`);
    for (let k = 0; k < (times ?? 1); k++)
      for (const type of ["rawKeyDown", "keyUp"])
        await say("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: code });
  }
  if (job.evaluate) found.value = await value(job.evaluate);
  if (job.axe) {
    await say("Page.setBypassCSP", { enabled: true });
    await value(AXE);
    found.violations = await value(
      `axe.run(document, ${JSON.stringify(job.axe === true ? {} : job.axe)}).then((r) =>
        r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html.slice(0, 300),
          v.nodes[0].failureSummary]))`,
    );
  }
  if (job.screenshot) {
    const { data } = await say("Page.captureScreenshot", {
      format: "png",
    });
    writeFileSync(job.screenshot, Buffer.from(data, "base64"));
  }
  if (job.pdf) {
    const { data } = await say("Page.printToPDF", {
      preferCSSPageSize: true, printBackground: true,
    });
    writeFileSync(job.pdf, Buffer.from(data, "base64"));
  }
  await ask("Target.closeTarget", { targetId });
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await look(JSON.parse(line));
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
socket.close();
browser.kill();
await new Promise((resolve) => { browser.exitCode === null ? browser.on("exit", resolve) : resolve(); });
rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
