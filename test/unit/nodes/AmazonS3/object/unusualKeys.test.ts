import { unusualKeys } from '../../../../../nodes/AmazonS3/object/unusualKeys';

const made = (...keys: string[]) => keys.map((key) => ({ json: { key, size: 1 } }));
const fixed = (key: string) => () => key;
const byExpression = () => '={{ $json.key }}';

it.each([
	[
		'reports/{{ $now.toISODate() }}.csv',
		'has {{ }} in it, which only an expression fills in. Switch the field of the key to Expression.',
	],
	[
		's3://reports/a.txt',
		'is a whole URL, and S3 takes all of it for the name. Enter only what follows the bucket, unless the object is to have this name.',
	],
	[
		'/a.txt',
		'begins with a slash, which makes a folder without a name. Leave the slash off, unless you want that folder.',
	],
	[
		'backup/',
		'ends with a slash, so the object looks like a folder. Enter a name after the slash.',
	],
])('the key %s that was written is pointed out', (key, words) => {
	expect(unusualKeys(made('a', key), fixed(key))).toEqual([`The key “${key}” ${words}`]);
});

it('keys of one kind are pointed out once', () => {
	expect(unusualKeys(made('/a', '/b', '/c'), byExpression)).toHaveLength(1);
});

it('usual keys and marks of folders are not pointed out', () => {
	const usual = made('a', 'a/b.txt', 'a{1}', 'a//b', 'a s3://b');
	const others = [{ json: { key: 'folder/', size: 0 } }, { json: { error: 'x' } }];
	expect(unusualKeys([...usual, ...others], byExpression)).toEqual([]);
});

it('a name in braces that comes from the data is not pointed out', () => {
	expect(unusualKeys(made('mail/{{name}}.html'), byExpression)).toEqual([]);
	expect(unusualKeys(made('mail/{{name}}.html'), fixed('mail/{fileName}'))).toEqual([]);
});

it('a copy is not pointed out if the key of its source is like that, too', () => {
	const copyOf = (key: string) => [{ json: { key: '/b/', size: 1, source: { key } } }];
	expect(unusualKeys(copyOf('/a/'), byExpression)).toEqual([]);
	expect(unusualKeys(copyOf('a'), byExpression)).toHaveLength(2);
});
