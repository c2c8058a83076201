/** Everything that is likely to be wrong with a credential, and the words that Save shows for it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import {
	accountTrusting,
	type Account,
	PROFILE_ARN,
	ROLE_ARN,
	TRUST_ANCHOR_ARN,
} from '../servers/rolesAnywhere/account';
import { issue } from '../servers/rolesAnywhere/authority';
import { revocationList } from '../servers/rolesAnywhere/revocationList';
import { startRolesAnywhere, type RolesAnywhereServer } from '../servers/rolesAnywhere/server';
import { startGateway, type Gateway } from '../servers/sts/gateway';
import { startSts, type StsServer } from '../servers/sts/server';
import { withServer } from '../servers/withServer';

const BUCKET = 'the-bucket';
const FORBIDDEN = 'forbidden-bucket';
const LOADER_ARN = 'arn:aws:iam::111122223333:role/loader';
const UNTRUSTING_ARN = 'arn:aws:iam::111122223333:role/untrusting';
const DISABLED_ANCHOR_ARN = TRUST_ANCHOR_ARN.replace('1111-1', '9999-1');
/** Longer than a name may be, so no resolver has to be asked. */
const NO_HOST = 'x'.repeat(64);
const DAY = 24 * 3600 * 1000;
/** What least-privilege policies allow. */
const ONE_BUCKET = [
	{
		actions: ['s3:PutObject', 's3:GetObject', 's3:ListBucket'],
		resources: [BUCKET, `${BUCKET}/*`],
	},
];
const session = {
	accessKeyId: 'ASIASESSION',
	secretAccessKey: 'planted-session-secret',
	sessionToken: 'planted-session-token',
};
const ended = {
	accessKeyId: 'ASIAENDED',
	secretAccessKey: 'planted-ended-secret',
	sessionToken: 'planted-ended-token',
};

const webAuthority = issue({ name: 'Web CA', ca: true });
const ofThisHost = issue({ name: 'server', hosts: ['127.0.0.1'] }, webAuthority);
const ofAnotherHost = issue({ name: 'server', hosts: ['s3.example.com'] }, webAuthority);
const outOfDate = issue(
	{ name: 'server', hosts: ['127.0.0.1'], notAfter: new Date(Date.now() - DAY) },
	webAuthority,
);

const authority = issue({ name: 'Company CA', ca: true });
const leaf = issue({ name: 'n8n' }, authority);
const stranger = issue({ name: 'n8n' }, issue({ name: 'Stranger CA', ca: true }));
const revoked = issue({ name: 'n8n' }, authority);
const old = issue({ name: 'n8n', notAfter: new Date(Date.UTC(2026, 0, 2)) }, authority);
const future = issue(
	{
		name: 'n8n',
		notBefore: new Date(Date.UTC(2126, 0, 2)),
		notAfter: new Date(Date.UTC(2127, 0, 2)),
	},
	authority,
);
const encryptedKey = leaf.key.export({
	type: 'pkcs8',
	format: 'pem',
	cipher: 'aes-256-cbc',
	passphrase: 'planted-passphrase',
}) as string;

const tlsOf = ({ pem: cert, keyPem: key }: { pem: string; keyPem: string }) => ({ cert, key });

const s3 = withServer({
	buckets: [BUCKET, FORBIDDEN],
	bucketRegions: { 'far-bucket': 'eu-west-1' },
	regionErrors: 'malformed',
});
const empty = withServer();
const secure = withServer({ tls: tlsOf(ofThisHost), buckets: [BUCKET] });
const misnamed = withServer({ tls: tlsOf(ofAnotherHost), buckets: [BUCKET] });
const expired = withServer({ tls: tlsOf(outOfDate), buckets: [BUCKET] });
let sts: StsServer;
let rolesAnywhere: RolesAnywhereServer;
/** Milliseconds that the clock of STS is ahead. */
let stsAhead = 0;
const HTML = 'text/html; charset=utf-8';
const PAGE = '<!doctype html><html><title>Console</title></html>';
const SUSPENDED = '<Error><Code>AccountProblem</Code><Message>Suspended</Message></Error>';
/** What does not speak S3, by its path. */
const WEB: Record<string, { status: number; type?: string; body?: string }> = {
	ask: { status: 401 },
	block: { status: 403 },
	bare: { status: 403, type: 'text/plain', body: '' },
	nowhere: { status: 404, type: 'text/plain', body: '' },
	suspended: { status: 403, type: 'application/xml', body: SUSPENDED },
};
/** A console, and under other paths what `WEB` says. */
let web: Server;
let gateway: Gateway;
/** Signs what comes with a password, whatever that is; every address of this machine. */
let openGateway: { endpoint: string; seen: (string | undefined)[]; stop(): void };

function accountWithMistakes(): Account {
	const account = accountTrusting(authority);
	account.anchors[0]?.revocationLists.push(revocationList(authority, [revoked]));
	account.anchors.push({
		arn: DISABLED_ANCHOR_ARN,
		certificate: authority.pem,
		enabled: false,
		revocationLists: [],
	});
	account.profiles[0]?.roleArns.push(UNTRUSTING_ARN);
	return account;
}

const webAddress = () => `http://127.0.0.1:${(web.address() as AddressInfo).port}`;

