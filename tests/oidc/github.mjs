// A stand-in for GitHub, which is no OpenID provider. It signs in whom the parameter `as` of its authorization address
// describes: base64url of JSON with `user` and `emails`, as its API answers them.
import { createHash } from "node:crypto";

import { answer, form, listen, open, redirect, seal } from "./listen.mjs";

export async function startGithub() {
  const { base } = await listen(async (request, response) => {
    const url = new URL(request.url, base);
    if (url.pathname === "/login/oauth/authorize") return authorize(url.searchParams, response);
    if (url.pathname === "/login/oauth/access_token") return token(await form(request), response);
    const { as } = open(request.headers.authorization.replace(/^Bearer /i, ""));
    if (!request.headers["user-agent"]) return answer(response, 403, { message: "a user agent is required" });
    if (url.pathname === "/user") return answer(response, 200, as.user);
    if (url.pathname === "/user/emails") return answer(response, 200, as.emails);
    return answer(response, 404, {});
  });
  return base;
}

function authorize(asked, response) {
  const back = new URL(asked.get("redirect_uri"));
  back.searchParams.set("state", asked.get("state"));
  const code = { challenge: asked.get("code_challenge"), scope: asked.get("scope"), as: open(asked.get("as")) };
  back.searchParams.set("code", seal(code));
  redirect(response, back);
}

/** Refusals have the status 200, as GitHub's have. */
function token(sent, response) {
  const { challenge, scope, as } = open(sent.get("code"));
  const proven = createHash("sha256").update(sent.get("code_verifier") ?? "").digest("base64url") === challenge;
  if (!proven || !sent.get("client_secret")) return answer(response, 200, { error: "bad_verification_code" });
  answer(response, 200, { access_token: seal({ as }), token_type: "bearer", scope: scope.replaceAll(" ", ",") });
}
