import type { S3 } from '../../../../s3/client/S3';
import type { Connection } from '../../../../s3/Connection';
import { checkCopy, isSameObject, mayCopyOnServer } from '../../../../s3/objects/copyChecks';
import type { CopyRequest } from '../../../../s3/objects/copyBetween';
import { failureOf } from '../../failureOf';
import { scriptedS3 } from './scriptedS3';

const over = (settings: Partial<Connection> = {}): S3 => scriptedS3(() => ({}), settings).s3;
const from = over();
const request = (more: Partial<CopyRequest> = {}): CopyRequest => ({
	source: { bucket: 'from', key: 'key' },
	bucket: 'to',
	key: 'copy',
	metadataDirective: 'keep',
	tagsDirective: 'keep',
	...more,
});
const itself = { bucket: 'from', key: 'key' };
const check = (source: S3, target: S3, more: Partial<CopyRequest> = {}) =>
	failureOf(() => {
		checkCopy({ source, target }, request(more));
		throw new Error('allowed');
	});
const allows = (source: S3, target: S3, more: Partial<CopyRequest> = {}) => {
	expect(() => {
		checkCopy({ source, target }, request(more));
	}).not.toThrow();
};

it('a copy of an object onto itself must change something', () => {
	const failure = check(from, from, itself);
	expect(failure).toMatchObject({ kind: 'invalid' });
	expect(failure.message).toBe(
		'Could not copy “key” in bucket “from” onto itself: nothing would change',
	);
	const tags = { tagsDirective: 'replace' as const, tags: { a: 'b' } };
	expect(check(from, from, { ...itself, ...tags }).message).toContain('nothing would change');
	allows(from, from, { ...itself, metadataDirective: 'replace' });
	allows(from, from, { ...itself, storageClass: 'GLACIER' });
	allows(from, from, { ...itself, encryption: { kind: 's3' } });
	allows(from, from, { ...itself, source: { ...itself, versionId: 'old' } });
});

it('a copy to the same names on another server is no copy onto itself', () => {
	allows(from, over({ endpoint: 'http://other' }), itself);
	const aws = { endpoint: undefined };
	const [eu, us] = [
		over({ ...aws, region: 'eu-central-1' }),
		over({ ...aws, region: 'us-east-1' }),
	];
	expect(isSameObject({ source: eu, target: us }, request(itself))).toBe(true);
	const china = over({ ...aws, region: 'cn-north-1' });
	expect(isSameObject({ source: eu, target: china }, request(itself))).toBe(false);
});

it('a copy between AWS and another server is not made by either, though the keys are the same', () => {
	const [aws, other] = [over({ endpoint: undefined }), over({ endpoint: 'http://other' })];
	for (const [source, target] of [
		[aws, other],
		[other, aws],
	] as const) {
		expect(mayCopyOnServer({ source, target }, request())).toBe(false);
		expect(isSameObject({ source, target }, request(itself))).toBe(false);
	}
});

it('an object of the same key in another bucket is another object', () => {
	const connections = { source: from, target: from };
	expect(isSameObject(connections, request({ key: 'key' }))).toBe(false);
	expect(isSameObject(connections, request({ bucket: 'from' }))).toBe(false);
});

it('a copy with new metadata or tags that would be ignored is refused', () => {
	expect(check(from, from, { contentType: 'text/a' }).advice).toContain('Set Metadata to Replace');
	expect(check(from, from, { metadata: {} }).advice).toContain('Set Metadata to Replace');
	expect(check(from, from, { tags: {} }).advice).toContain('Set Tags to Replace');
	allows(from, from, { metadataDirective: 'replace', contentType: 'text/a' });
});

it('a connection that is for one bucket only is so on both sides', () => {
	const only = (bucket: string) => over({ bucket, bucketOnly: true });
	expect(check(only('to'), from)).toMatchObject({ kind: 'refused', bucket: 'from' });
	expect(check(from, only('from'))).toMatchObject({ kind: 'refused', bucket: 'to' });
	allows(only('from'), only('to'));
});

it.each([
	['private', 'private', false],
	['private', 'public', false],
	['organizational', 'private', true],
	['organizational', 'organizational', true],
	['organizational', 'none', false],
	['organizational', 'public', false],
	['none', 'public', true],
	['public', 'none', true],
] as const)(
	'a connection of level %s lets copies go to another of level %s: %s',
	(one, other, allowed) => {
		const [source, target] = [over({ privacyLevel: one }), over({ privacyLevel: other })];
		if (allowed) allows(source, target);
		else expect(check(source, target)).toMatchObject({ kind: 'refused', bucket: 'from' });
		allows(source, source);
	},
);

it('a connection that is only for reading takes no copy, but gives one', () => {
	const readOnly = over({ readOnly: true });
	expect(check(from, readOnly)).toMatchObject({ kind: 'refused', bucket: 'to' });
	allows(readOnly, from);
});

it('a public ACL is refused by the level of the connection that takes the copy', () => {
	const limited = over({ privacyLevel: 'organizational' });
	expect(check(from, limited, { acl: 'public-read' })).toMatchObject({
		kind: 'refused',
		bucket: 'to',
	});
	allows(from, limited, { acl: 'private' });
});

it('the keys of the target are not used on a source that its connection may not read, or that another server has', () => {
	const keys = { withTargetKeys: true };
	const only = over({ bucket: 'to', bucketOnly: true });
	expect(check(from, only, keys)).toMatchObject({ kind: 'refused', bucket: 'from' });
	allows(from, only);
	const failure = check(from, over({ endpoint: 'http://other' }), keys);
	expect(failure.kind).toBe('invalid');
	expect(failure.advice).toContain('Switch Copy On the Server off');
	const [own, isPrivate] = [
		over({ bucket: 'own', bucketOnly: true }),
		over({ privacyLevel: 'private' }),
	];
	for (const source of [own, isPrivate]) {
		expect(check(source, over(), keys)).toMatchObject({ kind: 'refused', bucket: 'from' });
	}
	allows(from, over(), keys);
	allows(from, from, keys);
});

it('names that S3 does not have are refused on both sides', () => {
	expect(check(from, from, { bucket: 'a/b' }).kind).toBe('invalid');
	expect(check(from, from, { source: { bucket: 'from', key: '' } }).kind).toBe('invalid');
});

it('the server copies by itself if one set of keys may do both', () => {
	const may = (target: S3, withTargetKeys = false) =>
		mayCopyOnServer({ source: from, target }, request({ withTargetKeys }));
	const keys = {
		kind: 'accessKeys',
		accessKeyId: 'o',
		secretAccessKey: 'o',
		sessionToken: undefined,
	} as const;
	expect(may(from)).toBe(true);
	expect(may(over({ region: 'eu-central-1' }))).toBe(true);
	expect(may(over({ identity: keys }))).toBe(false);
	expect(may(over({ identity: keys }), true)).toBe(true);
	expect(may(over({ identity: keys, endpoint: 'http://other' }), true)).toBe(false);
	expect(may(over({ identity: keys, bucket: 'to', bucketOnly: true }), true)).toBe(false);
	expect(may(over({ endpoint: 'http://other' }))).toBe(false);
	expect(may(over({ bucket: 'to', bucketOnly: true }))).toBe(false);
	expect(may(over({ bucket: 'from', bucketOnly: true }))).toBe(true);
});
