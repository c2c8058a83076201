import { meaningOf } from '../../../../s3/errors/meaning';

const refusal = { status: 400, code: undefined, said: undefined, location: undefined };
const endpoint = new URL('http://minio:9000/base');
const asked = {
	bucket: 'data',
	key: 'a.txt',
	versionId: undefined,
	endpoint: undefined,
	hasBody: true,
	needed: () => [{ action: 's3:GetObject', on: { bucket: 'data', key: 'a.txt' } }],
	partition: 'aws-us-gov',
};

it.each([
	['an unknown code', 'SomethingNew', 403, undefined, 'SomethingNew'],
	['an unknown code', 'SomethingNew', 403, 'The quota is used up', 'The quota is used up'],
	['an unknown code', 'SomethingNew', 400, undefined, 'SomethingNew'],
	['an unknown code', 'NoSuchThing', 404, undefined, 'NoSuchThing'],
	['an unknown code', 'OutOfDisk', 507, undefined, 'OutOfDisk'],
	['a known code', 'NoSuchKey', 404, 'The key is gone', 'there is no object with this key'],
	['a known code', 'AccessDenied', 403, 'Access Denied', 'access denied'],
	['a known code', 'AccessDenied', 403, 'It is suspended', 'access denied: It is suspended'],
	['a known code', 'InvalidTag', 400, undefined, 'InvalidTag'],
	['no code', undefined, 404, undefined, 'there is nothing at this address'],
	['no code', undefined, 418, undefined, 'status 418'],
])('the words for %s, %s with %s and the words %j, are: %s', (_, code, status, said, words) => {
	expect(meaningOf({ ...refusal, code, status, said }, asked).words).toBe(words);
});

it.each([
	[403, 'denied', undefined],
	[400, 'rejected', undefined],
	[500, 'unavailable', true],
	[200, 'unavailable', true],
	[undefined, 'unavailable', true],
])(
	'the code InternalError with the status %s is a failure of kind %s',
	(status, kind, retryable) => {
		const meaning = meaningOf({ ...refusal, code: 'InternalError', status }, asked);
		expect(meaning.kind).toBe(kind);
		expect(meaning.retryable).toBe(retryable);
	},
);

it('a denial to store an object under a customer’s own key says that buckets of AWS may refuse such keys', () => {
	const denied = { ...refusal, code: 'AccessDenied', status: 403 };
	const adviceFor = (more: object) => meaningOf(denied, { ...asked, ...more }).advice;
	const blocked =
		'Since April 2026 new buckets refuse objects under a customer key (SSE-C): their owner allows them with BlockedEncryptionTypes set to NONE in the encryption of the bucket. Or choose another Encryption.';
	expect(adviceFor({ ownKey: 'toStore' })).toBe(`${adviceFor({})} ${blocked}`);
	expect(adviceFor({})).not.toContain(blocked);
	expect(adviceFor({ ownKey: 'toStore', endpoint })).not.toContain(blocked);
});

it.each([
	['InvalidArgument', 'public', true],
	['InvalidArgument', 'public-read', false],
	['InvalidArgument', undefined, false],
	['InvalidRequest', 'public', false],
])('the advice for %s with the ACL %s names those of S3: %p', (code, acl, names) => {
	const { advice } = meaningOf({ ...refusal, code }, { ...asked, acl });
	expect(advice.startsWith('Choose one of private, public-read, public-read-write,')).toBe(names);
});

it('a denial to read an object with a customer’s own key says that the key may be another one', () => {
	const denied = { ...refusal, code: 'AccessDenied', status: 403 };
	const adviceFor = (more: object) => meaningOf(denied, { ...asked, ...more }).advice;
	const another = 'encrypted with another customer key (SSE-C)';
	expect(adviceFor({ ownKey: 'toRead' })).toContain(another);
	expect(adviceFor({ ownKey: 'toRead', endpoint })).toContain(another);
	expect(adviceFor({})).not.toContain(another);
});

it('a denial names the permission in the partition of the connection', () => {
	expect(meaningOf({ ...refusal, code: 'AccessDenied', status: 403 }, asked).advice).toBe(
		'The identity of the credential needs s3:GetObject on arn:aws-us-gov:s3:::data/a.txt.',
	);
});

it('a denial without a code is perhaps that of a firewall, but not that of a HEAD', () => {
	const denial = { ...refusal, status: 403 };
	expect(meaningOf(denial, asked).advice).toMatch(/^The response names no error of S3: /);
	expect(meaningOf(denial, { ...asked, hasBody: false }).advice).toMatch(/^The identity /);
});