beforeAll(async () => {
	s3.users.limited.allow?.push(...ONE_BUCKET);
	s3.addUser({ name: 'session', ...session });
	s3.addUser({ name: 'ended', ...ended, expires: new Date(Date.now() - DAY) });
	sts = await startSts({
		region: 'us-east-1',
		users: [s3.users.main],
		roles: [{ arn: LOADER_ARN, externalId: 'the-external-id', maxSessionDuration: 3600 }],
		onSession: (lent) => s3.addUser({ name: 'loader', ...lent, allow: ONE_BUCKET }),
		clock: () => Date.now() + stsAhead,
	});
	rolesAnywhere = await startRolesAnywhere({
		account: accountWithMistakes(),
		onSession: (lent) => s3.addUser({ name: 'reader', ...lent, allow: ONE_BUCKET }),
	});
	web = createServer(({ url = '' }, response) => {
		const [, path = ''] = url.split('/');
		const { status, type = HTML, body = PAGE } = WEB[path.split('?')[0] ?? ''] ?? { status: 200 };
		response.writeHead(status, { 'content-type': type }).end(body);
	});
	await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
	gateway = await startGateway(s3.endpoint, sts.endpoint);
	openGateway = await startOpenGateway();
});
afterAll(async () => {
	openGateway.stop();
	web.closeAllConnections();
	await new Promise((resolve) => web.close(resolve));
	await Promise.all([sts, rolesAnywhere, gateway].map((one) => one.stop()));
});

