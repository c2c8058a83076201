/** What the owner of a credential forbids, and all that a person who only uses it may try. */
import type { INodeParameters } from 'n8n-workflow';

import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { runNode, runPicker, type Credential } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const bucket = 'bucket';
const other = 'other-bucket';
const server = withServer({ buckets: [bucket, other] });
withBinaryStore('default');

beforeAll(async () => {
	server.store.bucket(bucket).ownership = 'ObjectWriter';
	await putAll(server.credential, other, { secret: 'of others' });
});

describe.each(['private', 'organizational'])('a credential that is %s', (privacyLevel) => {
	const put = async (options: INodeParameters, json = {}) =>
		await runNode({
			items: [{ json }],
			parameters: { operation: 'put', bucket, key: 'k', source: 'text', text: 'x', options },
			credential: { ...server.credential, privacyLevel },
		});

	it.each([
		['public-read', {}],
		['public-read-write', {}],
		['authenticated-read', {}],
		['  Public-READ\n', {}],
		['={{ $json.acl }}', { acl: 'PUBLIC-read' }],
		['={{ "public" + "-read" }}', {}],
		['public-read-delivered', {}],
	])(
		`a credential that is ${privacyLevel} refuses the ACL %j before any request`,
		async (acl, json) => {
			const { error } = await put({ acl }, json);
			expect(error).toMatchObject({ name: 'NodeOperationError' });
			expect(error?.message).toMatch(
				new RegExp(
					`^The Privacy Level of this credential is ${privacyLevel}, so the ACL “(public|authenticated)-[a-z-]+” is not allowed for “k” in bucket “${bucket}”$`,
				),
			);
			expect(server.requests).toEqual([]);
		},
	);

	it(`a credential that is ${privacyLevel} refuses a public ACL for uploads in parts too`, async () => {
		const { error } = await put({ acl: 'public-read', multipartThresholdMb: 0 });
		expect(error?.message).toContain('the ACL “public-read” is not allowed');
		expect(server.requests).toEqual([]);
	});

	it.each([
		{},
		{ acl: 'private' },
		{ acl: 'bucket-owner-read' },
		{ acl: 'bucket-owner-full-control' },
		{ acl: 'aws-exec-read' },
		{ acl: '' },
	])(`a credential that is ${privacyLevel} puts with %j`, async (options) => {
		expect((await put(options)).error).toBeUndefined();
	});
});

it.each(['none', 'public'])('a credential whose level is %j puts public objects', async (level) => {
	const { error } = await runNode({
		parameters: {
			operation: 'put',
			bucket,
			key: 'k',
			source: 'text',
			text: 'x',
			options: { acl: 'public-read' },
		},
		credential: { ...server.credential, privacyLevel: level },
	});
	expect(error).toBeUndefined();
	expect(server.requests.map(({ headers }) => headers['x-amz-acl'])).toEqual(['public-read']);
});

