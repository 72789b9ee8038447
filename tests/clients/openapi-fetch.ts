// Drives the API with openapi-fetch over the types of openapi-typescript.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import { compressed, done, env, inviter, much, since, some, staleTag, unknownId } from "./samples.js";
import type { components, paths } from "./schema.js";

type NewInvitation = components["schemas"]["NewInvitation"];
type Problem = components["schemas"]["Problem"];

const headers = { "x-functions-key": env("KEY") };
const client = createClient<paths>({ baseUrl: env("BASE"), headers });
/** Of an instance with a webhook. */
const hooked = createClient<paths>({ baseUrl: env("HOOKED"), headers });

function refused(answer: { response: Response; error?: Problem | undefined }, status: number, kind: string): Problem {
  assert.equal(answer.response.status, status);
  assert.equal(answer.error?.type, `urn:onboarding:problem:${kind}`);
  return some(answer.error);
}

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

  const header = { "Idempotency-Key": `fetch-${Date.now()}` };
  const first = await client.POST("/api/Invitations", { params: { header }, body: draft("once@example.com") });
  const again = await client.POST("/api/Invitations", { params: { header }, body: draft("once@example.com") });
  assert.equal(some(first.data).id, some(again.data).id);
  const other = await client.POST("/api/Invitations", { params: { header }, body: draft("other@example.com") });
  refused(other, 422, "idempotency-key-reused");
  const invalid = await client.POST("/api/Invitations", { body: draft("nobody") });
  assert.equal(refused(invalid, 422, "invalid-fields").errors?.[0]?.pointer, "/recipient/email");
  const zipped = await client.POST("/api/Invitations", { headers: compressed, body: draft("zip@example.com") });
  refused(zipped, 415, "unsupported-media-type");
  done("create_invitation", 201, 415, 422);

  const batch = await client.POST("/api/Invitations/batch", { body: [draft("batch@example.com"), draft("nobody")] });
  const [good, bad] = some(batch.data);
  assert(good && "invitation" in good && good.invitation.recipient?.email === "batch@example.com");
  assert(bad && "problem" in bad && bad.problem.status === 422);
  const large = Array.from({ length: 100 }, () => ({ ...draft("large@example.com"), metadata: much }));
  refused(await client.POST("/api/Invitations/batch", { body: large }), 413, "too-large");
  done("create_invitations", 200, 413);
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
  const invalid = await client.GET("/api/Invitations", { params: { query: { limit: 1000 } } });
  assert.equal(refused(invalid, 400, "invalid-parameters").errors?.[0]?.parameter, "limit");
  done("list_invitations", 200, 400);
}

async function reads(id: string) {
  const path = { id };
  const read = await client.GET("/api/Invitations/{id}", { params: { path } });
  const etag = some(read.response.headers.get("etag"));
  assert.equal(some(read.data).timeline?.[0]?.type, "invitation.created");
  const same = await client.GET("/api/Invitations/{id}", { params: { path, header: { "If-None-Match": etag } } });
  assert.equal(same.response.status, 304);
  const unknown = await client.GET("/api/Invitations/{id}", { params: { path: { id: unknownId } } });
  refused(unknown, 404, "unknown-invitation");
  done("get_invitation", 200, 304, 404);
}

async function patches(id: string) {
  const path = { id };
  const body = { recipient: { firstName: "Ann" }, metadata: { order: "4711" }, message: null };
  const patched = await client.PATCH("/api/Invitations/{id}", { params: { path }, body });
  assert.equal(some(patched.data).metadata?.["order"], "4711");
  const tag = some(patched.response.headers.get("etag"));
  const patch = (header: { "If-Match": string }, order: string) =>
    client.PATCH("/api/Invitations/{id}", { params: { path, header }, body: { metadata: { order } } });
  const matching = await patch({ "If-Match": tag }, "4712");
  assert.equal(some(matching.data).metadata?.["order"], "4712");
  refused(await patch({ "If-Match": tag }, "4713"), 412, "precondition-failed");
  const misspelt = await client.PATCH("/api/Invitations/{id}", { params: { path }, body: { recipient: { email: "" } } });
  assert.equal(refused(misspelt, 422, "invalid-fields").errors?.[0]?.pointer, "/recipient/email");
  const zipped = await client.PATCH("/api/Invitations/{id}", { params: { path }, headers: compressed, body });
  refused(zipped, 415, "unsupported-media-type");
  const unknown = await client.PATCH("/api/Invitations/{id}", { params: { path: { id: unknownId } }, body });
  refused(unknown, 404, "unknown-invitation");
  done("update_invitation", 200, 404, 412, 415, 422);
}

