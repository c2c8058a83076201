import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { joined, withBefore } from '../../../../s3/objects/joinedSource';
import type { ByteSource } from '../../../../s3/upload/putObject';

/** A source that tells when it is opened and closed. */
function watched(content: string, events: string[]): ByteSource {
	return {
		size: content.length,
		open: async () => {
			events.push(`open ${content}`);
			const stream = Readable.from([Buffer.from(content)], { objectMode: false });
			stream.once('close', () => events.push(`close ${content}`));
			return await Promise.resolve(stream);
		},
	};
}

it('two sources are read one after the other, each as it is needed and as often as it is asked for', async () => {
	const events: string[] = [];
	const both = joined(watched('a', events), watched('bc', events));
	expect(both.size).toBe(3);
	for (let times = 0; times < 2; times++) {
		const stream = await both.open();
		expect(events).toEqual([]);
		expect(await text(stream)).toBe('abc');
		await new Promise(setImmediate);
		expect(events.splice(0)).toEqual(['open a', 'close a', 'open bc', 'close bc']);
	}
});

it('a source that is given up closes what it has opened, and opens nothing more', async () => {
	const events: string[] = [];
	const endless = {
		size: Infinity,
		open: async () => {
			const stream = new Readable({ read: () => stream.push(Buffer.alloc(65_536)) });
			stream.once('close', () => events.push('close'));
			return await Promise.resolve(stream);
		},
	};
	const stream = await joined(endless, watched('b', events)).open();
	await stream[Symbol.asyncIterator]().next();
	stream.destroy();
	await new Promise(setImmediate);
	expect(events).toEqual(['close']);
});

it('bytes before a source in memory are in memory with it', async () => {
	const events: string[] = [];
	const inMemory = { ...watched('b', events), bytes: Buffer.from('b') };
	expect(withBefore(Buffer.from('a'), inMemory)).toMatchObject({
		size: 2,
		bytes: Buffer.from('ab'),
	});
	expect(withBefore(Buffer.alloc(0), inMemory)).toBe(inMemory);
	const streamed = withBefore(Buffer.from('a'), watched('b', events));
	expect(streamed.bytes).toBeUndefined();
	expect(await text(await streamed.open())).toBe('ab');
});