describe('a credential for one bucket', () => {
	const credential = () => ({ ...server.credential, bucket, bucketOnly: true }) as Credential;
	const arn = 'arn:aws:s3:eu-central-1:111122223333:accesspoint/mine';

	const attempts: Array<[what: string, bucket: () => unknown]> = [
		['by name', () => other],
		['by an expression', () => `={{ "${other}" }}`],
		['from the list', () => ({ __rl: true, mode: 'list', value: other })],
		['in a mode that does not exist', () => ({ __rl: true, mode: 'url', value: other })],
		['in other letters', () => bucket.toUpperCase()],
		['by an access point ARN', () => arn],
		['by an access point alias', () => 'mine-1234567890abcdefghijklmnopqrstuvwx-s3alias'],
	];
	describe.each(attempts)('another bucket given %s', (how, wanted) => {
		it.each([
			['get', { key: 'secret', as: 'text' }],
			['list', { returnAll: true }],
			['put', { key: 'secret', source: 'text', text: 'x' }],
		])(
			`a credential for one bucket refuses %s before any request if another is given ${how}`,
			async (operation, parameters) => {
				const { error } = await runNode({
					parameters: { operation, bucket: wanted() as string, ...parameters },
					credential: credential(),
				});
				expect(error).toMatchObject({ name: 'NodeOperationError' });
				expect(error?.message).toContain(`This credential is only for bucket “${bucket}”`);
				expect(server.requests).toEqual([]);
			},
		);
	});

	it.each(['../{other}/secret', 'a/../../{other}/secret', './/../{other}/secret'])(
		'a credential for one bucket refuses the key %s, which a gateway could take for another bucket',
		async (path) => {
			const key = path.replace('{other}', other);
			const { error } = await runNode({
				parameters: { operation: 'get', bucket, key, as: 'text' },
				credential: credential(),
			});
			expect(error?.message).toContain('could lead out of it');
			expect(server.requests).toEqual([]);
		},
	);

	it('a credential for one bucket takes keys with dots that stay in the bucket', async () => {
		const { error } = await runNode({
			parameters: { operation: 'put', bucket, key: 'a/../b..c/..d', source: 'text', text: 'x' },
			credential: credential(),
		});
		expect(error).toBeUndefined();
	});

	it('a credential for one bucket refuses the list of buckets before any request', async () => {
		const { error } = await runNode({
			parameters: { resource: 'bucket', operation: 'list', returnAll: true },
			credential: credential(),
		});
		expect(error?.message).toBe(`This credential is only for bucket “${bucket}”`);
		expect(server.requests).toEqual([]);
	});

	it('a credential for one bucket shows that bucket alone in the picker, without a request', async () => {
		const { results } = await runPicker('searchBuckets', {
			parameters: {},
			credential: credential(),
		});
		expect(results.map(({ value }) => value)).toEqual([bucket]);
		expect(server.requests).toEqual([]);
	});

	it('a credential for one bucket shows no keys of another bucket in the picker', async () => {
		const settings = { parameters: { bucket: other }, credential: credential() };
		await expect(runPicker('searchKeys', settings)).rejects.toThrow(
			`This credential is only for bucket “${bucket}”, not for “${other}”`,
		);
		expect(server.requests).toEqual([]);
	});

	it('a credential for one bucket works in it if the node names none, and if it names that one', async () => {
		for (const named of ['', bucket, ` ${bucket} `]) {
			const { error } = await runNode({
				parameters: { operation: 'list', bucket: named },
				credential: credential(),
			});
			expect(error).toBeUndefined();
		}
	});

	describe.each(['getPresignedUrl', 'getPresignedPost'])('%s', (operation) => {
		const linkFor = async (publicEndpoint: string, fields: object = {}) =>
			await runNode({
				parameters: { operation, key: 'secret', options: { publicEndpoint } },
				credential: { ...credential(), ...fields },
			});

		it(`a credential for one bucket signs nothing by ${operation} for a Public Endpoint that makes another bucket of it`, async () => {
			for (const elsewhere of [
				`${server.endpoint}/${other}`,
				`${server.endpoint}/${other}/`,
				`http://${other}.localhost`,
				'https://files.example.com',
			]) {
				const { error } = await linkFor(elsewhere);
				expect(error).toMatchObject({ name: 'NodeOperationError' });
				expect(error?.message).toContain(
					`This credential is only for bucket “${bucket}”, so nothing is signed for a Public Endpoint of the node`,
				);
			}
		});

		it(`a credential for one bucket signs by ${operation} for the Public Endpoint and the Endpoint of its owner`, async () => {
			const publicEndpoint = 'https://files.example.com';
			for (const [given, fields] of [
				[publicEndpoint, { publicEndpoint }],
				[`${publicEndpoint}/`, { publicEndpoint }],
				[server.endpoint, {}],
			] as const) {
				expect((await linkFor(given, fields)).error).toBeUndefined();
			}
		});
	});
});

describe('a credential that is only for reading', () => {
	const credential = () => ({ ...server.credential, readOnly: true }) as Credential;

	it.each([
		['put', { source: 'text', text: 'x' }],
		['put', { source: 'text', text: 'x', options: { multipartThresholdMb: 0 } }],
		['delete', {}],
		['setTags', { tags: { tag: [{ name: 'a', value: 'b' }] } }],
	])(
		'a credential that is only for reading refuses %s with %j before any request that changes something',
		async (operation, parameters) => {
			const { error } = await runNode({
				parameters: { operation, bucket: other, key: 'secret', ...parameters },
				credential: credential(),
			});
			expect(error).toMatchObject({ name: 'NodeOperationError' });
			expect(error?.message).toContain('This credential is only for reading, so it may not');
			const methods = server.requests.map(({ method }) => method);
			expect(methods.filter((method) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
		},
	);

	it('a credential that is only for reading refuses to delete many items before any request', async () => {
		const { error } = await runNode({
			items: [{ json: {} }, { json: {} }],
			parameters: { operation: 'delete', bucket: other, key: 'secret' },
			credential: credential(),
		});
		expect(error?.message).toContain('This credential is only for reading');
		expect(server.requests).toEqual([]);
	});

	it.each([
		['get', { as: 'text' }],
		['getMetadata', {}],
		['getTags', {}],
		['list', { returnAll: true }],
	])('a credential that is only for reading does %s', async (operation, parameters) => {
		const { error } = await runNode({
			parameters: { operation, bucket: other, key: 'secret', ...parameters },
			credential: credential(),
		});
		expect(error).toBeUndefined();
	});
});
