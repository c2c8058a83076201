/**
 * The policy of docs/trigger.md is enough for the trigger that polls: a user of radosgw who has it alone watches a
 * prefix, and without one of its actions is told which.
 */
import { openS3 } from '../../s3/client/openS3';
import { pollPrefix, type WatchState } from '../../s3/watch/pollPrefix';
import { putAll, send } from '../engine/bucket';
import { pollingWorkflow, type Credential } from '../engine/n8n';
import { watching } from '../faults/watch/watching';
import { connectionTo } from '../servers/connectionTo';
import { startRadosgw, type Radosgw } from '../servers/radosgw/radosgw';
import { blockWith, readDoc } from './page';
import { putUserPolicy } from './userPolicy';

/** Small, so that a few objects are more than can be remembered. */
jest.mock('../../s3/watch/limits', () => ({ MAX_SEEN: 19, KEPT: 15, MAX_UPLOADS: 9, MARGIN: 1 }));

interface Policy {
	Version: string;
	Statement: Array<{ Action: string; Resource: string }>;
}

const printed = blockWith(readDoc('trigger.md'), 'json', 's3:ListBucket');
const LIST = 's3:ListBucket';
const LIST_UPLOADS = 's3:ListBucketMultipartUploads';

let server: Radosgw;
let main: Credential;
let limited: Credential;
let bucket: string;
let made = 0;

beforeAll(() => {
	server = startRadosgw({ port: 10550, gibibytes: 1 });
	main = { endpoint: server.endpoint, ...server.users.main };
	limited = { endpoint: server.endpoint, ...server.users.limited };
}, 60_000);
afterAll(() => server.stop());

beforeEach(async () => {
	bucket = `policy-${made++}`;
	await send(main, 'PUT', `/${bucket}`);
	await put('incoming/old', 'other/old');
});

const put = async (...keys: string[]) =>
	await putAll(main, bucket, Object.fromEntries(keys.map((key) => [key, 'x'])));

/** Gives the limited user the printed policy for the bucket. @param without an action that it leaves out */
async function permit(without?: string): Promise<void> {
	const policy = JSON.parse(printed.replaceAll('BUCKET', bucket)) as Policy;
	const Statement = policy.Statement.filter(({ Action }) => Action !== without);
	expect(policy.Statement).toHaveLength(Statement.length + (without === undefined ? 0 : 1));
	await putUserPolicy(main, { ...policy, Statement });
}

const workflow = (prefix = 'incoming/') =>
	pollingWorkflow({
		parameters: { bucket: { __rl: true, mode: 'name', value: bucket }, prefix },
		credential: limited,
	});

/** The keys that a trigger emits which the limited user has, and whether its first poll knew of open uploads. */
async function watched() {
	const trigger = workflow();
	expect(await trigger.poll({ activation: 'activate' })).toBeNull();
	const data = trigger.workflow.staticData['node:Amazon S3 Trigger'] as { state: WatchState };
	const knowsUploads = typeof data.state.window?.uploads === 'string';
	await put('incoming/new', 'other/new');
	const items = await trigger.poll();
	return { keys: items?.map(({ key }) => key), knowsUploads };
}

/** What a poll warns of for whose objects are more than can be remembered. */
async function warningsOfMany(): Promise<string[]> {
	await put(...Array.from({ length: 30 }, (_, n) => `incoming/${n}`));
	const users = { main: server.users.limited };
	const s3 = await openS3(connectionTo({ ...server, users }, { bucket }));
	const request = { ...watching(bucket), prefix: 'incoming/' };
	const { warnings } = await pollPrefix(s3, request, undefined, {
		by: undefined,
		isStart: true,
		isTimeOver: () => false,
		call: { signal: undefined },
	});
	return warnings;
}

it('the policy of the trigger is enough to watch a prefix, with the uploads that are open', async () => {
	await permit();
	expect(await watched()).toEqual({ keys: ['incoming/new'], knowsUploads: true });
	expect((await warningsOfMany()).join()).not.toContain(LIST_UPLOADS);
});

it('without its permission to list uploads the trigger watches all the same, and warns that it lacks it', async () => {
	await permit(LIST_UPLOADS);
	expect(await watched()).toEqual({ keys: ['incoming/new'], knowsUploads: false });
	expect((await warningsOfMany()).join()).toContain(`Permit ${LIST_UPLOADS}`);
});

it('without its permission to list the trigger cannot be activated, and says what it lacks', async () => {
	await permit(LIST);
	await expect(workflow().poll({ activation: 'activate' })).rejects.toMatchObject({
		message: expect.stringContaining(bucket) as string,
		description: expect.stringContaining(`needs ${LIST} on arn:aws:s3:::${bucket}`) as string,
	});
});

it('the policy of the trigger allows no other prefix', async () => {
	await permit();
	await expect(workflow('other/').poll({ activation: 'activate' })).rejects.toMatchObject({
		description: expect.stringContaining(`needs ${LIST}`) as string,
	});
});