async function startOpenGateway(): Promise<typeof openGateway> {
	const seen: (string | undefined)[] = [];
	const server = createServer((message, response) => {
		seen.push(message.headers.authorization);
		const { pathname, searchParams } = new URL(message.url ?? '', s3.endpoint);
		const query = Object.fromEntries(searchParams);
		void s3.send(message.method ?? 'GET', pathname, { query }).then((reply) => {
			response.writeHead(reply.status, reply.headers).end(reply.body);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		endpoint: `http://0.0.0.0:${String(port)}`,
		seen,
		stop: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}

type Saved = [type: string, fields: object];

const accessKeys = (fields: object): Saved => [
	'amazonS3AccessKeysApi',
	{ endpoint: s3.endpoint, region: 'us-east-1', bucket: BUCKET, ...s3.users.main, ...fields },
];
const basicAuth = (fields: object): Saved => {
	const { accessKeyId: username, secretAccessKey: password } = s3.users.main;
	const data = { endpoint: s3.endpoint, bucket: BUCKET, username, password, ...fields };
	return ['amazonS3BasicAuthApi', data];
};
const assumedRole = (fields: object): Saved =>
	accessKeys({
		endpoint: gateway.endpoint,
		assumeRole: true,
		roleArn: LOADER_ARN,
		externalId: 'the-external-id',
		roleSessionName: 'n8n',
		roleDurationSeconds: 3600,
		...fields,
	});
const certificate = (fields: object): Saved => [
	'amazonS3RolesAnywhereApi',
	{
		trustAnchorArn: TRUST_ANCHOR_ARN,
		profileArn: PROFILE_ARN,
		roleArn: ROLE_ARN,
		rolesAnywhereRegion: 'eu-central-1',
		durationSeconds: 3600,
		publicCertificate: leaf.pem,
		privateKey: leaf.keyPem,
		rolesAnywhereEndpoint: rolesAnywhere.endpoint,
		endpoint: s3.endpoint,
		bucket: BUCKET,
		...fields,
	},
];
const certificateOf = ({ pem, keyPem }: { pem: string; keyPem: string }) =>
	certificate({ publicCertificate: pem, privateKey: keyPem });

/** What n8n shows when the credential is saved, with names for addresses that differ in each run. */
async function save([type, data]: Saved): Promise<{ status: string; message: string }> {
	const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
	const saved = { id: '1', name: 'x', type, data: { ...data } };
	const { status, message } = await amazonS3ConnectionTest.call(undefined as never, saved);
	return { status, message: withNames(message) };
}

function withNames(message: string): string {
	const servers = {
		s3: s3.endpoint,
		secure: secure.endpoint,
		misnamed: misnamed.endpoint,
		expired: expired.endpoint,
		web: webAddress(),
		gateway: gateway.endpoint,
	};
	return (
		Object.entries(servers)
			.reduce((text, [name, url]) => text.replaceAll(new URL(url).host, name), message)
			.replace(/request [0-9A-Fa-f-]{16,36}\)/, 'request ID)')
			.replace(/says \d{4}-\d\d-\d\dT[\d:.]+Z/, 'says TIME')
			// where the machine has no name service
			.replace('EAI_AGAIN', 'ENOTFOUND')
	);
}

interface Mistake {
	readonly what: string;
	readonly saved: () => Saved;
	readonly says: string;
}

const mistake = (what: string, saved: () => Saved, says: string): Mistake => ({
	what,
	saved,
	says,
});

const MISTAKES: Mistake[] = [
	// Access keys
	mistake(
		'an empty access key ID',
		() => accessKeys({ accessKeyId: '' }),
		'The credential has no Access Key ID. Enter the Access Key ID in the credential, or correct the expression there.',
	),
	mistake(
		'an empty secret',
		() => accessKeys({ secretAccessKey: ' ' }),
		'The credential has no Secret Access Key. Enter the Secret Access Key in the credential, or correct the expression there.',
	),
	mistake(
		'an access key ID with a blank in it',
		() => accessKeys({ accessKeyId: 'AKIA MINE' }),
		'The Access Key ID of the credential holds a character that no access key ID has. Copy the Access Key ID into the credential again, without spaces, slashes, commas or a second value.',
	),
	mistake(
		'a secret with a line break in it',
		() => accessKeys({ secretAccessKey: 'one\ntwo' }),
		'Could not list bucket “the-bucket”: the secret access key is wrong for this access key ID, and there is a blank in it. Copy the secret access key alone into the credential again, without blanks. (SignatureDoesNotMatch · 403 · request ID)',
	),
	mistake(
		'an unknown key',
		() => accessKeys({ accessKeyId: 'AKIANOBODY' }),
		'Could not list bucket “the-bucket”: the server does not know this access key ID. Check the access key ID (or user name) in the credential and that the endpoint is the right server. (InvalidAccessKeyId · 403 · request ID)',
	),
	mistake(
		'a wrong secret',
		() => accessKeys({ secretAccessKey: 'wrong' }),
		'Could not list bucket “the-bucket”: the secret access key is wrong for this access key ID. Enter the secret access key (or password) in the credential again. If it is right, a proxy in front of the server may change requests: it has to pass on the Host header, path and query as they are. (SignatureDoesNotMatch · 403 · request ID)',
	),
	mistake(
		'an expired token',
		() => accessKeys({ ...ended, temporaryCredentials: true }),
		'Could not list bucket “the-bucket”: the session token has expired. Put fresh temporary credentials (all three values) into the credential. (ExpiredToken · 400 · request ID)',
	),
	mistake(
		'a token of another session',
		() => accessKeys({ ...session, sessionToken: 'another-token', temporaryCredentials: true }),
		'Could not list bucket “the-bucket”: the session token is not valid for this access key. Access key ID, secret and session token must come from the same session. (InvalidToken · 400 · request ID)',
	),
	mistake(
		'temporary keys that are not said to be',
		() => accessKeys({ ...session, temporaryCredentials: false }),
		'Could not list bucket “the-bucket”: this access key ID is that of temporary keys, which need their session token. Switch on “Temporary Credentials” under More Settings of the credential and enter the session token that came with the keys. (InvalidAccessKeyId · 403 · request ID)',
	),
	mistake(
		'temporary keys without their token',
		() => accessKeys({ ...session, sessionToken: '', temporaryCredentials: true }),
		'The credential has no Session Token. Enter the Session Token in the credential, or correct the expression there.',
	),
	mistake(
		'keys where a gateway wants user name and password',
		() => accessKeys({ endpoint: `${webAddress()}/ask` }),
		'Could not list bucket “the-bucket”: the server asks for a user name and password instead of signed requests. Use a credential of type S3-Compatible Server with HTTP Basic as Scheme (More Settings). (HTTP 401)',
	),
	// Region and bucket
	mistake(
		'a region in capitals',
		() => accessKeys({ endpoint: '', customRegion: 'EU-Central-1' }),
		'“EU-Central-1” is not the name of a region. Choose a Region in the credential, or enter a Custom Region (More Settings) of lower case letters, digits and single dashes, for example eu-central-1.',
	),
	mistake(
		'a region that AWS does not have',
		() => accessKeys({ endpoint: '', customRegion: 'mars' }),
		'“mars” is not a region of AWS. Choose a Region in the credential, or enter the Endpoint of the server that has this region. (ENOTFOUND)',
	),
	mistake(
		'another region than the server’s',
		() => accessKeys({ bucket: '', customRegion: 'eu-west-1' }),
		'The server is in region us-east-1, but the credential says eu-west-1. Choose us-east-1 as Region in the credential, or enter it as Custom Region (More Settings). (AuthorizationHeaderMalformed · 400 · request ID)',
	),
	mistake(
		'a bucket that does not exist',
		() => accessKeys({ bucket: 'no-such-bucket' }),
		'Could not list bucket “no-such-bucket”: the bucket does not exist. Check the bucket name and that the credential is for the account or server it is in. (NoSuchBucket · 404 · request ID)',
	),
	mistake(
		'a bucket with a folder',
		() => accessKeys({ bucket: `${BUCKET}/folder` }),
		'“the-bucket/folder” is not a bucket name, it contains a slash. Enter “the-bucket” as the bucket, and “folder” as key or prefix.',
	),
	mistake(
		'a bucket that the keys may not list',
		() => accessKeys({ ...s3.users.limited, bucket: FORBIDDEN }),
		'Could not list bucket “forbidden-bucket”: access denied: User: arn:aws:iam::111122223333:user/limited is not authorized to perform: s3:ListBucket because no identity-based policy allows the s3:ListBucket action, although the keys are valid. The identity of the credential needs s3:ListBucket on arn:aws:s3:::forbidden-bucket. (AccessDenied · 403 · request ID)',
	),
	mistake(
		'a limit to no bucket',
		() => accessKeys({ bucket: '', bucketOnly: true }),
		'The credential is limited to one bucket but names none. Enter the bucket in the credential, or switch off Only This Bucket.',
	),
	// Endpoint
	mistake(
		'a host that does not exist',
		() => accessKeys({ endpoint: `https://${NO_HOST}.example` }),
		`Could not list bucket “the-bucket”: https://${NO_HOST}.example could not be reached, the host name is not known. Check endpoint and region for typing errors, and the DNS of the machine n8n runs on. (ENOTFOUND)`,
	),
	mistake(
		'a port where nothing listens',
		() => accessKeys({ endpoint: 'http://127.0.0.1:1' }),
		'Could not list bucket “the-bucket”: http://127.0.0.1:1 could not be reached, nothing accepts connections there. Check host and port of the endpoint and that the server is running. If n8n runs in a container, 127.0.0.1 is that container itself: enter the name of the other container, or host.docker.internal. (ECONNREFUSED)',
	),
	mistake(
		'an address without https://',
		() => accessKeys({ endpoint: 'minio:9000' }),
		'The Endpoint of the credential does not start with https:// or http://. Enter the whole URL of the S3 server, for example https://minio.example.com:9000.',
	),
	mistake(
		'an address that is none',
		() => accessKeys({ endpoint: 'https://my server' }),
		'The Endpoint of the credential is not a URL. Enter the URL of the S3 server, for example https://minio.example.com:9000.',
	),
	mistake(
		'a password in the address',
		() => accessKeys({ endpoint: 'https://me:planted-password@s3.example.com' }),
		'The Endpoint of the credential holds a user name or password. Remove everything before the host name from the Endpoint; keys and passwords have fields of their own.',
	),
	mistake(
		'a query in the address',
		() => accessKeys({ endpoint: 'https://s3.example.com?x=1' }),
		'The Endpoint of the credential has a query or fragment. Remove the part from "?" or "#" on from the Endpoint.',
	),
	mistake(
		'the bucket in the address',
		() => accessKeys({ endpoint: `${s3.endpoint}/${BUCKET}` }),
		"The credential's Endpoint ends with the bucket “the-bucket”. Remove the bucket from the Endpoint; it belongs in the Bucket field alone.",
	),
	mistake(
		'another bucket in the address',
		() => accessKeys({ endpoint: `${s3.endpoint}/${FORBIDDEN}` }),
		'Could not list bucket “the-bucket”: the server takes the bucket for a key in another bucket. Enter the address of the server alone as Endpoint, without bucket and path, or choose Path as Addressing Style (More Settings). (NoSuchKey · 404 · request ID)',
	),
	mistake(
		'a web console instead of S3',
		() => accessKeys({ endpoint: webAddress() }),
		'Could not list bucket “the-bucket”: the response is not a complete listing. Check that the endpoint is an S3 server; if it is, run it again.',
	),
	mistake(
		'a web console instead of S3, without a bucket',
		() => accessKeys({ endpoint: webAddress(), bucket: '' }),
		'Could not list the buckets of the account: the response of http://web is not one of S3. Check that the endpoint is that of an S3 server, not of its web console, that it begins with https:// if the server speaks TLS, and that no proxy answers in its place. (HTTP 200)',
	),
	mistake(
		'a firewall in front of S3',
		() => accessKeys({ endpoint: `${webAddress()}/block` }),
		'Could not list bucket “the-bucket”: the response of http://web/block is not one of S3, but a web page with HTTP 403. Check that the endpoint is that of an S3 server, not of its web console, that it begins with https:// if the server speaks TLS, and that no proxy answers in its place. (HTTP 403)',
	),
	mistake(
		'a firewall in front of S3, without a bucket',
		() => accessKeys({ endpoint: `${webAddress()}/block`, bucket: '' }),
		'Could not list the buckets of the account: the response of http://web/block is not one of S3, but a web page with HTTP 403. Check that the endpoint is that of an S3 server, not of its web console, that it begins with https:// if the server speaks TLS, and that no proxy answers in its place. (HTTP 403)',
	),
	mistake(
		'a gateway that refuses without a body, without a bucket',
		() => accessKeys({ endpoint: `${webAddress()}/bare`, bucket: '' }),
		'Could not list the buckets of the account: access denied. The response names no error of S3: look for a proxy or firewall on the way. If a permission is missing, the identity of the credential needs s3:ListAllMyBuckets on *. (HTTP 403)',
	),
	mistake(
		'an account that is suspended',
		() => accessKeys({ endpoint: `${webAddress()}/suspended`, bucket: '' }),
		'Could not list the buckets of the account: Suspended. Ask the owner of the account or AWS support. (AccountProblem · 403)',
	),
	mistake(
		'an ingress without a route',
		() => accessKeys({ endpoint: `${webAddress()}/nowhere` }),
		'Could not list bucket “the-bucket”: there is nothing at this address. Check the endpoint, bucket and key: a proxy or ingress without a route to the S3 server responds like this. (HTTP 404)',
	),
	mistake(
		'an unknown addressing style',
		() => accessKeys({ addressingStyle: 'paths' }),
		"The credential's Addressing Style is unknown: paths. Choose Automatic, Path or Virtual-Hosted in the credential.",
	),
	mistake(
		'an unknown privacy level',
		() => accessKeys({ privacyLevel: 'secret' }),
		"The credential's Privacy Level is unknown: secret. Choose None, Private, Organizational or Public in the credential.",
	),
	// TLS
	mistake(
		'a certificate of an unknown authority',
		() => accessKeys({ endpoint: secure.endpoint }),
		'Could not list bucket “the-bucket”: https://secure could not be reached, its TLS certificate is not trusted. Put the certificate of the authority that signed it into “CA Certificate” under More Settings of the credential. (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
	),
	mistake(
		'a certificate for another host',
		() => accessKeys({ endpoint: misnamed.endpoint, caCertificate: webAuthority.pem }),
		'Could not list bucket “the-bucket”: https://misnamed could not be reached, its TLS certificate is for another host name. Check the endpoint; with a dotted bucket name or a server of your own use path style. (ERR_TLS_CERT_ALTNAME_INVALID)',
	),
	mistake(
		'a certificate that is out of date',
		() => accessKeys({ endpoint: expired.endpoint, caCertificate: webAuthority.pem }),
		'Could not list bucket “the-bucket”: https://expired could not be reached, its TLS certificate is outside its dates. Renew the certificate of the server, and check the clock of the machine n8n runs on. (CERT_HAS_EXPIRED)',
	),
	mistake(
		'https to a server without TLS',
		() => accessKeys({ endpoint: s3.endpoint.replace('http:', 'https:') }),
		'Could not list bucket “the-bucket”: https://s3 could not be reached, it does not speak TLS as expected. Check whether the endpoint should begin with http:// and not https://. (EPROTO)',
	),
	mistake(
		'http to a server with TLS',
		() => accessKeys({ endpoint: secure.endpoint.replace('https:', 'http:') }),
		'Could not list bucket “the-bucket”: http://secure could not be reached, the connection was broken off. If the server speaks TLS, begin the endpoint with https://. If not, look for a proxy or firewall that cuts connections. (ECONNRESET)',
	),
	mistake(
		'a CA certificate that is none',
		() => accessKeys({ caCertificate: 'hello' }),
		'The CA Certificate of the credential cannot be read. Paste the certificate of the authority as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
	),
	mistake(
		'a private key as CA certificate',
		() => accessKeys({ caCertificate: webAuthority.keyPem }),
		'The CA Certificate of the credential is a private key. Paste the certificate of the authority as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
	),
	// Basic auth
	mistake(
		'no endpoint',
		() => basicAuth({ endpoint: '' }),
		'The credential has no Endpoint. Enter the URL of the S3 server in the credential, for example https://minio.example.com:9000.',
	),
	mistake(
		'no user name',
		() => basicAuth({ username: '' }),
		'The credential has no User Name. Enter the User Name in the credential, or correct the expression there.',
	),
	mistake(
		'no password',
		() => basicAuth({ password: '' }),
		'The credential has no Password. Enter the Password in the credential, or correct the expression there.',
	),
	mistake(
		'a user name with a slash',
		() => basicAuth({ username: 'me/you' }),
		'The User Name of the credential holds a character that no access key ID has. Copy the User Name into the credential again, without spaces, slashes, commas or a second value.',
	),
	mistake(
		'a colon in the user name of HTTP Basic',
		() => basicAuth({ scheme: 'http', username: 'me:you' }),
		'The User Name of the credential contains a colon, which HTTP Basic does not allow. Enter a User Name without a colon, or choose Signature Version 4 as Scheme.',
	),
	mistake(
		'HTTP Basic for a server that wants signatures',
		() => basicAuth({ scheme: 'http' }),
		'Could not list bucket “the-bucket”: the server takes signed requests only, no user name and password. Choose Signature Version 4 as Scheme in the credential. (InvalidArgument · 400 · request ID)',
	),
	mistake(
		'a wrong password for a gateway',
		() => basicAuth({ scheme: 'http', endpoint: `${webAddress()}/ask` }),
		'Could not list bucket “the-bucket”: the server does not accept these credentials. Check user name and password, or the keys, in the credential. (HTTP 401)',
	),
	mistake(
		'an unknown scheme',
		() => basicAuth({ scheme: 'digest' }),
		"The credential's Scheme is unknown: digest. Choose Signature Version 4 or HTTP Basic in the credential.",
	),
	// Assume role
	mistake(
		'no role',
		() => assumedRole({ roleArn: '' }),
		'The credential has no Role ARN. Enter the Role ARN in the credential, or correct the expression there.',
	),
	mistake(
		'a role that is no ARN',
		() => assumedRole({ endpoint: '', roleArn: 'loader' }),
		'Role ARN: this is not an ARN. Enter the Role ARN as the AWS console shows it, for example arn:aws:iam::111122223333:role/my-role.',
	),
	mistake(
		'a role that is no ARN, for a server of one’s own',
		() => assumedRole({ roleArn: 'loader' }),
		'Role ARN: this is not an ARN. Enter the Role ARN as your server names it.',
	),
	mistake(
		'a user instead of a role',
		() => assumedRole({ endpoint: '', roleArn: 'arn:aws:iam::111122223333:user/loader' }),
		'Role ARN: this is a user ARN, expected a role. Enter the Role ARN as the AWS console shows it, for example arn:aws:iam::111122223333:role/my-role.',
	),
	mistake(
		'a role of China for a region of Europe',
		() =>
			assumedRole({
				endpoint: '',
				customRegion: 'eu-central-1',
				roleArn: LOADER_ARN.replace('aws', 'aws-cn'),
			}),
		'The role is in partition aws-cn but region eu-central-1 is in aws. Choose a region in the credential that belongs to the account of the role.',
	),
	mistake(
		'a wrong external ID',
		() => assumedRole({ externalId: 'wrong' }),
		'Could not assume role “arn:aws:iam::111122223333:role/loader”: User: arn:aws:iam::111122223333:user/loader is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/loader. The trust policy of the role must allow this identity sts:AssumeRole with exactly the external ID that is in the credential, and so must the identity’s own policy. (AccessDenied · 403 · request ID)',
	),
	mistake(
		'no external ID',
		() => assumedRole({ externalId: '' }),
		'Could not assume role “arn:aws:iam::111122223333:role/loader”: User: arn:aws:iam::111122223333:user/loader is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/loader. The trust policy of the role must allow this identity sts:AssumeRole without an external ID (if it asks for one, enter it in the credential), and so must the identity’s own policy. (AccessDenied · 403 · request ID)',
	),
	mistake(
		'an external ID with a blank in it',
		() => assumedRole({ externalId: 'a b' }),
		'The external ID is not allowed: it must have 2 to 1224 letters, digits or any of _ + = , . @ : / -. Copy the external ID again from who gave you the role, without blanks around it.',
	),
	mistake(
		'a longer session than the role allows',
		() => assumedRole({ roleDurationSeconds: 43_200 }),
		'Could not assume role “arn:aws:iam::111122223333:role/loader”: The requested DurationSeconds exceeds the MaxSessionDuration set for this role. Lower the duration in the credential, or raise the maximum session duration of the role; keys that are a session themselves get an hour at most. (ValidationError · 400 · request ID)',
	),
	mistake(
		'a role session of a minute',
		() => assumedRole({ roleDurationSeconds: 60 }),
		'Role Duration (Seconds) of the credential is not a whole number from 900 to 43200. Enter a Role Duration (Seconds) from 900 to 43200 in the credential; 3600 is an hour.',
	),
	mistake(
		'a role session name with a blank in it',
		() => assumedRole({ roleSessionName: 'my n8n' }),
		'The session name is not allowed: it must have 2 to 64 letters, digits or any of _ + = , . @ -. Enter a name by that rule, without blanks, or leave it empty.',
	),
	mistake(
		'an unknown key to assume a role with',
		() => assumedRole({ accessKeyId: 'AKIANOBODY' }),
		'Could not assume role “arn:aws:iam::111122223333:role/loader”: The security token included in the request is invalid. Check the access key ID in the credential (if it begins with ASIA, the session token too), and the region. (InvalidClientTokenId · 403 · request ID)',
	),
	mistake(
		'a wrong secret to assume a role with',
		() => assumedRole({ secretAccessKey: 'wrong' }),
		'Could not assume role “arn:aws:iam::111122223333:role/loader”: The request signature we calculated does not match the signature you provided. Enter the secret access key in the credential again. If it is right, a proxy in front of the server may change requests: it has to pass on the Host header, path and query as they are. (SignatureDoesNotMatch · 403 · request ID)',
	),
	mistake(
		'a server without STS',
		() => assumedRole({ endpoint: s3.endpoint }),
		'Could not assume role “arn:aws:iam::111122223333:role/loader”: incorrect service "sts". This endpoint belongs to "s3". The server at the endpoint of the credential seems to have no STS: switch off “Assume Role”, or ask whoever runs the server. (AuthorizationHeaderMalformed · 400 · request ID)',
	),
	mistake(
		'a web console instead of STS',
		() => assumedRole({ endpoint: webAddress() }),
		'Could not assume role “arn:aws:iam::111122223333:role/loader”: unexpected response (HTTP 200, text/html) from web. Check the endpoint in the credential and whether a proxy answers in place of STS. (HTTP 200)',
	),
	// Roles Anywhere
	mistake(
		'no trust anchor',
		() => certificate({ trustAnchorArn: '' }),
		'The credential has no Trust Anchor ARN. Enter the Trust Anchor ARN in the credential, or correct the expression there.',
	),
	mistake(
		'a profile as trust anchor',
		() => certificate({ trustAnchorArn: PROFILE_ARN }),
		'Trust Anchor ARN: this is a profile ARN, expected a trust anchor. Enter the Trust Anchor ARN as the AWS console shows it, for example arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/11111111-2222-4333-8444-555555555555.',
	),
	mistake(
		'a trust anchor of another region than the profile',
		() => certificate({ profileArn: PROFILE_ARN.replace('eu-central-1', 'eu-west-1') }),
		'The trust anchor is in region eu-central-1 but the profile in eu-west-1. Enter the ARNs of a trust anchor and a profile of the same account and region.',
	),
	mistake(
		'another region than the trust anchor’s',
		() => certificate({ rolesAnywhereRegion: 'us-east-1' }),
		'The trust anchor is in region eu-central-1 but the Roles Anywhere region is us-east-1. Choose “As in the Trust Anchor ARN” as Roles Anywhere Region in the credential and leave the custom one empty, or enter the ARNs of us-east-1.',
	),
	mistake(
		'a region that Roles Anywhere does not have',
		() => certificate({ rolesAnywhereCustomRegion: 'mars' }),
		'“mars” is not a region of AWS. Choose the Roles Anywhere region in the credential; it looks like eu-central-1.',
	),
	mistake(
		'an unknown trust anchor',
		() => certificate({ trustAnchorArn: TRUST_ANCHOR_ARN.replace('1111-1', '2222-1') }),
		"Could not get a session for role “arn:aws:iam::111122223333:role/lab/reader”: Specified Trust Anchor wasn't found. Check the Trust Anchor ARN and the Roles Anywhere region in the credential. (ResourceNotFoundException · 404 · request ID)",
	),
	mistake(
		'a disabled trust anchor',
		() => certificate({ trustAnchorArn: DISABLED_ANCHOR_ARN }),
		'Could not get a session for role “arn:aws:iam::111122223333:role/lab/reader”: Specified Trust Anchor is disabled. Enable the trust anchor in the IAM Roles Anywhere console. (AccessDeniedException · 403 · request ID)',
	),
	mistake(
		'an unknown profile',
		() => certificate({ profileArn: PROFILE_ARN.replace('4444-4', '5555-4') }),
		'Could not get a session for role “arn:aws:iam::111122223333:role/lab/reader”: Invalid or empty profile provided. Check the Profile ARN in the credential and that the profile is enabled. (AccessDeniedException · 403 · request ID)',
	),
	mistake(
		'a role that the profile does not list',
		() => certificate({ roleArn: LOADER_ARN }),
		"Could not get a session for role “arn:aws:iam::111122223333:role/loader”: Requested Role isn't one of those listed in the Profile. Add the role to the profile, or enter a Role ARN that the profile lists. (AccessDeniedException · 403 · request ID)",
	),
	mistake(
		'a role that does not trust Roles Anywhere',
		() => certificate({ roleArn: UNTRUSTING_ARN }),
		'Could not get a session for role “arn:aws:iam::111122223333:role/untrusting”: Unable to assume role for arn:aws:iam::111122223333:role/untrusting. The trust policy of the role must allow rolesanywhere.amazonaws.com sts:AssumeRole, sts:SetSourceIdentity and sts:TagSession, with conditions that this certificate and trust anchor meet. (AccessDeniedException · 403 · request ID)',
	),
	mistake(
		'a session name where none is accepted',
		() => certificate({ sessionName: 'n8n' }),
		'Could not get a session for role “arn:aws:iam::111122223333:role/lab/reader”: Not authorized to set roleSessionName. Leave the session name in the credential empty, or let the profile accept role session names (acceptRoleSessionName). (AccessDeniedException · 403 · request ID)',
	),
	mistake(
		'a session of a second',
		() => certificate({ durationSeconds: 1 }),
		'Duration (Seconds) of the credential is not a whole number from 900 to 43200. Enter a Duration (Seconds) from 900 to 43200 in the credential; 3600 is an hour.',
	),
	mistake(
		'the key of another certificate',
		() => certificate({ privateKey: stranger.keyPem }),
		'The private key does not belong to the certificate CN=n8n. Paste the certificate that was issued for this private key, or the key that belongs to it.',
	),
	mistake(
		'an expired certificate',
		() => certificateOf(old),
		'The certificate CN=n8n expired on 2026-01-02. Paste a certificate that is valid, with its private key.',
	),
	mistake(
		'a certificate of next year',
		() => certificateOf(future),
		'The certificate CN=n8n is not valid before 2126-01-02; check the clock. The clock of this machine says TIME; if that is right, wait or use another certificate.',
	),
	mistake(
		'a certificate of another authority',
		() => certificateOf(stranger),
		'Could not get a session for role “arn:aws:iam::111122223333:role/lab/reader”: Untrusted signing certificate. Paste the intermediates between certificate and trust anchor in the chain field, and check that the trust anchor is of the authority that issued the certificate. (AccessDeniedException · 403 · request ID)',
	),
	mistake(
		'a revoked certificate',
		() => certificateOf(revoked),
		'Could not get a session for role “arn:aws:iam::111122223333:role/lab/reader”: Certificate revoked. The certificate is in a revocation list of the account: use another certificate and key. (AccessDeniedException · 403 · request ID)',
	),
	mistake(
		'a certificate that is for signing others',
		() => certificateOf(authority),
		'Could not get a session for role “arn:aws:iam::111122223333:role/lab/reader”: Untrusted certificate. Insufficient certificate. The certificate needs X.509 v3, CA:FALSE, key usage digitalSignature, a SHA-256 (or stronger) signature and a subject: have it issued again. (AccessDeniedException · 403 · request ID)',
	),
	mistake(
		'a wrong passphrase',
		() => certificate({ privateKey: encryptedKey, privateKeyPassphrase: 'wrong-passphrase' }),
		'The passphrase does not open the private key. Enter the passphrase of the private key again.',
	),
	mistake(
		'no passphrase',
		() => certificate({ privateKey: encryptedKey }),
		'The private key is encrypted: give its passphrase. Enter the passphrase of the private key under More Settings of the credential.',
	),
	mistake(
		'certificate and key in each other’s field',
		() => certificate({ publicCertificate: leaf.keyPem, privateKey: leaf.pem }),
		'Certificate: this is a private key, not a certificate. Put the private key into the field Private Key, and here the certificate.',
	),
	mistake(
		'a file name instead of a certificate',
		() => certificate({ publicCertificate: '/etc/n8n/cert.pem' }),
		'Certificate: paste the certificate itself, not a file name. Open the file in a text editor and copy all of it, with its BEGIN and END lines.',
	),
	mistake(
		'a key that is cut off',
		() => certificate({ privateKey: leaf.keyPem.slice(0, 90) }),
		'Private Key: the PEM block is cut off: no END line. Paste the whole private key, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----.',
	),
	mistake(
		'an endpoint of Roles Anywhere without TLS',
		() => certificate({ rolesAnywhereEndpoint: 'http://ra.example.com' }),
		'The Roles Anywhere endpoint begins with http://, which would send the session’s keys unprotected. Use https://; only an endpoint on this machine itself may be http.',
	),
	mistake(
		'an endpoint of Roles Anywhere with a path',
		() => certificate({ rolesAnywhereEndpoint: 'https://ra.example.com/x' }),
		'The Roles Anywhere endpoint has a path, but requests go to /sessions of the host. Remove everything after the host name and port from the endpoint.',
	),
	mistake(
		'an endpoint of Roles Anywhere where nothing listens',
		() => certificate({ rolesAnywhereEndpoint: 'http://127.0.0.1:1' }),
		'Could not get a session for role “arn:aws:iam::111122223333:role/lab/reader”: 127.0.0.1:1 could not be reached, nothing accepts connections there. Check host and port of the endpoint and that the server is running. If n8n runs in a container, 127.0.0.1 is that container itself: enter the name of the other container, or host.docker.internal. (ECONNREFUSED)',
	),
	mistake(
		'a web console instead of Roles Anywhere',
		() => certificate({ rolesAnywhereEndpoint: webAddress() }),
		'Could not get a session for role “arn:aws:iam::111122223333:role/lab/reader”: unexpected response (HTTP 200, text/html) from web. Check the endpoint in the credential and whether a proxy answers in place of Roles Anywhere. (HTTP 200)',
	),
];
/** All that must never be seen. */
const secrets = () => [
	s3.users.main.secretAccessKey,
	s3.users.limited.secretAccessKey,
	'planted-',
	...[leaf.keyPem, encryptedKey, stranger.keyPem].map((pem) => pem.split('\n')[1] ?? pem),
];

const proven = (who: string, where: string) =>
	`Connected as ${who} at http://${where}: the objects of bucket “${BUCKET}” can be listed. Reading and writing them was not tested.`;

describe('the connection test', () => {
	it.each<[string, () => Saved, string]>([
		[
			'access keys',
			() => accessKeys(s3.users.limited),
			proven('access key LIMITEDACCESSKEY0001', 's3'),
		],
		[
			'user name and password',
			() => {
				const { accessKeyId: username, secretAccessKey: password } = s3.users.limited;
				return basicAuth({ username, password });
			},
			proven('access key LIMITEDACCESSKEY0001', 's3'),
		],
		['an assumed role', () => assumedRole({}), proven(`role ${LOADER_ARN}`, 'gateway')],
		['a certificate', () => certificate({}), proven(`role ${ROLE_ARN}`, 's3')],
	])(
		'the connection test passes with %s that may do no more than Put, Get and List in one bucket',
		async (...test) => {
			const [, saved, message] = test;
			expect(await save(saved())).toEqual({ status: 'OK', message });
		},
	);

	it('the connection test takes secrets with blanks and line breaks around them', async () => {
		const { accessKeyId, secretAccessKey } = s3.users.main;
		const pasted = { accessKeyId: `${accessKeyId}\n`, secretAccessKey: ` ${secretAccessKey}\r\n` };
		expect((await save(accessKeys(pasted))).status).toBe('OK');
		const open = { privateKey: encryptedKey, privateKeyPassphrase: 'planted-passphrase' };
		expect((await save(certificate(open))).status).toBe('OK');
	});

	it('the connection test asks for one new session each time, to see what holds now', async () => {
		for (let time = 0; time < 2; time++) {
			const before = sts.requests.length;
			expect((await save(assumedRole({}))).status).toBe('OK');
			expect(sts.requests.length - before).toBe(1);
		}
		const denial = '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>';
		sts.faults.push({ status: 403, body: denial });
		expect((await save(assumedRole({}))).message).toContain('The trust policy of the role');
	});

	it('the connection test names the region of the bucket if the credential says another', async () => {
		const { status, message } = await save(accessKeys({ bucket: 'far-bucket' }));
		expect(status).toBe('OK');
		expect(message).toMatch(
			/ The bucket “far-bucket” is in region eu-west-1, not us-east-1: that works, but choose eu-west-1 in the credential to save a request\.$/,
		);
	});

	it('the connection test says that a bucket may stand in the endpoint', async () => {
		const endpoint = `${s3.endpoint}/the-bucket`;
		const { status, message } = await save(accessKeys({ endpoint, bucket: '' }));
		expect(status).toBe('Error');
		expect(message).toContain(
			'is not one of S3. If a bucket stands in the Endpoint, leave “/the-bucket” off and enter it as Bucket.',
		);
	});

	it('the connection test says how wrong the clock is by that of S3', async () => {
		s3.setClock(3600);
		const late = await save(accessKeys({}));
		s3.setClock(0);
		expect(late).toEqual({
			status: 'OK',
			message: `${proven('access key MAINACCESSKEY0000001', 's3')} The local clock is 60 min behind the server’s: set the clock of the machine that n8n runs on (NTP).`,
		});
		expect((await save(accessKeys({}))).message).toBe(
			proven('access key MAINACCESSKEY0000001', 's3'),
		);
	});

	it('the connection test says how wrong the clock is by that of STS', async () => {
		stsAhead = 3600_000;
		const late = await save(assumedRole({}));
		stsAhead = 0;
		expect(late).toEqual({
			status: 'OK',
			message: `${proven(`role ${LOADER_ARN}`, 'gateway')} The local clock is 60 min behind the server’s: set the clock of the machine that n8n runs on (NTP).`,
		});
	});

	it('the connection test warns of http:// to a host that is neither this one nor in a private network', async () => {
		// Every address of this machine, which no rule for private ones can know.
		const endpoint = s3.endpoint.replace('127.0.0.1', '0.0.0.0');
		const { status, message } = await save(accessKeys({ endpoint }));
		expect(status).toBe('OK');
		expect(message).toMatch(
			/ The endpoint of the credential begins with http:\/\/, so all data can be read on the way to 0\.0\.0\.0; use https:\/\/ if the server has it\.$/,
		);
	});

	it('the connection test warns of a password that http:// shows, to a server with its own network name', async () => {
		const { endpoint, seen } = openGateway;
		const fields = { scheme: 'http', username: 'me', password: 'planted-password', endpoint };
		const { status, message } = await save(basicAuth(fields));
		expect(status).toBe('OK');
		expect(message).toContain(`Connected as user “me” at ${endpoint}: the objects of bucket`);
		expect(message).toMatch(
			/ The endpoint of the credential begins with http:\/\/, so the password and all data can be read on the way to 0\.0\.0\.0;/,
		);
		expect(message).not.toContain('planted');
		expect(seen).toEqual([`Basic ${Buffer.from('me:planted-password').toString('base64')}`]);
	});

	it('the connection test says that there is no bucket yet', async () => {
		const { message } = await save(accessKeys({ endpoint: empty.endpoint, bucket: '' }));
		expect(message).toMatch(/: the keys are valid and there is no bucket yet\.$/);
	});

	it('the connection test gives up after 30 seconds, in words of its own', async () => {
		const { timeout } = AbortSignal;
		const waits = jest.spyOn(AbortSignal, 'timeout');
		// The seconds are made shorter, what happens at their end is not.
		waits.mockImplementation((milliseconds) => timeout(milliseconds / 300));
		s3.faults.add({ operation: 'ListObjectsV2', effect: { kind: 'stall' } });
		const { status, message } = await save(accessKeys({}));
		expect(waits).toHaveBeenCalledWith(30_000);
		waits.mockRestore();
		expect(status).toBe('Error');
		expect(message).toBe(
			'The server did not respond within 30 seconds. Check endpoint and region of the credential and whether n8n may reach that server.',
		);
	});

	it('the connection test does not ask for a session token that was given if the keys are unknown', async () => {
		const keys = { ...session, accessKeyId: 'ASIANOBODY', temporaryCredentials: true };
		const { message } = await save(accessKeys(keys));
		expect(message).toContain('the server does not know this access key ID. Check');
	});

	it.each(MISTAKES)('the connection test says of $what what to change', async ({ saved, says }) => {
		const { status, message } = await save(saved());
		expect(message).toBe(says);
		expect(status).toBe('Error');
		for (const secret of secrets()) expect(message).not.toContain(secret);
	});

	it('the connection test says something else of every mistake, whatever the names in it are', () => {
		const said = MISTAKES.map(({ says }) => says.replace(/“[^”]*”|https?:\/\/\S+/g, '…'));
		expect(said.filter((words, at) => said.indexOf(words) !== at)).toEqual([]);
		expect(said.length).toBeGreaterThanOrEqual(25);
	});
});
