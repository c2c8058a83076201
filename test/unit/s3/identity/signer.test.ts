import { createHash, createHmac } from 'node:crypto';
import { keysOf, signerFor } from '../../../../s3/identity/signer';
import * as sdk from '../../../../s3/sdk';

const own = { accessKeyId: 'a', secretAccessKey: 's' };

it('access keys have a session token only if there is one', () => {
	const keys = { kind: 'accessKeys', ...own } as const;
	expect(keysOf({ ...keys, sessionToken: undefined })).toStrictEqual(own);
	expect(keysOf({ ...keys, sessionToken: 't' })).toStrictEqual({ ...own, sessionToken: 't' });
});

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function signatureOf(service: string, path: string): string {
	const scope = ['20260131', 'eu-central-1', service, 'aws4_request'];
	const headers = 'host:example.com\nx-amz-date:20260131T080000Z\n\nhost;x-amz-date';
	const request = `GET\n${path}\n\n${headers}\n${sha256('')}`;
	const text = ['AWS4-HMAC-SHA256', '20260131T080000Z', scope.join('/'), sha256(request)].join(
		'\n',
	);
	const key = scope.reduce<string | Buffer>(
		(secret, part) => createHmac('sha256', secret).update(part).digest(),
		'AWS4s',
	);
	return createHmac('sha256', key).update(text).digest('hex');
}

it.each([
	['s3', false, '/a%20b'],
	['sqs', undefined, '/a%2520b'],
])(
	'a request to %s with uriEscapePath %s is signed for the path %s',
	async (service, escape, path) => {
		const keys = { ...own, sessionToken: undefined };
		const more = escape === undefined ? {} : { uriEscapePath: escape };
		const target = { service, region: 'eu-central-1', applyChecksum: false, ...more };
		const { headers } = await signerFor(sdk, keys, target).sign(
			{
				method: 'GET',
				protocol: 'https:',
				hostname: 'example.com',
				path: '/a%20b',
				headers: { host: 'example.com' },
			},
			{ signingDate: new Date('2026-01-31T08:00:00Z') },
		);
		expect(headers.authorization).toContain(`Signature=${signatureOf(service, path)}`);
	},
);
