import { bodyBufferOf } from '../../../../s3/memory/BodyBuffer';

it('a body buffer is empty and not broken off before the body comes', () => {
	const memory = Buffer.alloc(4);
	expect(bodyBufferOf(memory)).toStrictEqual({ memory, filled: 0, failure: undefined });
});
