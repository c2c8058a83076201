import { Readable } from 'node:stream';
import { LongResponse } from '../../../../s3/errors/LongResponse';
import { SlowResponse } from '../../../../s3/errors/SlowResponse';
import { limited, readBody } from '../../../../s3/http/readBody';

const bodyOf = (...texts: string[]): Readable =>
	Readable.from(texts.map((text) => Buffer.from(text)));

it('a body is read as a whole, or is an error', async () => {
	expect((await readBody(bodyOf('he', 'llo'), 10)).toString()).toBe('hello');
	const broken = new Readable({ read: () => undefined });
	broken.destroy(new Error('reset'));
	await expect(readBody(broken, 10)).rejects.toThrow('reset');
});

it('a body may have as many bytes as its limit, and is read no further', async () => {
	expect(await readBody(bodyOf('he', 'llo'), 5)).toHaveLength(5);
	const long = bodyOf('he', 'llo', '!', '!');
	await expect(readBody(long, 5)).rejects.toThrow(LongResponse);
	expect(long.destroyed).toBe(true);
});

it('limited passes on what is within the limit', async () => {
	const passed: string[] = [];
	const read = async () => {
		for await (const chunk of limited(bodyOf('ab', 'cd', 'ef'), 5)) passed.push(chunk.toString());
	};
	await expect(read()).rejects.toMatchObject({ name: 'LongResponse', limit: 5 });
	expect(passed).toEqual(['ab', 'cd']);
});

it('a body that comes in drops is given up after its time', async () => {
	const drops = new Readable({
		read() {
			setTimeout(() => this.push('.'), 1);
		},
	});
	await expect(readBody(drops, 1e6, 20)).rejects.toThrow(SlowResponse);
	expect(drops.destroyed).toBe(true);
});
