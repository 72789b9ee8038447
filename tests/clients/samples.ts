// What the drivers of the TypeScript clients share: data that says nothing about types, and the protocol of ./run.
import assert from "node:assert/strict";

export function env(name: string): string {
  return some(process.env[name]);
}

export function some<T>(value: T | null | undefined): T {
  assert(value !== undefined && value !== null);
  return value;
}

/** The operation answered as it should, with each of these statuses. */
export function done(operation: string, ...statuses: number[]): void {
  for (const status of statuses) console.log(operation, status);
}

/** With this header a body claims to be compressed. */
export const compressed = { "content-encoding": "gzip" };

/** As much as the document allows; a hundred invitations with it are more than a body may hold. */
export const much = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`name-${at}`, "x".repeat(500)]));

export const staleTag = '"stale"';

export const inviter = { name: "Thomas Keller", organization: "GFMS" };

/** From when on events are delivered again. */
export const since = "2026-11-22T12:00:00Z";

export const unknownId = "0".repeat(32);
