import {
	fullyDecoded,
	isServerWithTls,
	s3Location,
} from '../../../../credentials/httpRequest/s3Location';
import type { Connection } from '../../../../s3/Connection';
import { failureOf } from '../../failureOf';

const aws = {
	endpoint: undefined,
	bucket: undefined,
	addressingStyle: 'auto',
	identity: { kind: 'accessKeys' },
} as Connection;
const own = { ...aws, endpoint: 'https://gateway.example:9000/s3' };

it.each<[Connection, string, string | undefined]>([
	[aws, 'https://s3.eu-central-1.amazonaws.com/', ''],
	[aws, 'https://s3.eu-central-1.amazonaws.com/b/a%20b', 'b/a b'],
	[aws, 'https://b.c.s3.amazonaws.com/k', 'b.c/k'],
	[aws, 'http://b.s3.amazonaws.com/k', undefined],
	[aws, 'https://b.s3.amazonaws.com:444/k', undefined],
	[aws, 'https://b.s3.amazonaws.com.example/k', undefined],
	[own, 'https://gateway.example:9000/s3/b/k', 'b/k'],
	[own, 'https://gateway.example:9000/b/k', undefined],
	[own, 'https://b.gateway.example:9000/k', undefined],
	[{ ...own, bucket: 'b' }, 'https://b.gateway.example:9000/k', undefined],
	[{ ...own, addressingStyle: 'virtual' }, 'https://b.gateway.example:9000/k', 'b/k'],
])('for %j, %s is at %j', (connection, url, location) => {
	expect(s3Location(connection, new URL(url))).toBe(location);
});

it('a path is decoded until nothing changes any more', () => {
	expect(fullyDecoded('/a/%25252e%252E/b')).toBe('/a/../b');
});

it('a path that is encoded again and again is refused, and takes no long time', () => {
	expect(fullyDecoded(`/a/%${'25'.repeat(7)}2e%2e/b`)).toBe('/a/../b');
	for (const times of [9, 100_000]) {
		const path = `/a/%${'25'.repeat(times)}2e/b`;
		expect(failureOf(() => fullyDecoded(path))).toMatchObject({ kind: 'refused' });
	}
});

it.each([
	's3.amazonaws.com',
	'b.s3.eu-central-1.amazonaws.com',
	's3.amazonaws.com.',
	'b.s3-accelerate.amazonaws.com',
	'b.s3-accelerate.dualstack.amazonaws.com',
	'b.s3-fips.dualstack.us-gov-west-1.amazonaws.com',
	'b.s3.cn-north-1.amazonaws.com.cn.',
	'b.vpce-1a2b-3c4d.s3.us-east-1.vpce.amazonaws.com',
	'sts.amazonaws.com',
	'sqs.eu-central-1.api.aws',
])(
	'%s is a server that is asked by https, whether the connection has an endpoint or not',
	(host) => {
		expect(isServerWithTls(aws, host)).toBe(true);
		expect(isServerWithTls(own, host)).toBe(true);
	},
);

it('a server that a connection names is asked by https if it is named so, with names below it and a dot at the end', () => {
	const sts = { kind: 'assumeRole', stsEndpoint: 'https://sts.example' };
	const anywhere = { kind: 'rolesAnywhere', endpoint: 'https://sts.example' };
	for (const host of ['gateway.example', 'b.gateway.example', 'gateway.example.']) {
		expect(isServerWithTls(own, host)).toBe(true);
		expect(isServerWithTls({ ...aws, publicEndpoint: own.endpoint }, host)).toBe(true);
		expect(isServerWithTls({ ...own, endpoint: 'http://gateway.example' }, host)).toBe(false);
	}
	for (const identity of [sts, anywhere]) {
		expect(isServerWithTls({ ...aws, identity } as Connection, 'sts.example')).toBe(true);
	}
	const named = { ...aws, endpoint: 'http://b.vpce-1.s3.us-east-1.vpce.amazonaws.com' };
	expect(isServerWithTls(named, 'b.vpce-1.s3.us-east-1.vpce.amazonaws.com')).toBe(false);
});

it.each(['xgateway.example', 'amazonaws.com.example', 'xamazonaws.com', '127.0.0.1'])(
	'nothing is known of %s',
	(host) => {
		expect(isServerWithTls(own, host)).toBe(false);
		expect(isServerWithTls(aws, host)).toBe(false);
	},
);
