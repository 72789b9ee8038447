// What the drivers of the TypeScript clients share: data that says nothing about types, and the protocol of ./run.
import assert from "node:assert/strict";

export function env(name: string): string {
  return some(process.env[name]);
}

export function some<T>(value: T | null | undefined): T {
  assert(value !== undefined && value !== null);
  return value;
}

/** The operation answered as it should. */
export function done(operation: string): void {
  console.log(operation);
}

export const inviter = { name: "Thomas Keller", organization: "GFMS" };

/** From when on events are delivered again. */
export const since = "2026-11-22T12:00:00Z";

export const unknownId = "0".repeat(32);