async function resends(id: string) {
  const path = { id };
  const quiet = await client.POST("/api/Invitations/{id}/resend", { params: { path }, body: { sendEmail: false } });
  assert.equal(some(quiet.data).sendEmail, false);
  const resend = () => client.POST("/api/Invitations/{id}/resend", { params: { path } });
  let resent = await resend();
  assert.equal(some(resent.data).id, id);
  for (let emails = 1; emails <= 5; emails += 1) resent = await resend();
  refused(resent, 429, "too-many-emails");
  assert(Number(resent.response.headers.get("retry-after")) > 80_000);
  done("resend_invitation", 200, 429);
}

/** What each action refuses of an invitation that is revoked, another version or unknown. */
async function actions(id: string) {
  const path = { id };
  const stale = { path, header: { "If-Match": staleTag } };
  const unknown = { path: { id: unknownId } };
  const revealed = await client.POST("/api/Invitations/{id}/link", { params: { path } });
  assert(some(some(revealed.data).link).includes("invitationId="));
  refused(await client.POST("/api/Invitations/{id}/link", { params: stale }), 412, "precondition-failed");
  refused(await client.POST("/api/Invitations/{id}/link", { params: unknown }), 404, "unknown-invitation");
  done("reveal_link", 200, 404, 412);

  refused(await client.POST("/api/Invitations/{id}/resend", { params: stale }), 412, "precondition-failed");
  refused(await client.POST("/api/Invitations/{id}/resend", { params: unknown }), 404, "unknown-invitation");

  const body = { reason: "by mistake" };
  const revoke = (tag: string) =>
    client.POST("/api/Invitations/{id}/revoke", { params: { path, header: { "If-Match": tag } }, body });
  let revoked = await revoke(staleTag);
  refused(revoked, 412, "precondition-failed");
  // Deliveries in the background change the tag, too.
  while (revoked.response.status === 412) revoked = await revoke(some(revoked.response.headers.get("etag")));
  assert.equal(some(revoked.data).revokeReason, "by mistake");
  refused(await client.POST("/api/Invitations/{id}/revoke", { params: { path } }), 409, "invalid-state");
  refused(await client.POST("/api/Invitations/{id}/revoke", { params: unknown }), 404, "unknown-invitation");
  done("revoke_invitation", 200, 404, 409, 412);

  refused(await client.POST("/api/Invitations/{id}/resend", { params: { path } }), 409, "invalid-state");
  done("resend_invitation", 404, 409, 412);
  const late = await client.PATCH("/api/Invitations/{id}", { params: { path }, body: { message: null } });
  refused(late, 409, "invalid-state");
  done("update_invitation", 409);

  refused(await client.POST("/api/Invitations/{id}/erase", { params: stale }), 412, "precondition-failed");
  refused(await client.POST("/api/Invitations/{id}/erase", { params: unknown }), 404, "unknown-invitation");
  const erased = await client.POST("/api/Invitations/{id}/erase", { params: { path } });
  assert(some(erased.data).erasedAt && some(erased.data).recipient === undefined);
  done("erase_invitation", 200, 404, 412);
}

