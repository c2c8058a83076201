import { GrowableBuffer } from '../../../../s3/memory/GrowableBuffer';

function filledWith(text: string, memory: Buffer): GrowableBuffer {
	const buffer = new GrowableBuffer(memory);
	buffer.makeRoom(text.length);
	buffer.length += buffer.memory.write(text, buffer.length);
	return buffer;
}

it('a growable buffer keeps its memory as long as everything fits', () => {
	const memory = Buffer.alloc(8);
	const buffer = filledWith('12345678', memory);
	expect(buffer.memory).toBe(memory);
	expect(buffer.filled().toString()).toBe('12345678');
});

it('a growable buffer gets twice the memory that it needs, with what it was filled with', () => {
	const buffer = filledWith('12345678', Buffer.alloc(8));
	buffer.makeRoom(1);
	expect(buffer.memory).toHaveLength(18);
	expect(buffer.filled().toString()).toBe('12345678');
	buffer.length += buffer.memory.write('9', buffer.length);
	expect(buffer.filled().toString()).toBe('123456789');
});

it('the memory of a growable buffer belongs to it alone', () => {
	const buffer = filledWith('1', Buffer.alloc(0));
	expect(buffer.memory.buffer.byteLength).toBe(2);
});
