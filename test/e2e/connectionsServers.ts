/** The servers that the tests of connections talk to, and the secrets that must stay between them and n8n. */
import { randomBytes } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { startEmbedded } from '../servers/embedded';
import type { EmbeddedServer, User } from '../servers/embedded';
import { clientOf } from '../servers/embedded/client';
import { startHttpProxy } from '../servers/httpProxy';
import type { HttpProxy } from '../servers/httpProxy';
import {
	accountTrusting,
	PROFILE_ARN,
	ROLE_ARN,
	TRUST_ANCHOR_ARN,
} from '../servers/rolesAnywhere/account';
import { issue } from '../servers/rolesAnywhere/authority';
import { startRolesAnywhere } from '../servers/rolesAnywhere/server';
import type { RolesAnywhereServer } from '../servers/rolesAnywhere/server';
import { startSts } from '../servers/sts/server';
import type { StsServer } from '../servers/sts/server';

export const BUCKET = 'connections-bucket';
export const FAR_BUCKET = 'far-bucket';
export const FORBIDDEN_BUCKET = 'forbidden-bucket';
/** Seconds: three more than the minute before its end in which a session is no longer used. */
export const SHORT_LIFE = 63;
const ASSUMED_ROLE_ARN = 'arn:aws:iam::111122223333:role/loader';
const EXTERNAL_ID = 'external-id-of-the-tests';

/** Something that must be found nowhere. */
export interface Secret {
	name: string;
	text: string;
}

/** When a session was asked for and how long it lives, in milliseconds since 1970. */
interface Granted {
	at: number;
	expires: number;
}

export interface Servers {
	s3: EmbeddedServer;
	sts: StsServer;
	/** Wants a user name and password. */
	proxy: HttpProxy;
	/** Lets everybody through, and knows STS by its name at AWS. */
	wayToAws: HttpProxy;
	/** Grants sessions of an hour. */
	rolesAnywhere: RolesAnywhereServer;
	/** Grants sessions of `SHORT_LIFE`. */
	shortLived: RolesAnywhereServer;
	/** The sessions of `SHORT_LIFE`, in their order. */
	grants: Granted[];
	/** What each kind of credential holds. */
	credentials: Record<CredentialName, { type: string; data: Record<string, unknown> }>;
	/** All secrets, with those of the sessions that were granted until now. */
	secrets(): Secret[];
	/** Address of an S3 server whose certificate nobody trusts. */
	untrustedEndpoint: string;
	/** Certificate and key that the trust anchor's authority did not issue. */
	stranger: { publicCertificate: string; privateKey: string };
	/** Keys whose session has ended. */
	expired: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
	stop(): Promise<void>;
}

export type CredentialName =
	| 'accessKeys'
	| 'temporaryKeys'
	| 'assumedRole'
	| 'basicSigned'
	| 'basicHttp'
	| 'proxied'
	| 'rolesAnywhere'
	| 'shortLived';

/** Random, with the characters that are written otherwise in URLs. */
const secret = (name: string): string => `${name}/+${randomBytes(24).toString('hex')}`;

const newUser = (name: string, more: Partial<User> = {}): User => ({
	name,
	accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
	secretAccessKey: secret(`secret-of-${name}`),
	...more,
});

