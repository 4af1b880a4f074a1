import { createHash, randomBytes } from "node:crypto";
import { text as readAll } from "node:stream/consumers";
import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { endpointProblem } from "openclaw/plugin-sdk/net";
import { grant, GrantRefused } from "../oauth-grant.ts";
import { awaitCode } from "./auth-callback.ts";
import { providerOf, refused, settingsOf } from "./place.ts";
import { AGENT, PROFILE_ID, PROVIDER, saveProfile } from "./save-profile.ts";

/** `openclaw models auth login <provider>`: a sign-in in the browser (RFC 7636), whose tokens are renewed from then on. */
export default defineCommand({
  local: true,
  options: {
    provider: PROVIDER,
    paste: { type: "boolean", describe: "read from stdin where the browser ended, when it is on another machine" },
    "profile-id": PROFILE_ID,
    agent: AGENT,
  },
  async run(context) {
    const provider = providerOf(context);
    const path = `models.providers.${provider}.oauth`;
    const client = settingsOf(context).providers()[provider]?.oauth;
    const { authorizeUrl } = client ?? {};
    if (!client || authorizeUrl === undefined)
      throw refused(
        `${provider} has no sign-in here: ${path} needs authorizeUrl, tokenUrl and clientId`,
        `with a key: openclaw models auth add ${provider}`,
      );
    const problem = endpointProblem(`${path}.authorizeUrl`, authorizeUrl);
    if (problem !== undefined) throw refused(problem);
    const state = randomBytes(24).toString("base64url");
    const verifier = randomBytes(48).toString("base64url");
    const callback = await awaitCode(state, client.redirectPort ?? 0);
    try {
      const address = new URL(authorizeUrl);
      const words = {
        response_type: "code",
        client_id: client.clientId,
        redirect_uri: callback.url,
        state,
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
        ...(client.scopes && { scope: client.scopes.join(" ") }),
      };
      for (const [name, value] of Object.entries(words)) address.searchParams.set(name, value);
      process.stderr.write(`Open this address in a browser and say yes:\n${address.href}\n`);
      const code =
        context.args["paste"] === true ? callback.read((await readAll(process.stdin)).trim()) : await callback.code;
      const { access, refresh, expires } = await grant(provider, client, {
        grant_type: "authorization_code",
        code,
        redirect_uri: callback.url,
        code_verifier: verifier,
      });
      const profile = { type: "oauth" as const, provider, access, expires, ...(refresh !== undefined && { refresh }) };
      await saveProfile(context, profile, "oauth");
    } catch (error) {
      if (error instanceof GrantRefused)
        throw new CliError(`not signed in to ${provider}: ${error.message}`, { code: "REFUSED", cause: error });
      throw error;
    } finally {
      callback.close();
    }
  },
});
