// Drives the API with the client of @hey-api/openapi-ts.
import assert from "node:assert/strict";
import { createClient } from "./generated/client/index.js";
import { client } from "./generated/client.gen.js";
import * as api from "./generated/index.js";
import { compressed, done, env, inviter, much, since, some, staleTag, unknownId } from "./samples.js";

const auth = () => env("KEY");
client.setConfig({ baseUrl: env("BASE"), auth });
/** Of an instance with a webhook. */
const hooked = createClient({ baseUrl: env("HOOKED"), auth });
const zipping = createClient({ baseUrl: env("BASE"), auth, headers: compressed });

function draft(email: string): api.NewInvitation {
  return {
    recipient: { email, firstName: "Anna", lastName: "Meier" },
    inviter,
    company: { name: "Example AG", street: "Seestrasse 12", postalCode: "8002", city: "Zürich", country: "CH" },
    sendEmail: false,
  };
}

interface Answer {
  response?: Response | undefined;
  error?: unknown;
}

/** The host's own 401 has no body, so that an error is typed as unknown. */
function refused(answer: Answer, status: number, kind: string): api.Problem {
  assert.equal(some(answer.response).status, status);
  const error = answer.error;
  assert(typeof error === "object" && error !== null && "type" in error);
  assert.equal(error.type, `urn:onboarding:problem:${kind}`);
  return error as api.Problem;
}

function header(answer: Answer, name: string): string {
  return some(some(answer.response).headers.get(name));
}

async function create(email: string) {
  const created = await api.createInvitation({ body: draft(email) });
  assert.equal(some(created.response).status, 201);
  return some(created.data);
}

async function creates() {
  const created = await create("hey@example.com");
  assert(some(created.link).includes("invitationId="));

  const headers = { "Idempotency-Key": `hey-${Date.now()}` };
  const first = await api.createInvitation({ headers, body: draft("once@example.com") });
  const again = await api.createInvitation({ headers, body: draft("once@example.com") });
  assert.equal(some(first.data).id, some(again.data).id);
  const other = await api.createInvitation({ headers, body: draft("other@example.com") });
  refused(other, 422, "idempotency-key-reused");
  const invalid = refused(await api.createInvitation({ body: draft("nobody") }), 422, "invalid-fields");
  assert.equal(invalid.errors?.[0]?.pointer, "/recipient/email");
  const zipped = await api.createInvitation({ client: zipping, body: draft("zip@example.com") });
  refused(zipped, 415, "unsupported-media-type");
  done("create_invitation", 201, 415, 422);

  const batch = await api.createInvitations({ body: [draft("batch@example.com"), draft("nobody")] });
  const [good, bad] = some(batch.data);
  assert(good && "invitation" in good && good.invitation.recipient?.email === "batch@example.com");
  assert(bad && "problem" in bad && bad.problem.status === 422);
  const large = Array.from({ length: 100 }, () => ({ ...draft("large@example.com"), metadata: much }));
  refused(await api.createInvitations({ body: large }), 413, "too-large");
  done("create_invitations", 200, 413);
}

async function lists() {
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = some((await api.listInvitations({ query: { status: ["pending"], limit: 2, cursor: cursor ?? "" } })).data);
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor;
  }
  assert(seen.length >= 3 && new Set(seen).size === seen.length);
  const invalid = refused(await api.listInvitations({ query: { limit: 1000 } }), 400, "invalid-parameters");
  assert.equal(invalid.errors?.[0]?.parameter, "limit");
  done("list_invitations", 200, 400);
}

async function reads(id: string) {
  const path = { id };
  const read = await api.getInvitation({ path });
  assert.equal(some(read.data).timeline?.[0]?.type, "invitation.created");
  const same = await api.getInvitation({ path, headers: { "If-None-Match": header(read, "etag") } });
  assert.equal(some(same.response).status, 304);
  refused(await api.getInvitation({ path: { id: unknownId } }), 404, "unknown-invitation");
  done("get_invitation", 200, 304, 404);
}

async function patches(id: string) {
  const path = { id };
  const body = { recipient: { firstName: "Ann" }, metadata: { order: "4711" }, message: null };
  const patched = await api.updateInvitation({ path, body });
  assert.equal(some(patched.data).metadata?.["order"], "4711");
  const headers = { "If-Match": header(patched, "etag") };
  const patch = (order: string) => api.updateInvitation({ path, headers, body: { metadata: { order } } });
  assert.equal(some((await patch("4712")).data).metadata?.["order"], "4712");
  refused(await patch("4713"), 412, "precondition-failed");
  const misspelt = await api.updateInvitation({ path, body: { recipient: { email: "" } } });
  assert.equal(refused(misspelt, 422, "invalid-fields").errors?.[0]?.pointer, "/recipient/email");
  refused(await api.updateInvitation({ client: zipping, path, body }), 415, "unsupported-media-type");
  refused(await api.updateInvitation({ path: { id: unknownId }, body }), 404, "unknown-invitation");
  done("update_invitation", 200, 404, 412, 415, 422);
}

async function resends(id: string) {
  const path = { id };
  const quiet = await api.resendInvitation({ path, body: { sendEmail: false } });
  assert.equal(some(quiet.data).sendEmail, false);
  let resent = await api.resendInvitation({ path });
  assert.equal(some(resent.data).id, id);
  for (let emails = 1; emails <= 5; emails += 1) resent = await api.resendInvitation({ path });
  refused(resent, 429, "too-many-emails");
  assert(Number(header(resent, "retry-after")) > 80_000);
  done("resend_invitation", 200, 429);
}