async function webhooks(id: string) {
  const path = { id };
  const redelivered = await hooked.POST("/api/Invitations/{id}/redeliver", { params: { path } });
  assert.equal(some(redelivered.data).id, id);
  const stale = { path, header: { "If-Match": staleTag } };
  refused(await hooked.POST("/api/Invitations/{id}/redeliver", { params: stale }), 412, "precondition-failed");
  refused(await client.POST("/api/Invitations/{id}/redeliver", { params: { path } }), 404, "not-found");
  done("redeliver_invitation", 200, 404, 412);

  const test = await hooked.POST("/api/Events/test");
  assert.deepEqual(test.data, { accepted: true });
  refused(await client.POST("/api/Events/test"), 404, "not-found");
  done("test_webhook", 200, 404);

  const again = await client.POST("/api/Events/redeliver", { params: { query: { since } } });
  assert.equal(new Date(some(again.data).since).getTime(), new Date(since).getTime());
  done("redeliver_events", 202);
}

async function companies() {
  const path = { id: env("COMPANY") };
  const company = await client.GET("/api/Companies/{id}", { params: { path } });
  const customerNumber = some(some(company.data).customerNumber);
  assert.equal(some(company.data).members[0]?.role, "created");
  const header = { "If-None-Match": some(company.response.headers.get("etag")) };
  const same = await client.GET("/api/Companies/{id}", { params: { path, header } });
  assert.equal(same.response.status, 304);
  const unknown = await client.GET("/api/Companies/{id}", { params: { path: { id: crypto.randomUUID() } } });
  refused(unknown, 404, "unknown-company");
  done("get_company", 200, 304, 404);
  const found = await client.GET("/api/Companies", { params: { query: { customerNumber } } });
  assert.equal(some(found.data).items[0]?.id, path.id);
  const known = { "If-None-Match": some(found.response.headers.get("etag")) };
  const unchanged = await client.GET("/api/Companies", { params: { query: { customerNumber }, header: known } });
  assert.equal(unchanged.response.status, 304);
  done("find_company", 200, 304);
}

async function events() {
  let page = some((await client.GET("/api/Events", { params: { query: { limit: 2 } } })).data);
  // The events are some seconds late.
  while (page.items.length < 2) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    page = some((await client.GET("/api/Events", { params: { query: { limit: 2 } } })).data);
  }
  assert(page.items.every((event) => event.data.invitationId && event.data.actor.type));
  const more = await client.GET("/api/Events", { params: { query: { after: page.nextCursor, type: ["invitation.created"], limit: 1 } } });
  assert(some(more.data).items.every((event) => event.type === "invitation.created"));
  refused(await client.GET("/api/Events", { params: { query: { after: "x" } } }), 400, "invalid-parameters");
  done("list_events", 200, 400);
}

async function withoutKey() {
  const anyone = createClient<paths>({ baseUrl: env("BASE") });
  const refusedByHost = await anyone.GET("/api/Invitations");
  assert.equal(refusedByHost.response.status, 401);
  done("list_invitations", 401);
  const open = (invitationId: string) =>
    anyone.GET("/api/InviteUser", { params: { query: { invitationId } }, headers: { accept: "application/json" } });
  const link = await open(some(new URL(env("LINK")).searchParams.get("invitationId")));
  assert(typeof link.data === "object" && link.data.platform.length > 0);
  assert.equal((await open(crypto.randomUUID())).response.status, 404);
  done("open_link", 200, 404);
  const document = await anyone.GET("/api/openapi.json");
  assert.equal(some(document.data)["openapi"], "3.1.0");
  const header = { "If-None-Match": some(document.response.headers.get("etag")) };
  assert.equal((await anyone.GET("/api/openapi.json", { params: { header } })).response.status, 304);
  done("get_openapi_document", 200, 304);
}

/** The document has no such operation, so that only a client that is misled calls it. */
async function wrongMethod() {
  const misled = client as unknown as { PATCH(path: string, init: object): Promise<{ response: Response; error?: Problem }> };
  refused(await misled.PATCH("/api/Invitations", { body: {} }), 405, "method-not-allowed");
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
