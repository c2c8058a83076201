/** Requests to services of AWS by their own names, signed with every credential that signs. */
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { startHttpProxy, type HttpProxy } from '../servers/httpProxy';
import {
	accountTrusting,
	PROFILE_ARN,
	ROLE_ARN,
	TRUST_ANCHOR_ARN,
} from '../servers/rolesAnywhere/account';
import { issue } from '../servers/rolesAnywhere/authority';
import { startRolesAnywhere, type RolesAnywhereServer } from '../servers/rolesAnywhere/server';
import { removeBinaryStore, requestWithCredential, type Credential } from './n8n';

const SQS = 'sqs.eu-central-1.amazonaws.com';
const REST = 'abc123.execute-api.eu-central-1.amazonaws.com';
const SCOPES: Record<string, string> = {
	[SQS]: 'eu-central-1/sqs',
	[REST]: 'eu-central-1/execute-api',
};

interface Keys {
	accessKeyId: string;
	secretAccessKey: string;
	sessionToken?: string;
}

const own: Keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'planted/+secret' };
const temporary: Keys = { ...own, accessKeyId: 'ASIDEXAMPLE', sessionToken: 'planted/+token==' };
const known = [own, temporary];

let aws: Server;
let wayToAws: HttpProxy;
let rolesAnywhere: RolesAnywhereServer;
const root = issue({ name: 'Company CA', ca: true });
const leaf = issue({ name: 'n8n' }, root);

beforeAll(async () => {
	const { pem: cert, keyPem } = issue({ name: 'AWS', hosts: [SQS, REST] }, root);
	aws = createServer({ cert, key: keyPem }, (message, response) => {
		void verified(message).then((request) => response.end(JSON.stringify(request)));
	});
	await once(aws.listen(0, '127.0.0.1'), 'listening');
	const host = `127.0.0.1:${String((aws.address() as AddressInfo).port)}`;
	wayToAws = await startHttpProxy({ hosts: { [`${SQS}:443`]: host, [`${REST}:443`]: host } });
	rolesAnywhere = await startRolesAnywhere({
		account: accountTrusting(root),
		onSession: (lent) => known.push(lent),
	});
});
afterAll(async () => {
	aws.closeAllConnections();
	aws.close();
	await wayToAws.stop();
	await rolesAnywhere.stop();
	await removeBinaryStore();
});

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) =>
	createHmac('sha256', key).update(data).digest();

/**
 * The request, and whether it is signed with known keys, as services other than S3 compute it: they
 * encode the path twice.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
async function verified(message: IncomingMessage) {
	const { method = '', headers, url = '' } = message;
	const body = await buffer(message);
	const [pathname = '', query = ''] = url.split('?');
	const [, id, scope = '', names = '', signature] =
		/^AWS4-HMAC-SHA256 Credential=([^/]+)\/(.+), SignedHeaders=(.+), Signature=(.+)$/.exec(
			headers.authorization ?? '',
		) ?? [];
	const keys = known.find(({ accessKeyId }) => accessKeyId === id);
	const canonical = [
		method,
		pathname.split('/').map(encodeURIComponent).join('/'),
		query.split('&').sort().join('&'),
		...names.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
		'',
		names,
		sha256(body),
	].join('\n');
	const text = `AWS4-HMAC-SHA256\n${String(headers['x-amz-date'])}\n${scope}\n${sha256(canonical)}`;
	const key = scope.split('/').reduce<Buffer | string>(hmac, `AWS4${keys?.secretAccessKey ?? ''}`);
	const day = String(headers['x-amz-date']).slice(0, 8);
	return {
		signed:
			keys !== undefined &&
			hmac(key, text).toString('hex') === signature &&
			headers['x-amz-security-token'] === keys.sessionToken &&
			scope === `${day}/${SCOPES[headers.host ?? ''] ?? ''}/aws4_request`,
		request: `${method} ${headers.host ?? ''}${url}`,
		target: headers['x-amz-target'],
		type: headers['content-type'],
		body: body.toString(),
	};
}

const credentialsOf = {
	accessKeys: () => own,
	temporaryKeys: () => ({ ...temporary, temporaryCredentials: true }),
	basicAuth: () => ({
		endpoint: 'https://minio.example.com',
		username: own.accessKeyId,
		password: own.secretAccessKey,
		scheme: 'sigv4',
	}),
	rolesAnywhere: () => ({
		trustAnchorArn: TRUST_ANCHOR_ARN,
		profileArn: PROFILE_ARN,
		roleArn: ROLE_ARN,
		rolesAnywhereRegion: 'eu-central-1',
		publicCertificate: leaf.pem,
		privateKey: leaf.keyPem,
		rolesAnywhereEndpoint: rolesAnywhere.endpoint,
	}),
};

const kinds = Object.keys(credentialsOf) as Array<keyof typeof credentialsOf>;

/** Sends a request as n8n's HTTP Request node does, with a credential of another region than the service. */
async function send(kind: keyof typeof credentialsOf, request: object): Promise<unknown> {
	const credential = { ...credentialsOf[kind](), region: 'us-east-1' };
	const response = await requestWithCredential(
		'requestWithAuthentication',
		credential as unknown as Credential,
		{ proxy: wayToAws.url, rejectUnauthorized: false, ...request },
		kind === 'temporaryKeys' ? 'accessKeys' : kind,
	);
	return typeof response === 'string' ? JSON.parse(response) : response;
}

it.each(kinds)('a request with %s is signed for SQS in its JSON protocol', async (kind) => {
	const message = { QueueUrl: `https://${SQS}/111122223333/queue`, MessageBody: 'grüße 😀' };
	const response = await send(kind, {
		method: 'POST',
		uri: `https://${SQS}/`,
		headers: {
			'content-type': 'application/x-amz-json-1.0',
			'x-amz-target': 'AmazonSQS.SendMessage',
		},
		body: message,
		json: true,
	});
	expect(response).toEqual({
		signed: true,
		request: `POST ${SQS}/`,
		target: 'AmazonSQS.SendMessage',
		type: 'application/x-amz-json-1.0',
		body: JSON.stringify(message),
	});
});

it.each(kinds)(
	'a request with %s is signed for a REST API of execute-api, with query and odd path',
	async (kind) => {
		const uri = `https://${REST}/stage/path/a%20b?z=1`;
		expect(await send(kind, { method: 'GET', uri, qs: { a: 'ü+&' } })).toMatchObject({
			signed: true,
			request: `GET ${REST}/stage/path/a%20b?z=1&a=%C3%BC%2B%26`,
			body: '',
		});
	},
);
