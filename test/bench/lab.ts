import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	CreateBucketCommand,
	DeleteObjectCommand,
	HeadObjectCommand,
	PutObjectCommand,
	S3Client,
} from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type { DelayProxy } from '../servers/delayProxy';
import { externalServer } from '../servers/external';
import { startRadosgw } from '../servers/radosgw/radosgw';
import type { TestServer } from '../servers/TestServer';
import { startFarServer } from './farServer';

/** Requests at a time that fill the server. */
const FILLERS = 32;
/** Holds the object of 8 GiB, which the gateway keeps in memory. */
const STORE_GIBIBYTES = 12;
/** Not the one of the conformance suite, which may run beside it. */
const PORT = 8750;

/** The server and the data that all contenders share. */
export interface Lab {
	folder: string;
	bucket: string;
	server: TestServer;
	/** It runs on this machine, for the bench alone. */
	ownsServer: boolean;
	client: S3Client;
	/** The server at a distance. @param roundTrip milliseconds; 0 is without a proxy */
	at(roundTrip: number): Promise<ServerAddress>;
	/** Puts objects with this body under a prefix, unless this was done before. */
	fill(prefix: string, names: readonly string[], body: string): Promise<void>;
	/** Throws when an object does not have so many bytes. */
	checkSize(key: string, bytes: number): Promise<void>;
	/** Removes an object and what the server keeps of those that are gone. */
	remove(key: string): Promise<void>;
	stop(): Promise<void>;
}

/** How the AWS SDK is to reach a server; the checksums that it adds by itself many servers refuse. */
export function sdkConfig({ region, endpoint, users }: ServerAddress): S3ClientConfig {
	return {
		region,
		endpoint,
		credentials: users.main,
		forcePathStyle: true,
		requestChecksumCalculation: 'WHEN_REQUIRED',
		responseChecksumValidation: 'WHEN_REQUIRED',
	};
}

export type ServerAddress = Pick<TestServer, 'region' | 'endpoint' | 'users'>;

/** Starts radosgw, unless S3_ENDPOINT names a server, and makes a bucket; throws where it is missing. */
export async function openLab(): Promise<Lab> {
	const external = externalServer();
	const gateway =
		external === undefined ? startRadosgw({ port: PORT, gibibytes: STORE_GIBIBYTES }) : undefined;
	const server = external ?? gateway!;
	const folder = mkdtempSync(join(tmpdir(), 'bench-'));
	const proxies = new Map<number, Promise<DelayProxy>>();
	const filled = new Map<string, Promise<void>>();
	const stop = async () => {
		for (const proxy of proxies.values()) await (await proxy).stop();
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	};
	const client = new S3Client(sdkConfig(server));
	const bucket = `bench-${Date.now()}`;
	try {
		await client.send(new CreateBucketCommand({ Bucket: bucket }));
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		folder,
		bucket,
		server,
		ownsServer: gateway !== undefined,
		client,
		stop,
		at: async (roundTrip) => {
			if (roundTrip === 0) return server;
			const proxy = proxies.get(roundTrip) ?? startFarServer(server.endpoint, roundTrip);
			proxies.set(roundTrip, proxy);
			return { ...server, endpoint: (await proxy).endpoint };
		},
		fill: async (prefix, names, body) => {
			const done = filled.get(prefix) ?? fill(client, bucket, prefix, names, body);
			filled.set(prefix, done);
			await done;
		},
		checkSize: async (key, bytes) => {
			const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
			if (head.ContentLength === bytes) return;
			throw new Error(`${key} has ${String(head.ContentLength)} bytes instead of ${bytes}`);
		},
		remove: async (key) => {
			await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
			gateway?.collectGarbage();
		},
	};
}

async function fill(
	client: S3Client,
	bucket: string,
	prefix: string,
	names: readonly string[],
	body: string,
): Promise<void> {
	const left = names.values();
	const work = async () => {
		for (const name of left) {
			const input = { Bucket: bucket, Key: `${prefix}${name}`, Body: body };
			await client.send(new PutObjectCommand(input));
		}
	};
	await Promise.all(Array.from({ length: FILLERS }, work));
}
