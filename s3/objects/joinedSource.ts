import { Readable } from 'node:stream';
import type { ByteSource } from '../upload/putObject';

/** A source with bytes before it. */
export function withBefore(before: Buffer, source: ByteSource): ByteSource {
	if (before.length === 0) return source;
	const { bytes } = source;
	const open = async () => await Promise.resolve(Readable.from([before], { objectMode: false }));
	const both = joined({ size: before.length, open }, source);
	return bytes === undefined ? both : { ...both, bytes: Buffer.concat([before, bytes]) };
}

/** Two sources of known sizes as one; each is opened when it is read. */
export function joined(first: ByteSource, second: ByteSource): ByteSource {
	async function* chunks(): AsyncGenerator<Buffer> {
		for (const source of [first, second]) {
			const stream = await source.open();
			try {
				yield* stream as AsyncIterable<Buffer>;
			} finally {
				stream.destroy();
			}
		}
	}
	return {
		size: (first.size ?? 0) + (second.size ?? 0),
		open: async () => await Promise.resolve(Readable.from(chunks(), { objectMode: false })),
	};
}
