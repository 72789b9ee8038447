// Drives the API with openapi-fetch over the types of openapi-typescript.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import { done, env, inviter, since, some, unknownId } from "./samples.js";
import type { components, paths } from "./schema.js";

type NewInvitation = components["schemas"]["NewInvitation"];

const client = createClient<paths>({ baseUrl: env("BASE"), headers: { "x-functions-key": env("KEY") } });

function draft(email: string): NewInvitation {
  return {
    recipient: { email, firstName: "Anna", lastName: "Meier" },
    inviter,
    company: { name: "Example AG", street: "Seestrasse 12", postalCode: "8002", city: "Zürich", country: "CH" },
    sendEmail: false,
  };
}

async function create(email: string) {
  const created = await client.POST("/api/Invitations", { body: draft(email) });
  assert.equal(created.response.status, 201);
  return some(created.data);
}

async function creates() {
  const created = await create("fetch@example.com");
  assert(some(created.link).includes("invitationId="));
  assert.equal(created.status, "pending");
  done("create_invitation");

  const header = { "Idempotency-Key": `fetch-${Date.now()}` };
  const first = await client.POST("/api/Invitations", { params: { header }, body: draft("once@example.com") });
  const again = await client.POST("/api/Invitations", { params: { header }, body: draft("once@example.com") });
  assert.equal(some(first.data).id, some(again.data).id);
  const other = await client.POST("/api/Invitations", { params: { header }, body: draft("other@example.com") });
  assert.equal(other.error?.type, "urn:onboarding:problem:idempotency-key-reused");
  done("create_invitation");

  const invalid = await client.POST("/api/Invitations", { body: draft("nobody") });
  assert.equal(invalid.response.status, 422);
  assert.equal(invalid.error?.errors?.[0]?.pointer, "/recipient/email");
  done("create_invitation");

  const batch = await client.POST("/api/Invitations/batch", { body: [draft("batch@example.com"), draft("nobody")] });
  const [good, bad] = some(batch.data);
  assert(good && "invitation" in good && good.invitation.recipient?.email === "batch@example.com");
  assert(bad && "problem" in bad && bad.problem.status === 422);
  done("create_invitations");
}

async function lists() {
  const seen: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = { status: ["pending" as const], limit: 2, ...(cursor ? { cursor } : {}) };
    const page = some((await client.GET("/api/Invitations", { params: { query } })).data);
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor;
  }
  assert(seen.length >= 3 && new Set(seen).size === seen.length);
  done("list_invitations");
  const invalid = await client.GET("/api/Invitations", { params: { query: { limit: 1000 } } });
  assert.equal(invalid.error?.errors?.[0]?.parameter, "limit");
  done("list_invitations");
}

async function changes() {
  const { id } = await create("change@example.com");
  const path = { id };
  const read = await client.GET("/api/Invitations/{id}", { params: { path } });
  const etag = some(read.response.headers.get("etag"));
  assert.equal(some(read.data).timeline?.[0]?.type, "invitation.created");
  const same = await client.GET("/api/Invitations/{id}", { params: { path, header: { "If-None-Match": etag } } });
  assert.equal(same.response.status, 304);
  const unknown = await client.GET("/api/Invitations/{id}", { params: { path: { id: unknownId } } });
  assert.equal(unknown.error?.type, "urn:onboarding:problem:unknown-invitation");
  done("get_invitation");

  const patch = { recipient: { firstName: "Ann" }, metadata: { order: "4711" }, message: null };
  const patched = await client.PATCH("/api/Invitations/{id}", { params: { path }, body: patch });
  assert.equal(some(patched.data).metadata?.["order"], "4711");
  const misspelt = await client.PATCH("/api/Invitations/{id}", { params: { path }, body: { recipient: { email: "" } } });
  assert.equal(misspelt.error?.errors?.[0]?.pointer, "/recipient/email");
  done("update_invitation");

  const revealed = await client.POST("/api/Invitations/{id}/link", { params: { path } });
  assert(some(some(revealed.data).link).includes("invitationId="));
  done("reveal_link");

  const quiet = await client.POST("/api/Invitations/{id}/resend", { params: { path }, body: { sendEmail: false } });
  assert.equal(some(quiet.data).sendEmail, false);
  const resent = await client.POST("/api/Invitations/{id}/resend", { params: { path } });
  assert.equal(some(resent.data).id, id);
  done("resend_invitation");

  const body = { reason: "by mistake" };
  const revoke = (tag: string) =>
    client.POST("/api/Invitations/{id}/revoke", { params: { path, header: { "If-Match": tag } }, body });
  let revoked = await revoke(etag);
  assert.equal(revoked.response.status, 412);
  // Deliveries in the background change the tag, too.
  while (revoked.response.status === 412) revoked = await revoke(some(revoked.response.headers.get("etag")));
  assert.equal(some(revoked.data).revokeReason, "by mistake");
  const twice = await client.POST("/api/Invitations/{id}/revoke", { params: { path } });
  assert.equal(twice.response.status, 409);
  done("revoke_invitation");

  const redelivered = await client.POST("/api/Invitations/{id}/redeliver", { params: { path } });
  assert.equal(redelivered.response.status, 404);
  done("redeliver_invitation");

  const erased = await client.POST("/api/Invitations/{id}/erase", { params: { path } });
  assert(some(erased.data).erasedAt && some(erased.data).recipient === undefined);
  done("erase_invitation");
}

async function companies() {
  const id = env("COMPANY");
  const company = await client.GET("/api/Companies/{id}", { params: { path: { id } } });
  const customerNumber = some(some(company.data).customerNumber);
  assert.equal(some(company.data).members[0]?.role, "created");
  done("get_company");
  const found = await client.GET("/api/Companies", { params: { query: { customerNumber } } });
  assert.equal(some(found.data).items[0]?.id, id);
  done("find_company");
}

async function events() {
  const redelivered = await client.POST("/api/Events/redeliver", { params: { query: { since } } });
  assert.equal(new Date(some(redelivered.data).since).getTime(), new Date(since).getTime());
  done("redeliver_events");

  let page = some((await client.GET("/api/Events", { params: { query: { limit: 2 } } })).data);
  // The events are some seconds late.
  while (page.items.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    page = some((await client.GET("/api/Events", { params: { query: { limit: 2 } } })).data);
  }
  assert(page.items.every((event) => event.data.invitationId && event.data.actor.type));
  const more = await client.GET("/api/Events", { params: { query: { after: page.nextCursor, type: ["invitation.created"], limit: 1 } } });
  assert(some(more.data).items.every((event) => event.type === "invitation.created"));
  const invalid = await client.GET("/api/Events", { params: { query: { after: "x" } } });
  assert.equal(invalid.response.status, 400);
  done("list_events");

  const test = await client.POST("/api/Events/test");
  assert.equal(test.response.status, 404);
  done("test_webhook");
}

async function withoutKey() {
  const anyone = createClient<paths>({ baseUrl: env("BASE") });
  const refused = await anyone.GET("/api/Invitations");
  assert.equal(refused.response.status, 401);
  const query = { invitationId: some(new URL(env("LINK")).searchParams.get("invitationId")) };
  const link = await anyone.GET("/api/InviteUser", { params: { query }, headers: { accept: "application/json" } });
  assert(typeof link.data === "object" && link.data.platform.length > 0);
  done("open_link");
  const document = await anyone.GET("/api/openapi.json");
  assert.equal(some(document.data)["openapi"], "3.1.0");
  done("get_openapi_document");
}

await creates();
await lists();
await changes();
await companies();
await events();
await withoutKey();