export async function startServers(): Promise<Servers> {
	const keys = newUser('keys');
	const temporary = newUser('temporary', { sessionToken: secret('token') });
	const expired = newUser('expired', {
		sessionToken: secret('expired-token'),
		expires: new Date(Date.now() - 60_000),
	});
	const s3 = await startEmbedded({
		users: [keys, temporary, expired],
		bucketRegions: { [FAR_BUCKET]: 'eu-west-1' },
	});
	for (const bucket of [BUCKET, FORBIDDEN_BUCKET]) s3.store.makeBucket(bucket);
	keys.allow = [
		{ actions: ['s3:ListAllMyBuckets'], resources: ['*'] },
		...[BUCKET, FAR_BUCKET, 'no-such-bucket'].map((bucket) => ({
			actions: ['s3:*'],
			resources: [bucket, `${bucket}/*`],
		})),
	];

	const authority = issue({ name: 'Company CA', ca: true });
	const leaf = issue({ name: 'n8n' }, authority);
	const stranger = issue({ name: 'n8n' }, issue({ name: 'Stranger CA', ca: true }));
	const passphrase = secret('passphrase');
	const encryptedKey = leaf.key.export({
		type: 'pkcs8',
		format: 'pem',
		cipher: 'aes-256-cbc',
		passphrase,
	}) as string;
	const lent: { name: string; secretAccessKey: string; sessionToken: string }[] = [];
	const enter = (session: User) => {
		s3.addUser(session);
		lent.push(session as (typeof lent)[number]);
	};
	const rolesAnywhere = await startRolesAnywhere({
		account: accountTrusting(authority),
		onSession: (session) => enter({ name: 'certificate', ...session }),
	});
	const grants: Granted[] = [];
	const shortLived = await startRolesAnywhere({
		account: { ...accountTrusting(authority), lifetime: SHORT_LIFE },
		onSession: (session) => {
			grants.push({ at: Date.now(), expires: session.expires.getTime() });
			enter({ name: 'short-lived certificate', ...session });
		},
	});
	const sts = await startSts({
		region: s3.region,
		users: [keys],
		roles: [{ arn: ASSUMED_ROLE_ARN, externalId: EXTERNAL_ID, maxSessionDuration: 3600 }],
		onSession: (session) => enter({ name: 'assumed role', ...session }),
	});
	const both = await listen(
		createServer((message, response) => {
			const isSts = /\/sts\/aws4_request/.test(message.headers.authorization ?? '');
			passOn(isSts ? sts.endpoint : s3.endpoint, message, response);
		}),
	);
	const password = secret('password');
	const gateway = await listen(createServer(basicAuthGateway(s3, 'gateway-user', password)));
	const untrusted = issue({ name: 'S3', hosts: ['127.0.0.1'] }, authority);
	const overTls = await startEmbedded({ tls: { cert: untrusted.pem, key: untrusted.keyPem } });

	const proxyPassword = secret('proxy-password');
	const proxy = await startHttpProxy({ credentials: `proxy-user:${proxyPassword}` });
	const certified = { cert: untrusted.pem, key: untrusted.keyPem };
	const stsOverTls = await listen(
		createTlsServer(certified, (message, response) => {
			passOn(sts.endpoint, message, response);
		}),
	);
	const wayToAws = await startHttpProxy({
		hosts: { 'sts.us-east-1.amazonaws.com:443': new URL(addressOf(stsOverTls)).host },
	});

	const shared = { region: s3.region, endpoint: s3.endpoint };
	const certificate = {
		...shared,
		trustAnchorArn: TRUST_ANCHOR_ARN,
		profileArn: PROFILE_ARN,
		roleArn: ROLE_ARN,
		rolesAnywhereRegion: 'eu-central-1',
		durationSeconds: 3600,
		publicCertificate: leaf.pem,
		privateKey: encryptedKey,
		privateKeyPassphrase: passphrase,
		bucket: BUCKET,
	};
	const keysOf = ({ accessKeyId, secretAccessKey, sessionToken }: User) => ({
		...shared,
		accessKeyId,
		secretAccessKey,
		...(sessionToken === undefined ? {} : { temporaryCredentials: true, sessionToken }),
	});
	const accessKeys = (data: object) => ({ type: 'amazonS3AccessKeysApi', data: { ...data } });
	const basicAuth = (data: object) => ({ type: 'amazonS3BasicAuthApi', data: { ...data } });
	const anywhere = (data: object) => ({ type: 'amazonS3RolesAnywhereApi', data: { ...data } });
	const planted: Secret[] = [
		...[keys, temporary, expired].flatMap(({ name, secretAccessKey, sessionToken = '' }) => [
			{ name: `secret of ${name}`, text: secretAccessKey },
			{ name: `token of ${name}`, text: sessionToken },
		]),
		{ name: 'password', text: password },
		{ name: 'password of the proxy', text: proxyPassword },
		{ name: 'passphrase', text: passphrase },
		...linesOf('private key', leaf.keyPem),
		...linesOf('encrypted private key', encryptedKey),
		...linesOf('private key of the stranger', stranger.keyPem),
	];
	return {
		s3,
		sts,
		proxy,
		wayToAws,
		rolesAnywhere,
		shortLived,
		grants,
		credentials: {
			accessKeys: accessKeys(keysOf(keys)),
			temporaryKeys: accessKeys(keysOf(temporary)),
			assumedRole: accessKeys({
				...keysOf(keys),
				endpoint: addressOf(both),
				assumeRole: true,
				roleArn: ASSUMED_ROLE_ARN,
				externalId: EXTERNAL_ID,
			}),
			basicSigned: basicAuth({
				...shared,
				username: keys.accessKeyId,
				password: keys.secretAccessKey,
				scheme: 'sigv4',
			}),
			basicHttp: basicAuth({
				...shared,
				endpoint: addressOf(gateway),
				username: 'gateway-user',
				password,
				scheme: 'http',
			}),
			proxied: accessKeys({
				...keysOf(keys),
				proxy: 'custom',
				proxyUrl: proxy.url,
				proxyUser: 'proxy-user',
				proxyPassword,
			}),
			rolesAnywhere: anywhere({ ...certificate, rolesAnywhereEndpoint: rolesAnywhere.endpoint }),
			shortLived: anywhere({ ...certificate, rolesAnywhereEndpoint: shortLived.endpoint }),
		},
		secrets: () => [
			...planted.filter(({ text }) => text !== ''),
			...lent.flatMap(({ name, secretAccessKey, sessionToken }) => [
				{ name: `secret lent to ${name}`, text: secretAccessKey },
				{ name: `token lent to ${name}`, text: sessionToken },
			]),
		],
		untrustedEndpoint: overTls.endpoint,
		stranger: { publicCertificate: stranger.pem, privateKey: stranger.keyPem },
		expired: {
			accessKeyId: expired.accessKeyId,
			secretAccessKey: expired.secretAccessKey,
			sessionToken: expired.sessionToken ?? '',
		},
		stop: async () => {
			for (const server of [both, gateway, stsOverTls]) {
				server.closeAllConnections();
				server.close();
			}
			const started = [rolesAnywhere, shortLived, sts, s3, overTls, proxy, wayToAws];
			await Promise.all(started.map((one) => one.stop()));
		},
	};
}

