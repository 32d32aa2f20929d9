// A real Chromium signs in from a page on another origin than the API's, in both modes; and a page that is not allowed cannot.
//   node chromium.mjs '{"api": …, "app": …, "stranger": …, "claims": {…}}'    (origins, and whom the provider is to sign in)
import assert from "node:assert/strict";
import { createServer } from "node:http";

import { chromium } from "playwright-core";

const { api, app, stranger, claims } = JSON.parse(process.argv[2]);
const v1 = `${api}/api/v1`;
const COOKIE = "__Host-mentorship-refresh";

/** What any application does: it keeps a verifier, and the code that it comes back with leaves the address. */
const PAGE = `<!doctype html><title>application</title><button onclick="signIn()">Sign in</button><script>
  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=/g, "");
  async function signIn() {
    sessionStorage.verifier = text(crypto.getRandomValues(new Uint8Array(32)));
    const challenge = text(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(sessionStorage.verifier)));
    const query = new URLSearchParams({ returnTo: location.origin + "/signed-in", codeChallenge: challenge });
    location = "${v1}/auth/oauth/honest/start?" + query;
  }
  window.outcome = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (location.hash) history.replaceState(null, "", location.pathname);
  async function ask(method, path, { body, token, ...more } = {}) {
    const headers = { ...more.headers };
    if (body) headers["Content-Type"] = "application/json";
    if (token) headers.Authorization = "Bearer " + token;
    const answer = await fetch("${v1}" + path, { ...more, method, headers, body: body && JSON.stringify(body) });
    return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
  }
</script>`;

async function serve(origin) {
  const server = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(PAGE));
  await new Promise((ready) => server.listen(new URL(origin).port, "127.0.0.1", ready));
}

/** `ask` in the page; "refused" where the browser lets the page see nothing. */
const ask = (page, ...what) => page.evaluate((what) => ask(...what).catch(() => "refused"), what);

async function signIn(page, mode) {
  await page.goto(app);
  await page.getByRole("button").click();
  await page.getByRole("textbox").fill(JSON.stringify(claims));
  await page.getByRole("button").click();
  await page.waitForURL(`${app}/signed-in`);
  const outcome = await page.evaluate(() => [window.outcome.code, sessionStorage.verifier]);
  const [code, codeVerifier] = outcome;
  assert.ok(code, JSON.stringify(await page.evaluate(() => window.outcome)));
  assert.equal(page.url(), `${app}/signed-in`);
  const own = mode === "COOKIE" ? { credentials: "include", headers: { "X-Mentorship-Client": "spa" } } : {};
  const answer = await ask(page, "POST", "/auth/oauth/exchange", { body: { code, codeVerifier, mode }, ...own });
  assert.equal(answer.status, 200, JSON.stringify(answer));
  return answer.body;
}

async function bearer(context) {
  const page = await context.newPage();
  const tokens = await signIn(page, "BEARER");
  assert.equal((await ask(page, "GET", "/me", { token: tokens.accessToken })).body.email, claims.email);
  const { body: next } = await ask(page, "POST", "/auth/refresh", { body: { refreshToken: tokens.refreshToken } });
  assert.notEqual(next.refreshToken, tokens.refreshToken);
  assert.equal((await ask(page, "GET", "/me", { token: next.accessToken })).status, 200);
  assert.deepEqual(await context.cookies(api), []);
  return next;
}

async function cookie(context) {
  const own = { credentials: "include", headers: { "X-Mentorship-Client": "spa" } };
  const page = await context.newPage();
  const tokens = await signIn(page, "COOKIE");
  assert.equal(tokens.refreshToken, null);
  const kept = (await context.cookies(api)).filter((one) => one.name === COOKIE);
  assert.equal(kept.length, 1, "the browser did not take the cookie");
  assert.deepEqual([kept[0].httpOnly, kept[0].secure, kept[0].sameSite], [true, true, "Strict"]);
  assert.equal(await page.evaluate(() => document.cookie), "");
  await page.reload();
  const again = await ask(page, "POST", "/auth/cookie/refresh", own);
  assert.equal(again.status, 200, JSON.stringify(again));
  assert.equal((await ask(page, "GET", "/me", { token: again.body.accessToken })).body.email, claims.email);
  const unmarked = await ask(page, "POST", "/auth/cookie/refresh", { credentials: "include" });
  assert.equal(unmarked.body.code, "cross_site");

  await strangerIsRefused(context, again.body.accessToken, own);

  assert.equal((await ask(page, "POST", "/auth/cookie/refresh", own)).status, 200);
  assert.equal((await ask(page, "POST", "/auth/cookie/sign-out", own)).status, 204);
  assert.deepEqual((await context.cookies(api)).filter((one) => one.name === COOKIE), []);
  assert.equal((await ask(page, "POST", "/auth/cookie/refresh", own)).status, 401);
}

/** A page on the same site, which the browser sends the cookie for, but of an origin that is not allowed. */
async function strangerIsRefused(context, token, own) {
  const page = await context.newPage();
  await page.goto(stranger);
  assert.equal(await ask(page, "GET", "/me", { token }), "refused");
  assert.equal(await ask(page, "GET", "/auth/providers"), "refused");
  assert.equal(await ask(page, "POST", "/auth/cookie/refresh", own), "refused");
  const before = await context.cookies(api);
  const blind = { method: "POST", mode: "no-cors", credentials: "include" };
  await page.evaluate(([address, blind]) => fetch(address, blind).catch(() => {}), [`${v1}/auth/cookie/refresh`, blind]);
  assert.deepEqual(await context.cookies(api), before, "the cookie was exchanged by a stranger");
  await page.getByRole("button").click();
  await page.waitForURL(`${v1}/**`);
  assert.match(await page.content(), /origin_not_allowed/);
}

await Promise.all([serve(app), serve(stranger)]);
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", ...quiet] });
try {
  await bearer(await browser.newContext());
  await cookie(await browser.newContext());
} finally {
  await browser.close();
}
process.exit(0);
