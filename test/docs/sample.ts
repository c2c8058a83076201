/** Workflows that people copy from docs/. */
import { object } from '../../nodes/AmazonS3/object';
import type { Registry } from '../../nodes/run/operation';

/** A workflow as the editor pastes it. */
export interface Sample {
	nodes: { name: string; type: string; parameters: Record<string, unknown> }[];
	connections: Record<string, { main: { node: string }[][] }>;
}

/** Names of the fields of each operation on objects. */
export const operations: Readonly<Record<string, string[]>> = Object.fromEntries(
	Object.entries<Registry[string]>(object).map(([name, { fields }]) => [
		name,
		fields.map((field) => field.name),
	]),
);
