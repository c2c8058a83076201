import { KnownWrites } from '../../../../s3/watch/KnownWrites';
import { objectAt } from './objectAt';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const event = (key: string, seconds: number, more: object = {}) => ({
	key,
	etag: 'e',
	size: 1,
	time: at(seconds),
	...more,
});
const listed = (key: string, seconds: number, more: object = {}) => ({
	...objectAt(key, seconds),
	...more,
});
/** After an event of a minute after the epoch. */
function told(more: object = {}): KnownWrites {
	const writes = new KnownWrites();
	writes.take(event('a', 60, more));
	return writes;
}
/** After a listing at 2000 has found an object of 1000. */
function found(more: object = {}): KnownWrites {
	const writes = new KnownWrites();
	writes.noteFound([listed('a', 1000, more)], 2000);
	return writes;
}

it.each<[string, boolean, object, number, object]>([
	['the same write', true, {}, 60, {}],
	['an upload in parts that was begun hours before its event', true, {}, 10, {}],
	['a write whose date is a little later than its event', true, {}, 65, {}],
	['a later write of the same content', false, {}, 66, {}],
	['other content', false, {}, 60, { etag: 'f' }],
	['another size', false, {}, 60, { size: 2 }],
	['another key', false, {}, 60, { key: 'b' }],
	['an object without an ETag', false, {}, 60, { etag: undefined }],
	['an event without an ETag', false, { etag: undefined }, 60, {}],
	['an event without a time', false, { time: undefined }, 60, {}],
	['an empty object whose event has no size', true, { size: undefined }, 60, { size: 0 }],
])('an event tells of %s: %p', (_, is, ofEvent, seconds, ofObject) => {
	expect(told(ofEvent).wasTold(listed('a', seconds, ofObject))).toBe(is);
});

it.each<[string, boolean, number, object]>([
	['of its date', true, 1000, {}],
	['a little before its date', true, 995, {}],
	['of an upload in parts that ended before the listing', true, 1999, {}],
	['of an earlier write', false, 994, {}],
	['of a write since the listing', false, 2000, {}],
	['of other content', false, 1000, { etag: 'f' }],
	['that tells no time', false, 1000, { time: undefined }],
	['that tells no ETag', false, 1000, { etag: undefined }],
])('an object was found if its event is one %s: %p', (_, is, seconds, more) => {
	const writes = found();
	expect(writes.wasFound(event('a', seconds, more))).toBe(is);
	expect(writes.take(event('a', seconds, more))).toBe(!is);
});

it('an event that is not worked on tells nothing', () => {
	const writes = found();
	writes.take(event('a', 1000));
	expect(writes.wasTold(listed('a', 1000))).toBe(false);
});

it('the newest event of a content counts, in whatever order they come', () => {
	const writes = told();
	writes.take(event('a', 50));
	expect(writes.wasTold(listed('a', 60))).toBe(true);
});

it('events up to a note and from before a second are forgotten, and nothing else', () => {
	const writes = told();
	writes.take(event('b', 61));
	const { lastNote } = writes;
	writes.take(event('c', 60));
	writes.forgetTold(lastNote, 61);
	const keys = ['a', 'b', 'c'].filter((key) => writes.wasTold(listed(key, 50)));
	expect(keys).toEqual(['b', 'c']);
});

it('what is known comes back from its JSON, and the newer of two is kept', () => {
	const writes = found();
	writes.take(event('b', 60));
	const back = told();
	back.noteFound([listed('a', 3000)], 4000);
	const stored: unknown = JSON.parse(JSON.stringify(writes.encode(1000)));
	back.add(stored as ReturnType<KnownWrites['encode']>);
	expect(['a', 'b'].map((key) => back.wasTold(listed(key, 60)))).toEqual([true, true]);
	expect([1500, 3500].map((time) => back.wasFound(event('a', time)))).toEqual([false, true]);
	const empty = new KnownWrites();
	empty.add(writes.encode(1000));
	expect(empty.wasFound(event('a', 1500))).toBe(true);
});

it('of more than there is room for the newest are stored', () => {
	const writes = new KnownWrites();
	for (let n = 0; n < 100; n++) {
		writes.take(event(`t${n}`, 1000 + n));
		writes.noteFound([listed(`f${n}`, 1000)], 2000 + n);
	}
	const stored = writes.encode(480);
	expect(stored.told.length + stored.found.length).toBe(480);
	const back = new KnownWrites();
	back.add(stored);
	const numbers = Array.from({ length: 100 }, (_, n) => n);
	const isTold = (n: number) => back.wasTold(listed(`t${n}`, 1000));
	const isFound = (n: number) => back.wasFound(event(`f${n}`, 1000));
	expect(numbers.filter(isTold)).toEqual(numbers.slice(-15));
	expect(numbers.filter(isFound)).toEqual(numbers.slice(-10));
	expect(writes.encode(0)).toEqual({ told: '', found: '' });
});

it('no more than 100,000 writes of each kind are known: those that were noted last', () => {
	const writes = new KnownWrites();
	for (let n = 0; n <= 100_000; n++) writes.take(event(String(n), 60));
	const known = ['0', '1', '100000'].map((key) => writes.wasTold(listed(key, 60)));
	expect(known).toEqual([false, true, true]);
});
