'use strict';

/**
 * Which folder may import which. An import points down this list, never up; inside a folder everything may
 * import everything but in circles.
 */
const rule = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to });

/** Everything in s3/ stands on these, and they on nothing. */
const ROOTS =
	's3/(bucketKinds|bytes|Call|calls/[^/]+|Connection|JsonMarks|jsonFields|loopback|LruMap|PageProgress|partitions|RetryBudget|S3Failure|serverDate|xmlText)\\.ts';
/** Types of the SDK; its values come as arguments, as it is loaded at first use. */
const SDK = 's3/sdk\\.ts';
const VERBS = '(upload|download|list|objects|objects/prefix|buckets|events|queue|watch|url)';

/** The files of a verb that use others: a copy that is streamed and an append are a get and a put. */
const COPY_BETWEEN =
	's3/objects/(copy(Between|Stream)|joinedSource|append(Object|Parts|Stream)|AppendRequest)\\.ts';

/** The files of `folder` import from s3/ only each other, the roots and what is allowed. */
const folder = (name, comment, ...allowed) =>
	rule(
		`s3-${name}`,
		comment,
		{ path: `^s3/${name}/` },
		{ path: '^s3/', pathNot: `^(s3/${name}/|${[ROOTS, ...allowed].join('|')})` },
	);

/** What a verb may use: the types of a client, and what is below it. */
const BELOW_VERBS = [
	's3/client/S3\\.ts',
	's3/(write|retry|errors|headers|checksums|memory|policy)/',
	SDK,
];
const verb = (name, comment, ...allowed) => folder(name, comment, ...BELOW_VERBS, ...allowed);

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
			{ path: '^s3/', pathNot: `^${SDK}$` },
			{ pathNot: '^(s3|nodes|credentials|test)/', dependencyTypesNot: ['core'] },
		),
		rule(
			'one-door-to-the-sdk',
			'only s3/sdk.ts is bundled; an import elsewhere would be missing from the package',
			{ path: '^(s3|nodes|credentials)/', pathNot: `^${SDK}$` },
			{ path: '@aws-sdk/|@smithy/|@aws-crypto/' },
		),
		rule(
			'sdk-is-loaded-at-first-use',
			'the SDK costs tens of milliseconds to load: import its types, take its values from import()',
			{ path: '^(s3|nodes|credentials)/' },
			{ path: `^${SDK}$`, dependencyTypesNot: ['type-only', 'type-import', 'dynamic-import'] },
		),
		rule(
			'sdk-stands-alone',
			'nearly everything stands on s3/sdk.ts, so that each import here would be a floor more',
			{ path: `^${SDK}$` },
			{ path: '^(s3|nodes|credentials)/' },
		),
		rule(
			's3-roots',
			'everything in s3/ stands on the roots',
			{ path: `^${ROOTS}$` },
			// The table of calls goes by the SDK's types and is in several files; what a call is told has the time for
			// repetitions.
			{
				path: '.',
				pathNot: `^(${SDK}|s3/(bucketKinds|calls/(bucketCalls|callFacts)|RetryBudget)\\.ts)$`,
			},
		),
		folder('memory', 'budgets and buffers know nothing of what they are for'),
		folder('errors', 'words for what went wrong, whoever it happened to'),
		folder('retry', 'attempts, back-off and rates', 's3/errors/'),
		folder('policy', 'what is refused before a request', 's3/errors/'),
		folder('checksums', 'checksums of bytes', 's3/errors/', SDK),
		folder('headers', 'how values travel', 's3/(errors|checksums)/', SDK),
		folder('http', 'agents, proxies and the HTTP handler', 's3/(retry|errors|memory)/', SDK),
		folder('identity', 'keys that are lent', 's3/(http|retry|errors)/', SDK),
		folder(
			'client',
			'a client knows nothing of what is sent through it',
			's3/(http|identity|policy|retry|errors|memory)/',
			SDK,
		),
		folder(
			'write',
			'what puts and copies have in common',
			's3/client/S3\\.ts',
			's3/(retry|errors|headers|checksums)/',
			SDK,
		),
		folder('events', 'messages are read without a connection'),
		folder(
			'queue',
			'SQS has a protocol of its own',
			's3/(http|identity|policy|retry|errors)/',
			SDK,
		),
		verb('upload', 'verbs never import each other'),
		verb('download', 'verbs never import each other'),
		verb('list', 'verbs never import each other'),
		rule(
			's3-objects',
			'verbs never import each other, but for copies that are streamed and appends',
			{ path: '^s3/objects/', pathNot: `^(${COPY_BETWEEN}$|s3/objects/prefix/)` },
			{ path: '^s3/', pathNot: `^(s3/objects/(?!prefix/)|${[ROOTS, ...BELOW_VERBS].join('|')})` },
		),
		rule(
			's3-copy-between',
			'a copy that is streamed and an append are a get and a put',
			{ path: `^${COPY_BETWEEN}$` },
			{
				path: '^s3/',
				pathNot: `^(s3/(objects/(?!prefix/)|upload/|download/)|${[ROOTS, ...BELOW_VERBS].join('|')})`,
			},
		),
		verb('buckets', 'verbs never import each other'),
		verb('url', 'files on other servers, which are asked as S3 is', 's3/http/'),
		verb(
			'objects/prefix',
			'what is done to all objects under a prefix is done to each of them',
			's3/(list|objects|buckets)/',
		),
		verb('watch', 'what has appeared is found by listing', 's3/(list|buckets)/'),

		rule(
			'credentials-know-no-node',
			'all nodes share the credentials',
			{ path: '^credentials/' },
			{ path: '^nodes/' },
		),
		rule(
			'one-place-opens-connections',
			'nodes/connection/ reads a credential and opens its connection',
			{ path: '^nodes/', pathNot: '^nodes/connection/' },
			{ path: '^credentials/|^s3/(client/(?!S3\\.ts)|http|identity)' },
		),
		rule(
			'operations-see-only-verbs',
			'an operation is handed its connection',
			{ path: '\\.operation\\.ts$' },
			{ path: '^s3/', pathNot: `^s3/(${VERBS}/[^/]+|S3Failure)\\.ts$` },
		),
		rule(
			'operations-are-leaves',
			'only the registry imports an operation',
			{ pathNot: '^nodes/AmazonS3/(object|bucket|queue)/index\\.ts$|^test/' },
			{ path: '\\.operation\\.ts$' },
		),
		rule(
			'convert-stands-alone',
			'the command that converts workflows runs without n8n and without what the nodes load',
			{ path: '^convert/' },
			{ pathNot: '^convert/', dependencyTypesNot: ['core'] },
		),
		rule(
			'convert-is-a-command',
			'n8n loads nothing of the command that converts workflows',
			{ pathNot: '^(convert|test)/' },
			{ path: '^convert/' },
		),
		rule(
			'no-test-in-source',
			'tests are not published',
			{ path: '^(s3|nodes|credentials)/' },
			{ path: '^test/' },
		),
	],
	options: {
		tsConfig: { fileName: 'tsconfig.json' },
		tsPreCompilationDeps: true,
		doNotFollow: { path: 'node_modules' },
	},
};
