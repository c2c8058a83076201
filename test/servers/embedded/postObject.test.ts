import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import { withServer } from '../withServer';

const bucket = 'bucket';
const server = withServer({ bucketsOfEachTest: [bucket] });

const DATE = () => new Date().toISOString().replace(/[:-]|\.\d+/g, '');

interface Wish {
	expiration?: string;
	conditions?: unknown[];
	fields?: Record<string, string>;
	/** Fields that the signature does without. */
	without?: string[];
	content?: string;
	fileName?: string;
	/** Fields after the file. */
	after?: Record<string, string>;
	hasFile?: boolean;
}

/** The fields of a form signed by AWS's signer. */
async function fieldsOf({ expiration, conditions = [], fields = {} }: Wish) {
	const { accessKeyId, secretAccessKey } = server.users.main;
	const date = DATE();
	const proof = {
		'x-amz-algorithm': 'AWS4-HMAC-SHA256',
		'x-amz-credential': `${accessKeyId}/${date.slice(0, 8)}/${server.region}/s3/aws4_request`,
		'x-amz-date': date,
	};
	const document = {
		expiration: expiration ?? new Date(Date.now() + 60_000).toISOString(),
		conditions: [
			{ bucket },
			['starts-with', '$key', ''],
			...conditions,
			...Object.entries(proof).map(([name, value]) => ({ [name]: value })),
		],
	};
	const policy = Buffer.from(JSON.stringify(document)).toString('base64');
	const signer = new SignatureV4({
		service: 's3',
		region: server.region,
		credentials: { accessKeyId, secretAccessKey },
		sha256: Hash.bind(null, 'sha256'),
	});
	const signature = await signer.sign(policy, { signingDate: new Date() });
	return { key: 'key', ...fields, ...proof, policy, 'x-amz-signature': signature };
}

async function post(wish: Wish = {}) {
	const {
		without = [],
		content = 'content',
		fileName = 'f.txt',
		after = {},
		hasFile = true,
	} = wish;
	const data = new FormData();
	for (const [name, value] of Object.entries(await fieldsOf(wish))) {
		if (!without.includes(name)) data.append(name, value);
	}
	if (hasFile) data.append('file', new Blob([content]), fileName);
	for (const [name, value] of Object.entries(after)) data.append(name, value);
	return await sent(data);
}

async function sent(body: FormData | string, headers: Record<string, string> = {}) {
	const response = await fetch(`${server.endpoint}/${bucket}`, { method: 'POST', body, headers });
	const text = await response.text();
	return { status: response.status, code: /<Code>(.*?)</.exec(text)?.[1], text };
}

const stored = (key: string) => server.store.bucket(bucket).get(key);

describe('a form', () => {
	it('a form stores its file, and responds with 204 unless it wishes something else', async () => {
		expect((await post()).status).toBe(204);
		expect(stored('key')?.content?.size).toBe(7);
		expect(server.requests).toMatchObject([{ operation: 'PostObject', key: 'key', user: 'main' }]);
		const fields = { success_action_status: '200' };
		expect((await post({ fields, conditions: [fields] })).status).toBe(200);
	});

	it('a large file comes in pieces and is stored as it is', async () => {
		const content = '\r\n--almost a boundary '.repeat(50_000);
		expect((await post({ content })).status).toBe(204);
		expect(stored('key')?.content?.size).toBe(content.length);
		expect(server.requests[0]?.bytesReceived).toBe(content.length);
	});

	it('the name of the file takes its place in the key', async () => {
		await post({ fields: { key: 'in/${filename}' }, fileName: 'name.txt' });
		expect(stored('in/name.txt')).toBeDefined();
	});

	it('what follows the file is ignored', async () => {
		expect((await post({ after: { acl: 'public-read' } })).status).toBe(204);
	});
});

describe('a refusal', () => {
	it.each([
		['an expired policy', { expiration: '2020-01-01T00:00:00Z' }],
		['a policy with a condition that does not hold', { conditions: [['eq', '$key', 'other']] }],
		['a policy with a condition for a field that is missing', { conditions: [{ acl: 'private' }] }],
		['a policy without a condition for a field', { fields: { acl: 'private' } }],
		['a policy for another bucket', { conditions: [{ bucket: 'other' }] }],
		['a form without a policy', { without: ['policy'] }],
	] satisfies [string, Wish][])('%s is denied', async (_, wish) => {
		expect(await post(wish)).toMatchObject({ status: 403, code: 'AccessDenied' });
		expect(stored('key')).toBeUndefined();
	});

	it('a wrong signature, an unknown key and a policy that is no JSON are refused', async () => {
		const wrong = { 'x-amz-signature': '0'.repeat(64) };
		const send = async (other: Record<string, string>) => {
			const data = new FormData();
			const fields = { ...(await fieldsOf({})), ...other };
			for (const [name, value] of Object.entries(fields)) data.append(name, value);
			data.append('file', new Blob(['x']));
			return (await sent(data)).code;
		};
		expect(await send(wrong)).toBe('SignatureDoesNotMatch');
		expect(await send({ policy: 'bm9uZQ==' })).toBe('SignatureDoesNotMatch');
		const { 'x-amz-credential': own } = await fieldsOf({});
		expect(await send({ 'x-amz-credential': own.replace(/^[^/]+/, 'NOBODY') })).toBe(
			'InvalidAccessKeyId',
		);
	});

	it('a file that is smaller or larger than the policy says is refused', async () => {
		const conditions = [['content-length-range', 3, 5]];
		expect((await post({ conditions, content: 'ab' })).code).toBe('EntityTooSmall');
		expect((await post({ conditions, content: 'x'.repeat(1_000_000) })).code).toBe(
			'EntityTooLarge',
		);
		expect((await post({ conditions, content: 'abc' })).status).toBe(204);
	});

	it('a form without a file or a key, and a body that is no form, are refused', async () => {
		expect((await post({ hasFile: false })).status).toBe(400);
		expect((await post({ without: ['key'] })).code).toBe('InvalidArgument');
		expect((await sent('text')).code).toBe('PreconditionFailed');
		const headers = { 'content-type': 'multipart/form-data; boundary=b' };
		expect((await sent('no boundary', headers)).code).toBe('MalformedPOSTRequest');
	});

	it('fields of more than 20 KB are refused', async () => {
		const fields = { 'x-ignore-a': 'x'.repeat(21 * 1024) };
		expect((await post({ fields })).code).toBe('MaxPostPreDataLengthExceeded');
	});
});
