import { checkPublicEndpoint } from '../../../../s3/policy/publicEndpoint';
import type { Connection } from '../../../../s3/Connection';
import { failureOf } from '../../failureOf';

const connection = {
	endpoint: 'https://s3.example.com',
	publicEndpoint: 'https://files.example.com',
	bucket: 'mine',
	bucketOnly: true,
} as Connection;

it.each([
	'https://s3.example.com/other',
	'https://other.s3.example.com',
	'https://elsewhere.example',
])(
	'nothing is signed for the Public Endpoint %s of a node with a credential for one bucket',
	(endpoint) => {
		const failure = failureOf(() => checkPublicEndpoint(connection, endpoint));
		expect(failure).toMatchObject({ kind: 'refused', bucket: 'mine' });
		checkPublicEndpoint({ ...connection, bucketOnly: false }, endpoint);
	},
);

it('the endpoints that the owner of a credential for one bucket has entered may be named by a node', () => {
	for (const endpoint of [connection.endpoint, connection.publicEndpoint]) {
		expect(() => checkPublicEndpoint(connection, endpoint ?? '')).not.toThrow();
	}
});
