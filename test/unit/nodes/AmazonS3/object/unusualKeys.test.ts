import { unusualKeys } from '../../../../../nodes/AmazonS3/object/unusualKeys';

const made = (...keys: string[]) => keys.map((key) => ({ json: { key, size: 1 } }));

it.each([
	[
		'reports/{{ $now.toISODate() }}.csv',
		'has {{ }} in it, which only an expression fills in. Switch the field of the key to Expression.',
	],
	[
		's3://reports/a.txt',
		'is a whole URL, and S3 takes all of it for the name. Enter only what follows the bucket.',
	],
	['/a.txt', 'begins with a slash, which makes a folder without a name. Leave the slash off.'],
	[
		'backup/',
		'ends with a slash, so the object looks like a folder. Enter a name after the slash.',
	],
])('the key %s that was written is pointed out', (key, words) => {
	expect(unusualKeys(made('a', key))).toEqual([`The key “${key}” ${words}`]);
});

it('keys of one kind are pointed out once', () => {
	expect(unusualKeys(made('/a', '/b', '/c'))).toHaveLength(1);
});

it('usual keys and marks of folders are not pointed out', () => {
	expect(unusualKeys(made('a', 'a/b.txt', 'a{1}', 'a//b', 'a s3://b'))).toEqual([]);
	expect(unusualKeys([{ json: { key: 'folder/', size: 0 } }, { json: { error: 'x' } }])).toEqual(
		[],
	);
});
