// A certified OpenID provider that signs in, without asking, whom the parameter `login_hint` describes: base64url of the JSON
// of their claims. Without one it says that access was denied, or, where it `asks`, shows a page to write the claims in.
import { exportJWK, generateKeyPair } from "jose";
import Provider from "oidc-provider";

import { form, listen, open } from "./listen.mjs";

export const SECRET = "a secret of the tests: 100% & more";

export async function startHonest(publicUrl, asks) {
  let serve = () => {};
  const { base } = await listen((request, response) => serve(request, response));
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const people = new Map();
  const provider = new Provider(base, {
    clients: [
      {
        client_id: "mentorship",
        client_secret: SECRET,
        redirect_uris: [`${publicUrl}/api/v1/auth/oauth/honest/callback`],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "honest" }] },
    cookies: { keys: ["not a secret"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => people.has(id) && { accountId: id, claims: () => people.get(id) },
  });
  const call = provider.callback();
  serve = (request, response) =>
    request.url.startsWith("/interaction/") ? interact(provider, people, asks, request, response) : call(request, response);
  return base;
}

async function interact(provider, people, asks, request, response) {
  const { params } = await provider.interactionDetails(request, response);
  if (!params.login_hint && asks && request.method === "GET") {
    const page = '<form method="post"><textarea name="claims"></textarea><button>Sign in</button></form>';
    return response.writeHead(200, { "content-type": "text/html" }).end(page);
  }
  if (!params.login_hint && !asks) {
    return provider.interactionFinished(request, response, { error: "access_denied" });
  }
  const claims = params.login_hint ? open(params.login_hint) : JSON.parse((await form(request)).get("claims"));
  people.set(claims.sub, claims);
  const grant = new provider.Grant({ accountId: claims.sub, clientId: params.client_id });
  grant.addOIDCScope("openid email profile");
  const result = { login: { accountId: claims.sub }, consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result);
}
