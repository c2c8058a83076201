import { hash } from 'node:crypto';
import type { ListedObject } from '../list/ListedEntry';

/** A number for each key, and one for what was stored there: when, and a few bits of what. */
export type Marks = Map<number, number>;

/** Both numbers have this many bytes. */
const BYTES = 6;
const TAGS = 0x1_0000;

/** The number of a key: the first 48 bits of its hash. */
export const idOf = (key: string): number => hash('sha256', key, 'buffer').readUIntBE(0, BYTES);

/** As many seconds as have 4 bytes, to the year 2106. */
const LAST_SECOND = 2 ** 32 - 1;

/** When an object was modified, in seconds since 1970; never 0, also if the server does not say. */
export const modifiedSeconds = ({ lastModified = '' }: ListedObject): number =>
	Math.min(LAST_SECOND, Math.max(1, Math.floor((Date.parse(lastModified) || 0) / 1000)));

/** The number of what is stored under a key. Two writes in the same second differ in its last 16 bits. */
export function valueOf(object: ListedObject): number {
	const { etag = '', size, lastModified = '' } = object;
	const tag = hash('sha256', `${etag} ${size} ${lastModified}`, 'buffer').readUInt16BE(0);
	return modifiedSeconds(object) * TAGS + tag;
}

/** The seconds in the number of what is stored under a key. */
export const secondsOf = (value: number): number => Math.floor(value / TAGS);

/** Numbers as base64, 8 characters each. */
export function encodeNumbers(numbers: readonly number[]): string {
	const bytes = Buffer.alloc(numbers.length * BYTES);
	for (const [index, number] of numbers.entries()) bytes.writeUIntBE(number, index * BYTES, BYTES);
	return bytes.toString('base64');
}

/** The numbers that `encodeNumbers` has written. */
export function decodeNumbers(text: string): number[] {
	const bytes = Buffer.from(text, 'base64');
	return Array.from({ length: Math.floor(bytes.length / BYTES) }, (_, index) =>
		bytes.readUIntBE(index * BYTES, BYTES),
	);
}

/** Pairs of numbers as base64, 16 characters each, always in the same order. */
export function encode(pairs: Iterable<readonly [number, number]>): string {
	return encodeNumbers([...pairs].sort(([a, x], [b, y]) => a - b || x - y).flat());
}

/** The pairs that `encode` has written. */
export function decode(text: string): [number, number][] {
	const numbers = decodeNumbers(text);
	return numbers.flatMap((number, index): [number, number][] =>
		index % 2 === 1 ? [[numbers[index - 1] ?? 0, number]] : [],
	);
}
