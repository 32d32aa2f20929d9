// A provider that answers wrongly as the parameter `forge` of its authorization address asks: base64url of JSON with
//   claims  what the ID token says otherwise (null: not at all); now: its time in seconds
//   alg, kid, key   how it is signed: "none", "HS256" with the client's secret, with a key of which nobody knows ("stranger"),
//           or with one that is published only from then on ("new")
//   iss, error      what the callback is told
//   token   how the token endpoint fails: a status, "hang", "huge", "redirect" or "garbage"
// At /liar its discovery names another issuer. /requests tells how often its keys were fetched.
import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from "jose";

import { SECRET } from "./honest.mjs";
import { answer, form, listen, open, redirect, seal } from "./listen.mjs";

export async function startForger() {
  const keys = {};
  const published = [];
  for (const kid of ["usual", "new", "stranger"]) keys[kid] = await generateKeyPair("ES256");
  const publish = async (kid) => published.push({ ...(await exportJWK(keys[kid].publicKey)), kid, alg: "ES256", use: "sig" });
  await publish("usual");
  let fetched = 0;

  const routes = {
    "/.well-known/openid-configuration": (_, response) => answer(response, 200, discovery(base, base)),
    "/liar/.well-known/openid-configuration": (_, response) => answer(response, 200, discovery(base, base)),
    "/keys": (_, response) => answer(response, 200, { keys: published }, { "x-fetched": ++fetched }),
    "/requests": (_, response) => answer(response, 200, { keys: fetched }),
    "/authorize": (request, response) => authorize(base, request, response),
    "/token": (request, response) => token(request, response),
  };

  async function token(request, response) {
    const { nonce, clientId, forge } = open((await form(request)).get("code"));
    if (forge.token === "hang") return;
    if (forge.token === "huge") return answer(response, 200, JSON.stringify({ padding: "a".repeat(2 << 20) }));
    if (forge.token === "redirect") return redirect(response, `${base}/token`);
    if (forge.token === "garbage") return answer(response, 200, "<html>");
    if (forge.token) return answer(response, forge.token, { error: "invalid_grant" });
    if (forge.key === "new" && published.length === 1) await publish("new");
    const id_token = await sign(nonce, clientId, forge);
    answer(response, 200, { access_token: "unused", token_type: "Bearer", id_token });
  }

  async function sign(nonce, clientId, forge) {
    const now = forge.now ?? Math.floor(Date.now() / 1000);
    const claims = {
      iss: base,
      aud: clientId,
      sub: "forged",
      email: "forged@example.org",
      email_verified: true,
      nonce,
      iat: now,
      exp: now + 300,
      ...forge.claims,
    };
    for (const [name, value] of Object.entries(claims)) if (value === null) delete claims[name];
    if (forge.alg === "none") return new UnsecuredJWT(claims).encode();
    const kid = forge.kid ?? forge.key ?? "usual";
    if (forge.alg === "HS256") return new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid }).sign(Buffer.from(SECRET));
    return new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid }).sign(keys[forge.key ?? "usual"].privateKey);
  }

  const { base } = await listen((request, response) => {
    const route = routes[new URL(request.url, base).pathname];
    return route ? route(request, response) : answer(response, 404, {});
  });
  return base;
}

function discovery(issuer, base) {
  return {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    jwks_uri: `${base}/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
  };
}

function authorize(base, request, response) {
  const asked = new URL(request.url, base).searchParams;
  const forge = open(asked.get("forge"));
  const back = new URL(asked.get("redirect_uri"));
  back.searchParams.set("state", asked.get("state"));
  if (forge.iss) back.searchParams.set("iss", forge.iss);
  if (forge.error) back.searchParams.set("error", forge.error);
  else back.searchParams.set("code", seal({ nonce: asked.get("nonce"), clientId: asked.get("client_id"), forge }));
  redirect(response, back);
}
