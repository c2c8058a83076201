import type { Connection } from '../../../../s3/Connection';
import { checkCopiedEncryption } from '../../../../s3/objects/copiedEncryption';
import type { WriteRequest } from '../../../../s3/write/WriteRequest';
import { rejectionOf } from '../../failureOf';
import { AWS, refusal, scriptedS3 } from './scriptedS3';

const key = Buffer.alloc(32, 1).toString('base64');
const encryption = { kind: 'customer', key } as const;

/** Checks a copy of which the response says this, and a HEAD that. */
function check(
	said: string | undefined,
	head: object = {},
	settings: Partial<Connection> = {},
	asked: WriteRequest['encryption'] = encryption,
) {
	const { s3, sent } = scriptedS3(() => {
		if (head instanceof Error) throw head;
		return head;
	}, settings);
	const request = { bucket: 'b', key: 'copy', encryption: asked };
	return { sent, checked: checkCopiedEncryption(s3, request, said, { signal: undefined }) };
}

it('checkCopiedEncryption looks at a copy with its key, and fails if it is not encrypted with it', async () => {
	const { sent, checked } = check(undefined, { ServerSideEncryption: 'AES256' });
	expect(await rejectionOf(checked)).toMatchObject({
		kind: 'corrupt',
		message:
			'Copied to “copy” in bucket “b”, but the server has not encrypted the copy with the customer key',
		advice:
			'The copy is there, and whoever may read objects can read it: delete it if it has to be secret. The server does not know such keys (SSE-C).',
		retryable: false,
	});
	expect(sent).toMatchObject([
		{ name: 'HeadObject', input: { Bucket: 'b', Key: 'copy', SSECustomerKey: key } },
	]);
});

it('checkCopiedEncryption takes the word of a HEAD, and of nobody who may not look', async () => {
	await check(undefined, { SSECustomerAlgorithm: 'AES256' }).checked;
	await check(undefined, refusal({ kind: 'denied' })).checked;
	const failure = await rejectionOf(check(undefined, refusal({ kind: 'unavailable' })).checked);
	expect(failure.kind).toBe('unavailable');
});

it('checkCopiedEncryption sends nothing if the response says it, to AWS, and for what has no such key', async () => {
	const checks = [
		check('AES256'),
		check(undefined, {}, AWS),
		check(undefined, {}, {}, { kind: 's3' }),
	];
	for (const { sent, checked } of checks) {
		await checked;
		expect(sent).toEqual([]);
	}
});
