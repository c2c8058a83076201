import { adviceOnKey } from '../../../../s3/errors/unusualKey';

it.each([
	[
		'/{{ $json.key }}',
		'This key has {{ }} in it, which only an expression fills in: switch the field from Fixed to Expression.',
	],
	[
		'/hello.txt',
		'This key begins with a slash, which S3 takes for part of the name: try “hello.txt”.',
	],
	['s3://photos/2026/hello.txt', 'This key is a whole S3 URI: enter only “2026/hello.txt” as key.'],
	['arn:aws:s3:::photos/2026/a.txt', 'This key is a whole ARN: enter only “2026/a.txt” as key.'],
	[
		'https://photos.s3.amazonaws.com/hello.txt',
		'This key is a whole URL: enter only what follows the bucket in it.',
	],
	[
		'hello.txt ',
		'This key begins or ends with a blank, which S3 takes for part of the name: try “hello.txt”.',
	],
	['2026\\hello.txt', 'This key has a backslash: folders in keys end with a slash (/).'],
	[
		'hello%20world.txt',
		'This key is encoded as in a URL: enter its characters as they are, a space for %20.',
	],
	['photos/hello.txt', 'This key begins with the name of the bucket: try “hello.txt”.'],
	[
		'2026/',
		'This key ends with a slash, as that of a folder does: List gives the objects in it, with this key as Prefix.',
	],
])('the advice on the missing key %j in the bucket photos is: %s', (key, advice) => {
	expect(adviceOnKey(key, 'photos')).toBe(advice);
});

it.each(['hello.txt', 'a b.txt', '100% sure.txt', 'photos.txt'])(
	'the key %j is not unusual',
	(key) => {
		expect(adviceOnKey(key, 'photos')).toBeUndefined();
		expect(adviceOnKey(key, undefined)).toBeUndefined();
	},
);
