import { compareKeys } from '../../../../s3/list/keyOrder';
import { nameOfEntry, newObject, startAfterEntry } from '../../../../s3/list/ListedEntry';

const object = { ...newObject('b'), key: 'a/1' };
const prefix = { bucket: 'b', prefix: 'a/' };

it('a new object has its bucket and nothing else', () => {
	expect(newObject('b')).toStrictEqual({
		bucket: 'b',
		key: '',
		size: 0,
		etag: undefined,
		lastModified: undefined,
		storageClass: undefined,
	});
	expect(newObject('b')).not.toBe(newObject('b'));
});

it('the name of an entry is its key or prefix', () => {
	expect([nameOfEntry(object), nameOfEntry(prefix)]).toEqual(['a/1', 'a/']);
});

it('a listing goes on after the key of an object, and after all keys of a common prefix', () => {
	expect(startAfterEntry(object)).toBe('a/1');
	const after = startAfterEntry(prefix);
	expect(compareKeys(after, 'a/\u{10FFFE}')).toBeGreaterThan(0);
	expect(compareKeys(after, 'a0')).toBeLessThan(0);
});
