/** The policies of docs/access-keys.md for operations on several objects or two buckets: each action is needed. */
import { send } from '../engine/bucket';
import { runNode } from '../engine/n8n';
import { withServer } from '../servers/withServer';
import { blocksIn, readDoc } from './page';

const MIB = 1024 * 1024;
const page = readDoc('access-keys.md');
const [bucket, source] = ['bucket', 'source'];
const server = withServer({ bucketsOfEachTest: [bucket, source] });

interface Statement {
	Action: string | string[];
	Resource: string;
}

/** The statements of the policy below these words in bold. */
function statementsOf(words: string): Statement[] {
	const [, section = ''] = page.split(`**${words}**`);
	const policy = JSON.parse(blocksIn(section, 'json')[0] ?? '') as { Statement: Statement[] };
	return policy.Statement;
}

/** What only servers other than AWS need, as the page says: there the tags of copies are looked at. */
const OTHER_SERVERS = [{ actions: ['s3:GetObjectTagging'], resources: [`${bucket}/copy`] }];

/** Allows the limited user what the statements say, but for one action on one resource. */
function permit(statements: Statement[], without?: { action: string; resource: string }): void {
	const rules = statements.map(({ Action, Resource }) => ({
		actions: [Action]
			.flat()
			.filter((action) => action !== without?.action || Resource !== without.resource),
		resources: [
			Resource.replace('arn:aws:s3:::', '').replace('BUCKET', bucket).replace('SOURCE', source),
		],
	}));
	server.users.limited.allow?.splice(0, Infinity, ...rules, ...OTHER_SERVERS);
}

beforeEach(async () => {
	for (const name of [bucket, source]) {
		const headers = { 'x-amz-tagging': 'a=b' };
		await send(server.credential, 'PUT', `/${name}/key`, { body: 'content', headers });
		server.store.putMany(name, ['large'], 6 * MIB);
	}
});

/** Runs an operation, and gives what is told of a failure. */
async function run(operation: string, parameters: object): Promise<string | undefined> {
	const { error, outputs } = await runNode({
		parameters: { resource: 'object', operation, bucket, ...parameters },
		credential: server.credentialOf(server.users.limited),
	});
	if (error !== undefined) return `${error.message} ${error.description ?? ''}`;
	const { failed = [] } = (outputs[0]?.[0]?.json ?? {}) as { failed?: { message: string }[] };
	return failed.map(({ message }) => message).join(' ') || undefined;
}

const inParts = { multipartThresholdMb: 5, partSizeMb: 5 };
const copy = async (operation: string, sourceKey: string, options: object = {}) =>
	await run(operation, { sourceBucket: source, sourceKey, key: 'copy', options });

/** Fails in the middle of an upload, and tells whether its parts are left. */
async function abortIn(work: () => Promise<string | undefined>): Promise<string | undefined> {
	const effect = { kind: 'answer', status: 400, code: 'InvalidRequest' } as const;
	server.faults.add({ operation: 'UploadPartCopy', effect });
	await work();
	server.faults.clear();
	const { uploads } = server.store.bucket(bucket);
	const isLeft = uploads.size > 0;
	uploads.clear();
	return isLeft ? 'The parts are left' : undefined;
}

const keepVersions = () => {
	server.store.bucket(bucket).versioning = 'Enabled';
};
const deleteKey = async () => {
	keepVersions();
	await send(server.credential, 'DELETE', `/${bucket}/key`);
};

/** What each policy is for; all of it works with the policy, and something of it fails without any action. */
const USES: Readonly<Record<string, (() => Promise<string | undefined>)[]>> = {
	'Copy.': [
		async () => await copy('copy', 'key'),
		async () => await copy('copy', 'large', inParts),
		async () => await abortIn(async () => await copy('copy', 'large', inParts)),
	],
	'Move.': [
		async () => await abortIn(async () => await copy('move', 'large', inParts)),
		async () => await copy('move', 'key'),
		async () => await copy('move', 'large', inParts),
	],
	'Change Storage Class.': [
		async () => await run('changeStorageClass', { key: 'key', storageClass: 'STANDARD_IA' }),
		async () =>
			await abortIn(
				async () =>
					await run('changeStorageClass', {
						key: 'large',
						storageClass: 'STANDARD_IA',
						options: inParts,
					}),
			),
	],
	'Delete by Prefix.': [async () => await run('deleteByPrefix', { prefix: 'k' })],
	'Undelete.': [
		async () => {
			await deleteKey();
			return await run('undelete', { undeleteBy: 'key', key: 'key' });
		},
	],
	'Undelete as of a moment.': [
		async () => {
			await deleteKey();
			return await run('undelete', { undeleteBy: 'key', key: 'key' });
		},
		async () => {
			keepVersions();
			const asOf = server.store.bucket(bucket).get('key')?.lastModified.toISOString();
			await send(server.credential, 'PUT', `/${bucket}/key`, { body: 'newer' });
			const newest = server.store.bucket(bucket).get('key');
			newest?.lastModified.setTime(newest.lastModified.getTime() + 5000);
			return await run('undelete', { undeleteBy: 'key', key: 'key', asOf });
		},
	],
};

/** What embedded servers do not need: the actions for versions above 5 GiB, which no test has. */
const UNSEEN = ['Undelete as of a moment. s3:AbortMultipartUpload'];

describe.each(Object.entries(USES))('the policy for %s', (words, uses) => {
	it(`the policy for ${words} is enough for all it is for`, async () => {
		permit(statementsOf(words));
		for (const use of uses) expect(await use()).toBeUndefined();
	});

	const actions = statementsOf(words).flatMap(({ Action, Resource: resource }) =>
		[Action].flat().map((action) => ({ action, resource })),
	);
	it.each(actions.filter(({ action }) => !UNSEEN.includes(`${words} ${action}`)))(
		`the policy for ${words} needs $action on $resource`,
		async (without) => {
			permit(statementsOf(words), without);
			const failures: (string | undefined)[] = [];
			for (const use of uses) failures.push(await use());
			expect(failures.filter((failure) => failure !== undefined)).not.toEqual([]);
		},
	);
});
