// An OpenID provider that nobody here wrote, with the claims of Entra ID. Prints its port; then takes one line of JSON:
// {client: {id, secret, redirect}, accounts: {LOGIN: CLAIMS}}. Ends with its stdin.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

const lines = createInterface({ input: process.stdin });
const order = new Promise((resolve) => lines.once("line", (line) => resolve(JSON.parse(line))));
lines.once("close", () => process.exit());

// It says at every start that its login pages are for development only.
console.info = console.warn = () => {};
// What takes long, before the port is printed: the app waits only so long for an answer.
const { Provider } = await import("oidc-provider");
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

// Requests that come before the order wait for it.
const server = createServer(async (request, response) => (await handler)(request, response));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address();
console.log(port);

const handler = order.then(({ client, accounts }) => {
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirect],
        response_types: ["code"],
        grant_types: ["authorization_code"],
        token_endpoint_auth_method: "client_secret_post",
        id_token_signed_response_alg: "RS256",
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: randomUUID() }] },
    cookies: { keys: [randomUUID()] },
    pkce: { required: () => true },
    claims: { openid: ["sub", "tid", "oid"], email: ["email", "xms_edov"], profile: ["preferred_username"] },
    // As Entra ID does, it puts what the scopes ask for into the ID token.
    conformIdTokenClaims: false,
    findAccount: (_, login) => accounts[login] && { accountId: login, claims: () => ({ sub: login, ...accounts[login] }) },
    features: { devInteractions: { enabled: true } },
  });
  provider.on("server_error", (_, error) => console.error(error));
  return provider.callback();
});
