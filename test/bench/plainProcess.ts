/** One transfer or listing in a Node process of its own; prints what it cost. The argument is a `PlainJob`. */
import { createReadStream, statSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
	GetObjectCommand,
	paginateListObjectsV2,
	PutObjectCommand,
	S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { sdkConfig } from './lab';
import { PROJECT } from './machine';
import type { PlainJob } from './plain';
import { ProcessMemory } from './ProcessMemory';
import type { Measured } from './Report';

const call = { signal: undefined };

type Work = (job: PlainJob) => Promise<void>;

/** The AWS SDK as its documentation shows it. */
async function withSdk({ server, bucket }: PlainJob): Promise<Record<PlainJob['operation'], Work>> {
	const client = new S3Client(sdkConfig(server));
	await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'warm-sdk', Body: 'warm' }));
	return {
		put: async ({ key, file }) => {
			const params = { Bucket: bucket, Key: key, Body: createReadStream(file) };
			await new Upload({ client, params }).done();
		},
		get: async ({ key, file }) => {
			const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
			await writeFile(file, Body as Readable);
		},
		list: async ({ key, keys }) => {
			let found = 0;
			const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: key });
			for await (const { Contents } of pages) found += Contents?.length ?? 0;
			check(found, keys);
		},
	};
}

/** This package's `s3/` as it is published. */
async function withOurs({
	server,
	bucket,
}: PlainJob): Promise<Record<PlainJob['operation'], Work>> {
	const dist = async (path: string): Promise<unknown> => await import(join(PROJECT, 'dist', path));
	const { readConnection } = (await dist(
		'credentials/read/readConnection.js',
	)) as typeof import('../../credentials/read/readConnection');
	const { openS3 } = (await dist('s3/client/openS3.js')) as typeof import('../../s3/client/openS3');
	const { putObject } = (await dist(
		's3/upload/putObject.js',
	)) as typeof import('../../s3/upload/putObject');
	const { getObject } = (await dist(
		's3/download/getObject.js',
	)) as typeof import('../../s3/download/getObject');
	const { listObjects } = (await dist(
		's3/list/listObjects.js',
	)) as typeof import('../../s3/list/listObjects');
	const { endpoint, region, users } = server;
	const fields = { ...users.main, endpoint, customRegion: region };
	const s3 = await openS3(readConnection('amazonS3AccessKeysApi', fields));
	const nothing = async () => await Promise.resolve(createReadStream('/dev/null'));
	await putObject(s3, { bucket, key: 'warm-ours', source: { open: nothing } }, call);
	return {
		put: async ({ key, file }) => {
			const source = {
				size: statSync(file).size,
				open: async () => await Promise.resolve(createReadStream(file)),
				openFile: async () => await open(file),
			};
			await putObject(s3, { bucket, key, source }, call);
		},
		get: async ({ key, file }) => {
			const { body } = await getObject(s3, { bucket, key }, call);
			await writeFile(file, body);
		},
		list: async ({ key, keys }) => {
			let found = 0;
			for await (const { entries } of listObjects(s3, { bucket, prefix: key }, call)) {
				found += entries.length;
			}
			check(found, keys);
		},
	};
}

function check(found: number, keys: number | undefined): void {
	if (found !== keys) throw new Error(`${found} keys were listed, not ${keys ?? 0}`);
}

async function main(): Promise<void> {
	const job = JSON.parse(process.argv[2] ?? '') as PlainJob;
	const work = await (job.contender === 'sdk' ? withSdk(job) : withOurs(job));
	const before = process.memoryUsage.rss();
	const memory = new ProcessMemory(process.pid);
	const cpuBefore = process.cpuUsage();
	const start = performance.now();
	await work[job.operation](job);
	const seconds = (performance.now() - start) / 1000;
	const cpu = process.cpuUsage(cpuBefore);
	memory.stop();
	const measured: Measured = {
		seconds,
		cpuSeconds: (cpu.user + cpu.system) / 1e6,
		memory: Math.max(0, memory.peak() - before),
	};
	process.stdout.write(JSON.stringify(measured));
}

main().then(
	() => process.exit(),
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
		process.exit(1);
	},
);
