import { planOf, writeOf } from '../../../../s3/objects/appendPlan';
import type { AppendRequest } from '../../../../s3/objects/appendObject';
import type { FailureKind } from '../../../../s3/S3Failure';
import { rejectionOf } from '../../failureOf';
import { AWS, refusal, scriptedS3 } from './scriptedS3';

const call = { signal: undefined };
const request: AppendRequest = {
	bucket: 'b',
	key: 'k',
	source: { size: 1, open: () => Promise.reject(new Error('not to be read')) },
	separator: '',
	createIfMissing: true,
	tags: 'keep',
};

const write = async (
	head: object,
	more: Partial<AppendRequest> = {},
	refused?: { kind: FailureKind; operation: string },
) => {
	const { s3 } = scriptedS3(() => {
		if (refused !== undefined) throw refusal(refused);
		return { TagSet: [{ Key: 'a', Value: 'b' }] };
	}, AWS);
	const asked = { ...request, ...more };
	const plan = planOf(s3, asked, { bucket: 'b', key: 'k', ...head } as never);
	return await writeOf(plan, asked, call);
};

it('an object that is written anew keeps its headers, metadata, tags and storage class', async () => {
	const head = {
		contentType: 'text/a',
		cacheControl: 'no-store',
		metadata: { one: '1' },
		storageClass: 'STANDARD_IA',
	};
	expect(await write(head)).toMatchObject({ ...head, tags: { a: 'b' }, bucket: 'b', key: 'k' });
	expect(await write(head, { tags: 'drop' })).toMatchObject({ tags: {} });
});

it.each([
	[{ encryption: 'aws:kms', kmsKeyId: 'id' }, {}, { kind: 'kms', keyId: 'id' }],
	[{ encryption: 'aws:kms:dsse', kmsKeyId: 'id' }, {}, { kind: 'kmsDsse', keyId: 'id' }],
	[{ encryption: 'AES256' }, {}, { kind: 's3' }],
	[{}, { customerKey: 'own' }, { kind: 'customer', key: 'own' }],
])(
	'an object with %j that is written with %j keeps its encryption',
	async (head, more, encryption) => {
		expect((await write(head, more)).encryption).toEqual(encryption);
	},
);

it('tags that may not be read can be dropped, as the failure says of them alone', async () => {
	const denied = { kind: 'denied' as const, operation: 'GetObjectTagging' };
	expect((await rejectionOf(write({}, {}, denied))).advice).toContain('Or set Tags to Drop');
	const away = { kind: 'unavailable' as const, operation: 'GetObjectTagging' };
	expect((await rejectionOf(write({}, {}, away))).advice).not.toContain('Drop');
});
