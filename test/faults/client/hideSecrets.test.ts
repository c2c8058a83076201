/** Servers that repeat the requests they get. */
import type { Calls } from '../../../s3/sdk';
import type { Connection } from '../../../s3/Connection';
import { openS3 } from '../../../s3/client/openS3';
import { getObject } from '../../../s3/download/getObject';
import { listObjects } from '../../../s3/list/listObjects';
import { putObject } from '../../../s3/upload/putObject';
import { identityFor } from '../../../s3/identity/identityFor';
import { agentsFor } from '../../../s3/http/agentsFor';
import { SessionCache } from '../../../s3/identity/sessionCache';
import type { Session } from '../../../s3/identity/Session';
import type { S3Failure } from '../../../s3/S3Failure';
import { AmazonS3 } from '../../../nodes/AmazonS3/AmazonS3.node';
import { connectionTo } from '../../servers/connectionTo';
import {
	htmlPage,
	jsonPage,
	s3Page,
	startEchoServer,
	textPage,
	xmlPage,
	type EchoServer,
} from '../../servers/echo';
import { startHttpProxy } from '../../servers/httpProxy';
import { issue } from '../../servers/rolesAnywhere/authority';
import { PROFILE_ARN, ROLE_ARN, TRUST_ANCHOR_ARN } from '../../servers/rolesAnywhere/account';
import { rejectionOf } from '../../unit/failureOf';
import { sourceOf } from '../upload/sources';
import { serve } from '../../unit/s3/identity/rolesAnywhere/lab';

const TOKEN = 'planted/+token==&<"';
const PASSWORD = 'planted p&ss/wörd';
const keys = { kind: 'accessKeys', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's' } as const;
const temporary = { ...keys, sessionToken: TOKEN };
const basic = { kind: 'httpBasic', username: 'me', password: PASSWORD } as const;
const [bucket, key] = ['bucket', 'key'];

