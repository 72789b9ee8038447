// Drives the API with the client of @hey-api/openapi-ts.
import assert from "node:assert/strict";
import { client } from "./generated/client.gen.js";
import * as api from "./generated/index.js";
import { done, env, inviter, since, some, unknownId } from "./samples.js";

client.setConfig({ baseUrl: env("BASE"), auth: () => env("KEY") });

function draft(email: string): api.NewInvitation {
  return {
    recipient: { email, firstName: "Anna", lastName: "Meier" },
    inviter,
    company: { name: "Example AG", street: "Seestrasse 12", postalCode: "8002", city: "Zürich", country: "CH" },
    sendEmail: false,
  };
}

/** The host's own 401 has no body, so that an error is typed as unknown. */
function problem(error: unknown): api.Problem {
  assert(typeof error === "object" && error !== null && "type" in error);
  return error as api.Problem;
}

async function create(email: string) {
  const created = await api.createInvitation({ body: draft(email) });
  assert.equal(some(created.response).status, 201);
  return some(created.data);
}

async function creates() {
  const created = await create("hey@example.com");
  assert(some(created.link).includes("invitationId="));
  done("create_invitation");

  const headers = { "Idempotency-Key": `hey-${Date.now()}` };
  const first = await api.createInvitation({ headers, body: draft("once@example.com") });
  const again = await api.createInvitation({ headers, body: draft("once@example.com") });
  assert.equal(some(first.data).id, some(again.data).id);
  const other = await api.createInvitation({ headers, body: draft("other@example.com") });
  assert.equal(problem(other.error).type, "urn:onboarding:problem:idempotency-key-reused");
  done("create_invitation");

  const invalid = await api.createInvitation({ body: draft("nobody") });
  assert.equal(problem(invalid.error).errors?.[0]?.pointer, "/recipient/email");
  done("create_invitation");

  const batch = await api.createInvitations({ body: [draft("batch@example.com"), draft("nobody")] });
  const [good, bad] = some(batch.data);
  assert(good && "invitation" in good && good.invitation.recipient?.email === "batch@example.com");
  assert(bad && "problem" in bad && bad.problem.status === 422);
  done("create_invitations");
}

async function lists() {
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = some((await api.listInvitations({ query: { status: ["pending"], limit: 2, cursor: cursor ?? "" } })).data);
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor;
  }
  assert(seen.length >= 3 && new Set(seen).size === seen.length);
  done("list_invitations");
  const invalid = await api.listInvitations({ query: { limit: 1000 } });
  assert.equal(problem(invalid.error).errors?.[0]?.parameter, "limit");
  done("list_invitations");
}

async function changes() {
  const { id } = await create("change@example.com");
  const path = { id };
  const read = await api.getInvitation({ path });
  const etag = some(some(read.response).headers.get("etag"));
  assert.equal(some(read.data).timeline?.[0]?.type, "invitation.created");
  const same = await api.getInvitation({ path, headers: { "If-None-Match": etag } });
  assert.equal(some(same.response).status, 304);
  const unknown = await api.getInvitation({ path: { id: unknownId } });
  assert.equal(problem(unknown.error).type, "urn:onboarding:problem:unknown-invitation");
  done("get_invitation");

  const patch = { recipient: { firstName: "Ann" }, metadata: { order: "4711" }, message: null };
  const patched = await api.updateInvitation({ path, body: patch });
  assert.equal(some(patched.data).metadata?.["order"], "4711");
  const misspelt = await api.updateInvitation({ path, body: { recipient: { email: "" } } });
  assert.equal(problem(misspelt.error).errors?.[0]?.pointer, "/recipient/email");
  done("update_invitation");

  const revealed = await api.revealLink({ path });
  assert(some(some(revealed.data).link).includes("invitationId="));
  done("reveal_link");

  const quiet = await api.resendInvitation({ path, body: { sendEmail: false } });
  assert.equal(some(quiet.data).sendEmail, false);
  const resent = await api.resendInvitation({ path });
  assert.equal(some(resent.data).id, id);
  done("resend_invitation");

  const body = { reason: "by mistake" };
  const revoke = (tag: string) => api.revokeInvitation({ path, body, headers: { "If-Match": tag } });
  let revoked = await revoke(etag);
  assert.equal(some(revoked.response).status, 412);
  // Deliveries in the background change the tag, too.
  while (some(revoked.response).status === 412) revoked = await revoke(some(some(revoked.response).headers.get("etag")));
  assert.equal(some(revoked.data).revokeReason, "by mistake");
  const twice = await api.revokeInvitation({ path });
  assert.equal(some(twice.response).status, 409);
  done("revoke_invitation");

  const redelivered = await api.redeliverInvitation({ path });
  assert.equal(some(redelivered.response).status, 404);
  done("redeliver_invitation");

  const erased = await api.eraseInvitation({ path });
  assert(some(erased.data).erasedAt && some(erased.data).recipient === undefined);
  done("erase_invitation");
}

async function companies() {
  const id = env("COMPANY");
  const company = await api.getCompany({ path: { id } });
  const customerNumber = some(some(company.data).customerNumber);
  assert.equal(some(company.data).members[0]?.role, "created");
  done("get_company");
  const found = await api.findCompany({ query: { customerNumber } });
  assert.equal(some(found.data).items[0]?.id, id);
  done("find_company");
}

async function events() {
  const redelivered = await api.redeliverEvents({ query: { since } });
  assert.equal(new Date(some(redelivered.data).since).getTime(), new Date(since).getTime());
  done("redeliver_events");

  let page = some((await api.listEvents({ query: { limit: 2 } })).data);
  // The events are some seconds late.
  while (page.items.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    page = some((await api.listEvents({ query: { limit: 2 } })).data);
  }
  assert(page.items.every((event) => event.data.invitationId && event.data.actor.type));
  const more = await api.listEvents({ query: { after: page.nextCursor, type: ["invitation.created"], limit: 1 } });
  assert(some(more.data).items.every((event) => event.type === "invitation.created"));
  const invalid = await api.listEvents({ query: { after: "x" } });
  assert.equal(some(invalid.response).status, 400);
  done("list_events");

  const test = await api.testWebhook();
  assert.equal(some(test.response).status, 404);
  done("test_webhook");
}

async function withoutKey() {
  const refused = await api.listInvitations({ auth: () => undefined });
  assert.equal(some(refused.response).status, 401);
  const query = { invitationId: some(new URL(env("LINK")).searchParams.get("invitationId")) };
  const link = await api.openLink({ query, headers: { accept: "application/json" } });
  assert(typeof link.data === "object" && link.data.platform.length > 0);
  done("open_link");
  const document = await api.getOpenapiDocument();
  assert.equal(some(document.data)["openapi"], "3.1.0");
  done("get_openapi_document");
}

await creates();
await lists();
await changes();
await companies();
await events();
await withoutKey();
