// Verifies a webhook with the reference library of Standard Webhooks for JavaScript: {secret, headers, body} on stdin.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const { secret, headers, body } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(new Webhook(secret).verify(body, headers)));