/** What each action refuses of an invitation that is revoked, another version or unknown. */
async function actions(id: string) {
  const path = { id };
  const stale = { path, headers: { "If-Match": staleTag } };
  const unknown = { path: { id: unknownId } };
  const revealed = await api.revealLink({ path });
  assert(some(some(revealed.data).link).includes("invitationId="));
  refused(await api.revealLink(stale), 412, "precondition-failed");
  refused(await api.revealLink(unknown), 404, "unknown-invitation");
  done("reveal_link", 200, 404, 412);

  refused(await api.resendInvitation(stale), 412, "precondition-failed");
  refused(await api.resendInvitation(unknown), 404, "unknown-invitation");

  const body = { reason: "by mistake" };
  const revoke = (tag: string) => api.revokeInvitation({ path, body, headers: { "If-Match": tag } });
  let revoked = await revoke(staleTag);
  refused(revoked, 412, "precondition-failed");
  // Deliveries in the background change the tag, too.
  while (some(revoked.response).status === 412) revoked = await revoke(header(revoked, "etag"));
  assert.equal(some(revoked.data).revokeReason, "by mistake");
  refused(await api.revokeInvitation({ path }), 409, "invalid-state");
  refused(await api.revokeInvitation(unknown), 404, "unknown-invitation");
  done("revoke_invitation", 200, 404, 409, 412);

  refused(await api.resendInvitation({ path }), 409, "invalid-state");
  done("resend_invitation", 404, 409, 412);
  refused(await api.updateInvitation({ path, body: { message: null } }), 409, "invalid-state");
  done("update_invitation", 409);

  refused(await api.eraseInvitation(stale), 412, "precondition-failed");
  refused(await api.eraseInvitation(unknown), 404, "unknown-invitation");
  const erased = await api.eraseInvitation({ path });
  assert(some(erased.data).erasedAt && some(erased.data).recipient === undefined);
  done("erase_invitation", 200, 404, 412);
}

async function webhooks(id: string) {
  const path = { id };
  const redelivered = await api.redeliverInvitation({ client: hooked, path });
  assert.equal(some(redelivered.data).id, id);
  const stale = { client: hooked, path, headers: { "If-Match": staleTag } };
  refused(await api.redeliverInvitation(stale), 412, "precondition-failed");
  refused(await api.redeliverInvitation({ path }), 404, "not-found");
  done("redeliver_invitation", 200, 404, 412);

  const test = await api.testWebhook({ client: hooked });
  assert.deepEqual(test.data, { accepted: true });
  refused(await api.testWebhook(), 404, "not-found");
  done("test_webhook", 200, 404);

  const again = await api.redeliverEvents({ query: { since } });
  assert.equal(new Date(some(again.data).since).getTime(), new Date(since).getTime());
  done("redeliver_events", 202);
}

async function companies() {
  const path = { id: env("COMPANY") };
  const company = await api.getCompany({ path });
  const customerNumber = some(some(company.data).customerNumber);
  assert.equal(some(company.data).members[0]?.role, "created");
  const same = await api.getCompany({ path, headers: { "If-None-Match": header(company, "etag") } });
  assert.equal(some(same.response).status, 304);
  refused(await api.getCompany({ path: { id: crypto.randomUUID() } }), 404, "unknown-company");
  done("get_company", 200, 304, 404);
  const query = { customerNumber };
  const found = await api.findCompany({ query });
  assert.equal(some(found.data).items[0]?.id, path.id);
  const unchanged = await api.findCompany({ query, headers: { "If-None-Match": header(found, "etag") } });
  assert.equal(some(unchanged.response).status, 304);
  done("find_company", 200, 304);
}

async function events() {
  let page = some((await api.listEvents({ query: { limit: 2 } })).data);
  // The events are some seconds late.
  while (page.items.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    page = some((await api.listEvents({ query: { limit: 2 } })).data);
  }
  assert(page.items.every((event) => event.data.invitationId && event.data.actor.type));
  const more = await api.listEvents({ query: { after: page.nextCursor, type: ["invitation.created"], limit: 1 } });
  assert(some(more.data).items.every((event) => event.type === "invitation.created"));
  refused(await api.listEvents({ query: { after: "x" } }), 400, "invalid-parameters");
  done("list_events", 200, 400);
}

async function withoutKey() {
  const refusedByHost = await api.listInvitations({ auth: () => undefined });
  assert.equal(some(refusedByHost.response).status, 401);
  done("list_invitations", 401);
  const headers = { accept: "application/json" };
  const open = (invitationId: string) => api.openLink({ query: { invitationId }, headers });
  const link = await open(some(new URL(env("LINK")).searchParams.get("invitationId")));
  assert(typeof link.data === "object" && link.data.platform.length > 0);
  assert.equal(some((await open(crypto.randomUUID())).response).status, 404);
  done("open_link", 200, 404);
  const document = await api.getOpenapiDocument();
  assert.equal(some(document.data)["openapi"], "3.1.0");
  const same = await api.getOpenapiDocument({ headers: { "If-None-Match": header(document, "etag") } });
  assert.equal(some(same.response).status, 304);
  done("get_openapi_document", 200, 304);
}

/** The document has no such operation, so that only a client that is misled calls it. */
async function wrongMethod() {
  const security = [{ name: "x-functions-key", type: "apiKey" as const }];
  const misled = await client.patch({ url: "/api/Invitations", body: {}, security });
  refused(misled, 405, "method-not-allowed");
  done("wrong_method", 405);
}

await creates();
await lists();
const { id } = await create("change@example.com");
await reads(id);
await webhooks(id);
await patches(id);
await resends(id);
await actions(id);
await companies();
await events();
await withoutKey();
await wrongMethod();
