/** A node works on a machine whose clock is wrong, and says so. */
import type { INodeParameters } from 'n8n-workflow';

import {
	accountTrusting,
	PROFILE_ARN,
	ROLE_ARN,
	TRUST_ANCHOR_ARN,
} from '../servers/rolesAnywhere/account';
import { issue } from '../servers/rolesAnywhere/authority';
import { startRolesAnywhere, type RolesAnywhereServer } from '../servers/rolesAnywhere/server';
import { withServer } from '../servers/withServer';
import { putAll } from './bucket';
import { runNode, storedFile, type Credential } from './n8n';
import { withBinaryStore } from './withBinaryStore';

const HOUR = 3600;

const bucket = 'bucket';
const otherBucket = 'other-bucket';
const server = withServer({ buckets: [bucket] });
const other = withServer({ buckets: [otherBucket] });
withBinaryStore();

beforeEach(() => {
	server.setClock(0);
	other.setClock(0);
});

interface Run {
	operation: string;
	key?: string;
	credential?: Credential;
	authentication?: string;
}

/** Messages of the hints of a run over four items, one at a time. */
async function hintsOf({ operation, key, credential, authentication = 'accessKeys' }: Run) {
	const about = { resource: 'object', operation, source: 'text', text: 'x', output: 'array' };
	const { error, hints } = await runNode({
		items: Array.from({ length: 4 }, (_, n) => ({ json: { n } })),
		parameters: {
			authentication,
			...about,
			key: key ?? '={{ $json.n }}',
			options: { concurrency: 1 },
		},
		credential: credential ?? { ...server.credential, bucket },
	});
	expect(error).toBeUndefined();
	// Put says besides what it put, and List that there is nothing.
	const others = /put into bucket|has no objects/;
	return hints.map(({ message }) => message).filter((words) => !others.test(words));
}

const said = (minutes: number, way: string) =>
	`The local clock is ${String(minutes)} min ${way} the server’s: set the clock of the machine that n8n runs on (NTP).`;

const statuses = () => server.requests.map(({ status }) => status);

it.each([
	[60, 'behind', [403, 200, 200, 200, 200]],
	[-60, 'ahead of', [403, 200, 200, 200, 200]],
	// S3 still takes these; others may not.
	[6, 'behind', [200, 200, 200, 200]],
])(
	'the node shows one hint when the server is %i min ahead, and asks for nothing else',
	async (minutes, way, answers) => {
		server.setClock(minutes * 60);
		// Other settings than any other test's make a connection that has learned nothing yet.
		const credential = { ...server.credential, bucket, multipartThresholdMb: 100 + minutes };
		expect(await hintsOf({ operation: 'put', credential })).toEqual([said(Math.abs(minutes), way)]);
		expect(statuses()).toEqual(answers);
		server.setClock(0);
		const rightAgain = await hintsOf({ operation: 'list', credential });
		expect(rightAgain).toEqual([]);
	},
);

it('the node corrects the clock also by a response to HEAD, which does not say why it refuses', async () => {
	await putAll(server.credential, bucket, { there: 'content' });
	server.requests.length = 0;
	server.setClock(HOUR);
	const credential = { ...server.credential, bucket, multipartThresholdMb: 51 };
	const { error } = await runNode({
		parameters: { resource: 'object', operation: 'getMetadata', key: 'there' },
		credential,
	});
	expect(error).toBeUndefined();
	expect(statuses()).toEqual([403, 200]);
});

it.each([HOUR, 5 * 60])(
	'with a clock that is %i s behind a HEAD that is denied is still an access denied',
	async (seconds) => {
		server.setClock(seconds);
		server.faults.add({ effect: { kind: 'answer', status: 403 }, operation: 'HeadObject' });
		const credential = { ...server.credential, bucket, multipartThresholdMb: 60 + seconds };
		const { error } = await runNode({
			parameters: { resource: 'object', operation: 'getMetadata', key: 'secret' },
			credential,
		});
		expect(error).toMatchObject({ message: expect.stringMatching(/access denied/) as string });
	},
);

