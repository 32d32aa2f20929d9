import { createServer } from "node:http";

/** Serves `handle` on a free port of loopback; answers its address. */
export async function listen(handle) {
  const server = createServer(handle);
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { server, base: `http://127.0.0.1:${server.address().port}` };
}

export function answer(response, status, body, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

export function redirect(response, address) {
  response.writeHead(302, { location: address.toString() });
  response.end();
}

export async function form(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

export const seal = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
export const open = (text) => JSON.parse(Buffer.from(text, "base64url").toString());