it('all access that is disabled has advice of its own', () => {
	expect(meaningOf({ ...refusal, code: 'AllAccessDisabled', status: 403 }, asked).advice).toBe(
		'Ask the owner of the account or AWS support.',
	);
});

it.each([
	['https://minio.example.com/data/a.txt?X-Amz-Signature=planted', 'https://minio.example.com'],
	['https://minio:9000/', 'https://minio:9000'],
	['//other/', 'http://other'],
])('a redirect to %s names the origin %s and nothing else of it', (location, origin) => {
	const meaning = meaningOf({ ...refusal, status: 307, location }, { ...asked, endpoint });
	expect(meaning.words).toBe(`the server redirects to ${origin}`);
	expect(meaning.advice).toBe(
		`If that is your server, enter ${origin} as Endpoint in the credential.`,
	);
});

it.each([
	['http://minio:9000/login', endpoint, 302],
	['/login', endpoint, 302],
	['mailto:me', endpoint, 302],
	['http://[', endpoint, 302],
	['https://elsewhere/', undefined, 301],
	[undefined, endpoint, 301],
])('a redirect to %s from %s is one to somewhere else', (location, from, status) => {
	const meaning = meaningOf({ ...refusal, status, location }, { ...asked, endpoint: from });
	expect(meaning.words).toBe('the server sends the request somewhere else');
});

it('a location that comes with another status than that of a redirect is none', () => {
	const found = { ...refusal, status: 404, location: 'https://elsewhere/' };
	expect(meaningOf(found, { ...asked, endpoint }).words).toBe('there is nothing at this address');
});

it('a wrong signature at a server of one’s own has a proxy as its other cause', () => {
	const wrong = { ...refusal, code: 'SignatureDoesNotMatch', status: 403 };
	const advice = 'Enter the secret access key (or password) in the credential again.';
	expect(meaningOf(wrong, asked).advice).toBe(advice);
	expect(meaningOf(wrong, { ...asked, endpoint }).advice).toBe(
		`${advice} If it is right, a proxy in front of the server may change requests: it has to pass on the Host header, path and query as they are.`,
	);
});

it('a server that wants the bucket in the host name has the addressing style as advice', () => {
	const meaning = meaningOf(
		{ ...refusal, code: 'SecondLevelDomainForbidden', status: 403, said: 'No.' },
		asked,
	);
	expect(meaning).toMatchObject({
		kind: 'rejected',
		words: 'the server takes no bucket in the path',
		advice: 'Choose Virtual-Hosted as Addressing Style under More Settings of the credential.',
	});
});

it('a missing object has advice on its key if that is unusual', () => {
	const missing = { ...refusal, code: 'NoSuchKey', status: 404 };
	expect(meaningOf(missing, asked).advice).toContain('Keys are case sensitive');
	expect(meaningOf(missing, { ...asked, key: '/a.txt' }).advice).toContain('try “a.txt”');
	expect(meaningOf(missing, { ...asked, key: undefined }).advice).toContain('without bucket');
});

it('an object that a delete marker hides has the advice to bring it back', () => {
	const hidden = { ...refusal, code: 'NoSuchKey', status: 404, isDeleted: true };
	expect(meaningOf(hidden, asked).advice).toBe(
		'It was deleted, and the bucket keeps its versions: Undelete brings it back.',
	);
	expect(meaningOf({ ...hidden, isDeleted: false }, asked).advice).toContain('case sensitive');
});

it.each(['MethodNotAllowed', undefined])(
	'a version of which the method is not allowed (code %s) is a delete marker',
	(code) => {
		const refused = { ...refusal, code, status: 405, said: 'Not allowed' };
		expect(meaningOf(refused, { ...asked, versionId: 'v' })).toMatchObject({
			words: 'this version is a delete marker',
			advice: 'It has no content, metadata or tags. Choose another version of the object.',
		});
		expect(meaningOf(refused, asked).words).not.toContain('delete marker');
		expect(
			meaningOf({ ...refused, status: 403 }, { ...asked, versionId: 'v' }).words,
		).not.toContain('delete marker');
	},
);

it.each([undefined, endpoint])(
	'a HEAD of a bucket that is missing is not about a key (%s)',
	(server) => {
		const bucket = { ...asked, key: undefined, hasBody: false, endpoint: server };
		const missing = meaningOf({ ...refusal, code: 'NotFound', status: 404 }, bucket);
		expect(missing).toMatchObject({ kind: 'notFound', words: 'the bucket does not exist' });
		expect(missing.advice).toContain('Check the bucket name');
	},
);