it('a HEAD that is denied is sent once and is an access denied as soon as the clock is corrected', async () => {
	server.setClock(HOUR);
	const credential = { ...server.credential, bucket, multipartThresholdMb: 53 };
	const about = { resource: 'object', operation: 'getMetadata', key: 'secret' };
	await runNode({
		parameters: { ...about, operation: 'put', source: 'text', text: 'x' },
		credential,
	});
	server.requests.length = 0;
	server.faults.add({ effect: { kind: 'answer', status: 403 }, operation: 'HeadObject' });
	const { error } = await runNode({
		parameters: { ...about, options: { retryFor: 0 } },
		credential,
	});
	expect(error).toMatchObject({ message: expect.stringMatching(/access denied/) as string });
	await runNode({ parameters: about, credential });
	expect(statuses()).toEqual([403, 403]);
});

it('the node sends a file again that is a stream, once the clock is corrected', async () => {
	server.setClock(HOUR);
	const credential = { ...server.credential, bucket, multipartThresholdMb: 52 };
	const data = await storedFile(Buffer.alloc(9 * 1024 * 1024));
	const { error } = await runNode({
		items: [{ json: {}, binary: { data } }],
		parameters: { resource: 'object', operation: 'put', key: 'streamed' },
		credential,
	});
	expect(error).toBeUndefined();
	expect(statuses()).toEqual([403, 200]);
});

it('the node says nothing of a few minutes', async () => {
	server.setClock(4 * 60);
	expect(await hintsOf({ operation: 'put' })).toEqual([]);
});

it('the node shows one hint however many servers say it', async () => {
	server.setClock(HOUR);
	other.setClock(2 * HOUR);
	const one: Credential = { ...server.credential, bucket };
	const two: Credential = { ...other.credential, bucket: otherBucket };
	const inTurn = Object.keys(one).map((field) => [
		field,
		`={{ $json.n % 2 ? ${JSON.stringify(two[field])} : ${JSON.stringify(one[field])} }}`,
	]);
	const credential = Object.fromEntries(inTurn) as Credential;
	expect(await hintsOf({ operation: 'put', credential })).toEqual([said(60, 'behind')]);
});

it('a link is signed for the time of the server as soon as that is known, and a hint says whose clock is wrong', async () => {
	await putAll(server.credential, bucket, { key: 'content' });
	server.setClock(HOUR);
	const credential = { ...server.credential, bucket, multipartThresholdMb: 50 };
	const link = async (options: INodeParameters) => {
		const about = { resource: 'object', operation: 'getPresignedUrl', key: 'key', expiresIn: 60 };
		const { outputs, hints, error } = await runNode({
			parameters: { ...about, options },
			credential,
		});
		expect(error).toBeUndefined();
		const { url } = outputs[0]?.[0]?.json as { url: string };
		return { hints: hints.map(({ message }) => message), status: (await fetch(url)).status };
	};
	expect(await link({})).toEqual({ hints: [], status: 403 });
	const known = { hints: [said(60, 'behind')], status: 200 };
	expect(await link({ checkFirst: true })).toEqual(known);
	expect(await link({})).toEqual(known);
});

describe('with sessions of Roles Anywhere', () => {
	const root = issue({ name: 'Company CA', ca: true });
	const leaf = issue({ name: 'n8n' }, root);
	let service: RolesAnywhereServer;

	beforeEach(async () => {
		service = await startRolesAnywhere({
			account: accountTrusting(root),
			clock: () => Date.now() + HOUR * 1000,
			onSession: ({ roleArn, ...keys }) => {
				server.addUser({ name: roleArn, ...keys });
			},
		});
	});
	afterEach(() => service.stop());

	it.each([
		['alone', 0],
		['and S3', HOUR],
	])('the node shows one hint when the clock was wrong for Roles Anywhere %s', async (_, ofS3) => {
		server.setClock(ofS3);
		const fields = {
			trustAnchorArn: TRUST_ANCHOR_ARN,
			profileArn: PROFILE_ARN,
			roleArn: ROLE_ARN,
			rolesAnywhereRegion: 'eu-central-1',
			publicCertificate: leaf.pem,
			privateKey: leaf.keyPem,
			rolesAnywhereEndpoint: service.endpoint,
			endpoint: server.endpoint,
			bucket,
		};
		const credential = fields as unknown as Credential;
		const run = { operation: 'put', authentication: 'rolesAnywhere', credential };
		expect(await hintsOf(run)).toEqual([said(60, 'behind')]);
		// The session goes on, and was made with the service's time.
		expect(await hintsOf(run)).toEqual([said(60, 'behind')]);
		expect(service.handled.map(({ status }) => status)).toEqual([403, 201]);
	});
});