let server: EchoServer;
beforeAll(async () => {
	server = await startEchoServer();
});
afterAll(() => {
	server.close();
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Everything that n8n shows of a failure or stores. */
function shown({ message, description, code, requestId }: S3Failure): string {
	return [message, description, code, requestId].join('\n');
}

/** Looks for secrets, however they are written, and for a signature. */
function expectNoSecret(text: string): void {
	expect(text).not.toMatch(/planted|Signature=[0-9a-f]|%70lanted/i);
	for (const part of text.match(/[\w+/=-]{12,}/g) ?? []) {
		expect(Buffer.from(part, 'base64').toString()).not.toMatch(/planted|Signature=[0-9a-f]/);
	}
}

const connection = (settings: Partial<Connection>) =>
	connectionTo({ endpoint: server.endpoint, region: 'us-east-1', users: { main: keys } }, settings);

const pages = [s3Page, htmlPage, textPage, jsonPage];
const statuses = [400, 401, 403, 500];
const responses = statuses.flatMap((status) =>
	pages.map((page): [number, string, typeof page] => [status, page('').type, page]),
);

describe.each([
	['a session token', { identity: temporary }],
	['a password', { identity: basic }],
])('a server that repeats requests with %s', (what, settings) => {
	it.each(responses)(
		`a server that repeats requests with ${what} has none of it in a failure: status %i, %s`,
		async (status, _, page) => {
			server.respond(status, page);
			const s3 = await openS3(connection(settings));
			const input: Calls['UploadPart']['input'] = {
				Bucket: bucket,
				Key: key,
				UploadId: 'u',
				PartNumber: 1,
				Body: Buffer.from('x'),
				SSECustomerAlgorithm: 'AES256',
				SSECustomerKey: base64('planted key of the customer, 32 b'),
				SSECustomerKeyMD5: 'md5',
			};
			const failure = await rejectionOf(
				s3.send('UploadPart', input, { signal: AbortSignal.timeout(status === 500 ? 300 : 5000) }),
			);
			expectNoSecret(shown(failure));
		},
	);
});

it('a server that repeats a session token as the name of a region has none of it in a failure', async () => {
	const naming = await serve(({ headers }, response) => {
		const token = String(headers['x-amz-security-token']);
		response.writeHead(400, { 'x-amz-bucket-region': token }).end();
	});
	try {
		const identity = { ...keys, sessionToken: 'planted-token' };
		const s3 = await openS3(connection({ endpoint: naming.endpoint, identity }));
		const failure = await rejectionOf(s3.send('ListBuckets', {}, { signal: undefined }));
		expectNoSecret(shown(failure));
	} finally {
		naming.close();
	}
});

it('an error with status 200 in place of an object has no secret that its server repeats', async () => {
	server.respond(200, (echo) => {
		const { type, body } = s3Page(echo);
		return { type, body: body.replace(/<Code>.*?<\/Code>/, '<Code>InvalidRequest</Code>') };
	});
	const s3 = await openS3(connection({ identity: temporary }));
	const input = { Bucket: bucket, Key: key };
	const failure = await rejectionOf(s3.send('GetObject', input, { signal: undefined }));
	expect(failure.code).toBe('InvalidRequest');
	expectNoSecret(shown(failure));
});

it('an error of one key of many has no secret that its server repeats', async () => {
	const key = (echo: string) =>
		`<Error><Key>a</Key><Code>${echo}</Code><Message>${echo}</Message></Error>`;
	server.respond(200, (echo) => {
		const { body } = s3Page(echo);
		const text = /<Message>(.*)<\/Message>/.exec(body)?.[1] ?? '';
		return { type: 'application/xml', body: `<DeleteResult>${key(text)}</DeleteResult>` };
	});
	const s3 = await openS3(connection({ identity: temporary }));
	const input = { Bucket: bucket, Delete: { Objects: [{ Key: 'a' }] } };
	const { Errors: errors } = await s3.send('DeleteObjects', input, { signal: undefined });
	expect(errors).toMatchObject([{ Key: 'a' }]);
	expectNoSecret(JSON.stringify(errors));
});

it('a server behind a proxy that passes its password on has none of it in a failure', async () => {
	const proxy = await startHttpProxy({ credentials: `me:${PASSWORD}` });
	try {
		server.respond(400, (echo) => s3Page(`Basic ${base64(`me:${PASSWORD}`)} ${PASSWORD} ${echo}`));
		const custom = { kind: 'custom', url: proxy.url, user: 'me', password: PASSWORD } as const;
		const s3 = await openS3(connection({ proxy: custom }));
		const failure = await rejectionOf(s3.send('ListBuckets', {}, { signal: undefined }));
		expectNoSecret(shown(failure));
		expect(failure.message).not.toContain(base64(`me:${PASSWORD}`));
		expect(failure.message).toContain('…');
	} finally {
		await proxy.stop();
	}
});

/** Starts a server that repeats the secrets of its requests in responses of success. */
async function withRepeating<T>(
	respond: Parameters<typeof serve>[0],
	work: (s3: Awaited<ReturnType<typeof openS3>>) => Promise<T>,
	settings: Partial<Connection> = { identity: basic },
): Promise<T> {
	const repeating = await serve(respond);
	try {
		return await work(await openS3(connection({ endpoint: repeating.endpoint, ...settings })));
	} finally {
		repeating.close();
	}
}

it.each([
	['as it is', (login: string) => login],
	['in hexadecimal digits', (login: string) => Buffer.from(login).toString('hex')],
	['and 20,000 characters', (login: string) => login + 'x'.repeat(20_000)],
])('an upload whose ID repeats the login %s fails without it', async (_, spell) => {
	const failure = await withRepeating(
		({ headers, method }, response) => {
			const id = spell(headers.authorization ?? '');
			const body = `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;
			response.writeHead(method === 'POST' ? 200 : 403).end(method === 'POST' ? body : '');
		},
		(s3) => {
			const source = sourceOf(Buffer.from('ab'));
			const request = { bucket, key, source, multipartThreshold: 1 };
			return rejectionOf(putObject(s3, request, { signal: undefined, retryFor: 0 }));
		},
	);
	expectNoSecret(shown(failure));
	expect(failure).toMatchObject({ kind: 'corrupt', bucket, key });
});

it('an object whose Content-Range repeats the login fails without it, and so does one with a long one', async () => {
	for (const more of ['', 'x'.repeat(9000)]) {
		const failure = await withRepeating(
			({ headers }, response) => {
				const range = `${headers.authorization ?? ''}${more}`;
				response.writeHead(206, { etag: '"e"', 'content-range': range }).end('x');
			},
			(s3) => rejectionOf(getObject(s3, { bucket, key }, { signal: undefined, retryFor: 0 })),
		);
		expectNoSecret(shown(failure));
		expect(failure.message).toMatch(/: the server sent a part and not the whole object$/);
	}
	const failure = await withRepeating(
		(_, response) => {
			const range = `bytes 0-${'1'.repeat(9000)}/9`;
			response.writeHead(206, { etag: '"e"', 'content-range': range }).end('x');
		},
		(s3) => rejectionOf(getObject(s3, { bucket, key }, { signal: undefined, retryFor: 0 })),
	);
	expect(failure.message.length).toBeLessThan(300);
});

it('a key of another prefix that is the password is not named', async () => {
	const failure = await withRepeating(
		(_, response) => {
			const entry = `<Contents><Key>${PASSWORD.replace('&', '&amp;')}</Key><Size>1</Size></Contents>`;
			const type = { 'content-type': 'application/xml' };
			response.writeHead(200, type).end(`<ListBucketResult>${entry}</ListBucketResult>`);
		},
		(s3) => rejectionOf(listObjects(s3, { bucket, prefix: 'a/' }, { signal: undefined }).next()),
	);
	expectNoSecret(shown(failure));
	expect(failure.message).toContain('begin with something else');
});

describe('services that lend sessions', () => {
	const leaf = issue({ name: 'worker' });
	const identities = {
		assumeRole: () => ({
			kind: 'assumeRole' as const,
			source: temporary,
			roleArn: ROLE_ARN,
			externalId: undefined,
			roleSessionName: undefined,
			durationSeconds: undefined,
			stsEndpoint: server.endpoint,
		}),
		rolesAnywhere: () => ({
			kind: 'rolesAnywhere' as const,
			trustAnchorArn: TRUST_ANCHOR_ARN,
			profileArn: PROFILE_ARN,
			roleArn: ROLE_ARN,
			region: undefined,
			sessionName: undefined,
			durationSeconds: undefined,
			certificate: leaf.pem,
			certificateChain: undefined,
			privateKey: leaf.keyPem,
			passphrase: undefined,
			endpoint: server.endpoint,
		}),
	};

	it.each(
		Object.keys(identities).flatMap((kind) =>
			[400, 401, 403].flatMap((status) =>
				[xmlPage, jsonPage, htmlPage, textPage].map(
					(page): [keyof typeof identities, number, string, typeof page] => [
						kind as keyof typeof identities,
						status,
						page('').type,
						page,
					],
				),
			),
		),
	)(
		'a service for %s that repeats its requests has no secret in a failure: status %i, %s',
		async (kind, status, _, page) => {
			server.respond(status, page);
			const agents = await agentsFor(connection({}));
			const sessions = new SessionCache<Session>();
			const session = identityFor(identities[kind](), { region: 'eu-central-1', agents, sessions });
			const failure = await rejectionOf(session());
			expectNoSecret(shown(failure));
		},
	);
});

it.each([400, 401, 403])(
	'the connection test shows no secret of a server that repeats its requests with status %i',
	async (status) => {
		const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
		const { endpoint } = server;
		const credentials: Array<[type: string, data: object]> = [
			['amazonS3BasicAuthApi', { endpoint, username: 'me', password: PASSWORD, scheme: 'http' }],
			[
				'amazonS3AccessKeysApi',
				{
					endpoint,
					accessKeyId: 'AKIDEXAMPLE',
					secretAccessKey: 's',
					temporaryCredentials: true,
					sessionToken: TOKEN,
				},
			],
		];
		for (const [type, fields] of credentials) {
			for (const page of pages) {
				server.respond(status, page);
				const data = { ...fields, bucket } as never;
				const result = await amazonS3ConnectionTest.call(undefined as never, {
					id: '1',
					name: 'x',
					type,
					data,
				});
				expect(result.status).toBe('Error');
				expectNoSecret(result.message);
			}
		}
	},
);
