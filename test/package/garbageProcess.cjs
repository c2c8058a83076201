/**
 * Sends small requests over one signal, as a workflow with many items does, and reads pages of a listing.
 * Prints how many bytes each of them has left in V8's old space, which only a full collection frees. The
 * argument is a connection and a bucket, as JSON.
 */
'use strict';

const { join } = require('node:path');
const { Readable } = require('node:stream');
const { getHeapSpaceStatistics, GCProfiler } = require('node:v8');

const s3Folder = join(__dirname, '..', '..', 'dist', 's3');
const { openS3 } = require(join(s3Folder, 'client', 'openS3.js'));
const { getObject } = require(join(s3Folder, 'download', 'getObject.js'));
const { listObjects } = require(join(s3Folder, 'list', 'listObjects.js'));
const { readListing } = require(join(s3Folder, 'list', 'parse', 'listXml.js'));
const { putObject } = require(join(s3Folder, 'upload', 'putObject.js'));

const WORKERS = 4;
const WARM_UP = 100;
const REQUESTS = 150;

const { connection, bucket } = JSON.parse(process.argv[2]);
const bytes = Buffer.from('hello');
const source = { size: bytes.length, bytes, open: () => Readable.from([bytes]) };
const call = { signal: new AbortController().signal };

const contents = Array.from(
	{ length: 1000 },
	(_, i) =>
		`<Contents><Key>key ${i}</Key><ETag>&quot;e${i}&quot;</ETag><Size>${i}</Size></Contents>`,
);
const page = Buffer.from(`<ListBucketResult>${contents.join('')}</ListBucketResult>`);
/** Objects of the first pages, which are kept for a while as pages that wait for their reader are. */
let waiting = [];

const operations = {
	// Before anything else is listed: V8 decides once where objects of a kind are allocated.
	pages: () => {
		const { objects } = readListing(page, bucket);
		waiting = waiting?.length < WARM_UP ? [...waiting, objects] : undefined;
	},
	put: (s3) => putObject(s3, { bucket, key: 'key', source, overwrite: 'always' }, call),
	get: async (s3) => {
		const { body } = await getObject(s3, { bucket, key: 'key' }, call);
		for await (const chunk of body) chunk.toString();
	},
	list: async (s3) => {
		for await (const { entries } of listObjects(s3, { bucket }, call)) entries.map(String);
	},
	fail: (s3) => s3.send('GetObject', { Bucket: bucket, Key: 'none' }, call).catch(String),
};

function oldBytes() {
	const spaces = getHeapSpaceStatistics();
	return spaces.find(({ space_name: name }) => name === 'old_space').space_used_size;
}

async function repeat(work, times) {
	for (let i = 0; i < times; i++) await work();
}

const inParallel = (work, times) =>
	Promise.all(Array.from({ length: WORKERS }, () => repeat(work, times)));

async function leftBy(work) {
	await inParallel(work, WARM_UP);
	const profiler = new GCProfiler();
	profiler.start();
	const before = oldBytes();
	await inParallel(work, REQUESTS);
	const left = (oldBytes() - before) / (WORKERS * REQUESTS);
	const collections = profiler.stop().statistics.map(({ gcType }) => gcType);
	return { left: Math.round(left), collections };
}

async function main() {
	const s3 = await openS3(connection);
	const found = {};
	for (const [name, work] of Object.entries(operations)) found[name] = await leftBy(() => work(s3));
	console.log(JSON.stringify(found));
	process.exit();
}

void main();
