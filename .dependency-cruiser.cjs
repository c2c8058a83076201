'use strict';

/** Which module may import which: an import points down this list, never up. */
const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/** What is sent through a client: all of s3/ but the client, what it stands on, and what is known of failures. */
const beside =
	'Agents|backOff|bucketAndKey|bucketRegion|ByteBudget|checksumMode|clock|Connection|credentialMistakes|Destination|DirectConnection|DirectConnections|explanations|failureFrom|MadeRequests|networkExplanations|Pace|PageMemory|privacy|proxy|proxyAgents|readBody|retries|S3Failure|sdk|spareMemory|transport|unreadListings|unsignedBodies|client|identity/.+';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
	forbidden: [
		rule('no-cycles', 'what imports itself cannot be understood alone', {}, { circular: true }),
		rule(
			's3-knows-no-n8n',
			's3/ runs and is tested without n8n',
			{ path: '^s3/' },
			{ path: '^(nodes|credentials)/|node_modules/n8n-' },
		),
		rule(
			's3-outside-only-node',
			's3/sdk.ts is the only door to npm packages',
			{ path: '^s3/', pathNot: '^s3/sdk\\.ts$' },
			{ pathNot: '^(s3|nodes|credentials|test|bench)/', dependencyTypesNot: ['core'] },
		),
		rule(
			'one-door-to-the-sdk',
			'only s3/sdk.ts is bundled; an import elsewhere would be missing from the package',
			{ path: '^(s3|nodes|credentials)/', pathNot: '^s3/sdk\\.ts$' },
			{ path: '@aws-sdk/|@smithy/|@aws-crypto/' },
		),
		rule(
			'credentials-know-no-node',
			'all nodes share the credentials',
			{ path: '^credentials/' },
			{ path: '^nodes/' },
		),
		rule(
			'nodes-use-credentials-through-readConnection',
			'one place turns what n8n stores into a Connection',
			{ path: '^nodes/' },
			{ path: '^credentials/', pathNot: '^credentials/readConnection\\.ts$' },
		),
		rule(
			'operations-are-leaves',
			'only the registry imports an operation',
			{ pathNot: '^nodes/AmazonS3/(object|bucket)/index\\.ts$|^test/' },
			{ path: '\\.operation\\.ts$' },
		),
		rule(
			'operations-see-only-transfers',
			'an operation is handed its client',
			{ path: '\\.operation\\.ts$' },
			{ path: '^s3/(client|sdk|transport|identity/)|^credentials/' },
		),
		rule(
			'leaves-import-nothing',
			'everything in s3/ stands on these two',
			{ path: '^s3/(Connection|S3Failure)\\.ts$' },
			{ path: '.' },
		),
		rule(
			'transfers-below-client-only',
			'a client knows nothing of what is sent through it',
			{ path: '^s3/(sdk|transport|unreadListings|unsignedBodies|client|identity/)' },
			{ path: '^s3/', pathNot: `^s3/(${beside})\\.ts$` },
		),
		rule(
			'no-test-in-source',
			'tests are not published',
			{ path: '^(s3|nodes|credentials)/' },
			{ path: '^(test|bench)/' },
		),
	],
	options: {
		tsConfig: { fileName: 'tsconfig.json' },
		tsPreCompilationDeps: true,
		doNotFollow: { path: 'node_modules' },
	},
};