/** The lines between the first and the last of a PEM: line ends are kept in several ways. */
function linesOf(name: string, pem: string): Secret[] {
	return pem
		.trim()
		.split('\n')
		.slice(1, -1)
		.filter((line) => line.length >= 16)
		.map((text, i) => ({ name: `${name}, line ${String(i + 1)}`, text }));
}

async function listen(server: Server): Promise<Server> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}

const addressOf = (server: Server): string =>
	`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

/** Sends a request on as it is, its host included, so that its signature stays right. */
function passOn(endpoint: string, message: IncomingMessage, response: ServerResponse): void {
	const { method, url, rawHeaders } = message;
	const target = request(`${endpoint}${url ?? ''}`, { method, headers: rawHeaders }, (answer) => {
		response.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
		answer.pipe(response);
	});
	target.on('error', () => response.destroy());
	message.pipe(target);
}

/** A gateway that asks for a user name and password and signs what it lets pass. */
function basicAuthGateway(s3: EmbeddedServer, user: string, password: string): RequestListener {
	const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
	const { send } = clientOf(s3);
	const answer = async (message: IncomingMessage, response: ServerResponse) => {
		const body = await buffer(message);
		if (message.headers.authorization !== wanted) {
			response.writeHead(401, { 'www-authenticate': 'Basic realm="S3"' }).end();
			return;
		}
		const { pathname, searchParams } = new URL(message.url ?? '', s3.endpoint);
		const reply = await send(message.method ?? 'GET', pathname, {
			query: Object.fromEntries(searchParams),
			body,
		});
		response.writeHead(reply.status, reply.headers).end(reply.body);
	};
	return (message, response) => {
		answer(message, response).catch(() => response.destroy());
	};
}
